import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Exchange } from '../../../src/demo/http/message.ts';
import { createConformance, type Conformance } from './conformance.ts';
import { readDocument, type Amendment } from './document.ts';

/** The vendor's documents for Jira, where they are at hand. */
const folder = join(import.meta.dirname, '../../../../shared/specs');
const PLATFORM = join(folder, 'jira-platform-v3.json');
const SOFTWARE = join(folder, 'jira-software-agile-1.0.json');

export const jiraDocumentsAreHere = existsSync(PLATFORM) && existsSync(SOFTWARE);

const text = { type: 'string', nullable: true };
const time = { anyOf: [{ type: 'string', format: 'date-time' }, { type: 'integer' }] };
const schema = (name: string, property: string): string => `/components/schemas/${name}/properties/${property}`;

/** Where recorded answers differ from the documents. */
export const PLATFORM_DEFECTS: readonly Amendment[] = [
  ...['from', 'fromString', 'to', 'toString'].map(property => ({
    pointer: schema('ChangeDetails', property),
    value: text,
    why: 'null wherever a field was empty; recorded in every history',
  })),
  { pointer: schema('Changelog', 'created'), value: time, why: 'milliseconds in the answer of changelog/bulkfetch' },
  ...['created', 'started', 'updated'].map(property => ({
    pointer: schema('BulkOperationProgress', property),
    value: time,
    why: 'milliseconds, as the document itself shows in its example',
  })),
];

const configuration =
  '/paths/~1rest~1agile~11.0~1board~1{boardId}~1configuration/get/responses/200/content/application~1json/schema';

export const SOFTWARE_DEFECTS: readonly Amendment[] = [
  {
    pointer: `${configuration}/properties/location`,
    value: {
      type: 'object',
      additionalProperties: false,
      required: ['type', 'key', 'id'],
      properties: Object.fromEntries(['type', 'key', 'id', 'self', 'name'].map(name => [name, { type: 'string' }])),
    },
    why: 'recorded answers, and the document’s own example, name key and id instead of projectKeyOrId',
  },
];

/** Further differences that need no amendment, because the documents say nothing there. */
export const SILENT_PLACES = [
  'rank answers 207 with an example but no schema',
  'sprint lists have an example but no schema',
  '`fields` of the board lists is an array of objects; names are sent',
  'statuses 405, 410, 415 and 429 are listed nowhere, 401 and 403 not everywhere',
] as const;

export interface JiraConformance extends Conformance {
  /** Hang it on a site's `onExchange`. */
  readonly onExchange: (exchange: Exchange) => void;
  /** Problems of all exchanges so far, each once. */
  found(): readonly string[];
  /** Exchanges seen so far. */
  seen(): number;
}

/** Checks Jira traffic against the vendor's documents. Only where `jiraDocumentsAreHere`. */
export function jiraConformance(): JiraConformance {
  const conformance = createConformance(
    [
      readDocument(PLATFORM, 'jira-platform-v3.json', PLATFORM_DEFECTS),
      readDocument(SOFTWARE, 'jira-software-agile-1.0.json', SOFTWARE_DEFECTS),
    ],
    { anyStatus: [401, 403, 404, 405, 410, 415, 429] },
  );
  const problems = new Set<string>();
  let seen = 0;
  return {
    ...conformance,
    onExchange(exchange) {
      seen += 1;
      // A played fault is no answer of the site's own.
      if (exchange.fault !== null && exchange.fault !== 'slow') return;
      for (const problem of conformance.problems(exchange)) problems.add(problem);
    },
    found: () => [...problems],
    seen: () => seen,
  };
}
