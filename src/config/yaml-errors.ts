import type { ErrorCode } from 'yaml';

/** In our own words: the parser's messages may quote the file, and the file may hold secrets. */
const meanings: Readonly<Partial<Record<ErrorCode, string>>> = {
  BAD_ALIAS: 'an alias (*name) is wrong; texts that begin with * must be in quotes',
  BAD_DQ_ESCAPE: 'a "..." text holds a backslash that means nothing; double it, or use single quotes',
  BAD_INDENT: 'the indentation does not fit the lines before, or a bracket was not closed',
  BAD_SCALAR_START: 'a text cannot begin with this character; put it in quotes',
  BLOCK_AS_IMPLICIT_KEY:
    'a key stands where a value should be; check the indentation, or put texts with ": " in quotes',
  BLOCK_IN_FLOW: 'an indented block stands inside { } or [ ]',
  DUPLICATE_KEY: 'this key is written twice; keep one of them',
  MISSING_CHAR: 'a quote, bracket or comma is missing',
  MULTILINE_IMPLICIT_KEY: 'a key must be on one line, followed by ":"',
  MULTIPLE_DOCS: 'there must be one document; remove the lines "---"',
  NON_STRING_KEY: 'keys must be plain text',
  RESOURCE_EXHAUSTION: 'it is nested too deeply',
  TAB_AS_INDENT: 'it is indented with a tab; use spaces',
  TAG_RESOLVE_FAILED: 'tags (!name) are not supported; texts that begin with ! must be in quotes',
  UNEXPECTED_TOKEN: 'something stands where it cannot; check quotes, brackets and indentation',
};

/** What a YAML error means and what to do. */
export function yamlProblem(code: ErrorCode): string {
  return `this is not YAML: ${meanings[code] ?? 'it cannot be read here; check quotes, brackets and indentation'}`;
}
