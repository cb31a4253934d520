import { vendorText } from '../vendor-text.ts';

/**
 * Jira's own words out of an error body: `errorMessages`, `errors` by field, the gateway's `message`, bulk `errors`.
 * Empty for HTML and anything else. Never the whole body.
 */
export function vendorMessage(text: string, secrets: readonly string[]): string {
  return vendorText(wordsOf(parsed(text)).slice(0, 4).join('; '), secrets);
}

/** The first field that an error body complains about, as `errors.labels`; null if it names none. */
export function complainedField(text: string): string | null {
  const body = parsed(text);
  if (!isRecord(body) || !isRecord(body['errors'])) return null;
  const [field] = Object.keys(body['errors']);
  return field === undefined ? null : `errors.${field}`;
}

function wordsOf(body: unknown): readonly string[] {
  if (!isRecord(body)) return [];
  const { errorMessages, errors, message, errorMessage } = body;
  const words: string[] = [];
  if (Array.isArray(errorMessages)) words.push(...errorMessages.filter(isText));
  if (Array.isArray(errors)) words.push(...errors.flatMap(wordsOf), ...errors.filter(isText));
  else if (isRecord(errors)) {
    for (const [field, complaint] of Object.entries(errors))
      if (isText(complaint)) words.push(`${field}: ${complaint}`);
  }
  if (isText(message)) words.push(message);
  if (isText(errorMessage)) words.push(errorMessage);
  return words;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // An error page is no news: the status says what matters.
    return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
