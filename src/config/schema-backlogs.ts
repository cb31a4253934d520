import { validate } from 'node-cron';
import { z } from 'zod';
import { above0, atLeast, Field, share, Text, whole, wholeAbove0 } from './schema-parts.ts';

const Cron = z.string().refine(validate, 'must be a cron expression, such as "*/15 * * * *" (in quotes)');
const Zone = z.string().refine(isZone, 'must be an IANA time zone, such as Europe/Berlin or UTC');
const hoursMessage = 'must be local times, such as "20:00-06:00" (in quotes, the ends not equal)';
const Hours = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/, hoursMessage)
  .refine(text => text.slice(0, 5) !== text.slice(6), hoursMessage);

/** Offsets such as +02:00 know no summer time, and not every library takes them: named zones only. */
function isZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

const Write = z.strictObject({
  rank: z.boolean().default(true).describe('Write the order.'),
  labels: z.boolean().default(true).describe('Write grooming labels.'),
  score: Field.nullable().default(null).describe('A number field for the score, by id or name; null: none.'),
  scoreStep: above0().default(1).describe('Write a score only when it differs by so many points, or the band changed.'),
  explanation: Field.nullable()
    .default(null)
    .describe(
      'Why it stands where it stands: property (Jira issue property), or a text field by id or name; null: none.',
    ),
});

const Limits = z.strictObject({
  maxMoves: wholeAbove0().default(200).describe('Moves of one round beyond which `winnow approve` is asked for.'),
  maxMovedShare: share().default(0.5).describe('The same as a share of the eligible items.'),
  maxLabelChanges: wholeAbove0().default(100).describe('Label additions of one round; the longest idle come first.'),
  writesPerItemPerDay: wholeAbove0().default(12).describe('Azure DevOps keeps 10,000 revisions of an item.'),
  quietMinutes: whole().default(10).describe('An item that a person edited so lately is left alone.'),
});

/** What is ranked as one list: a Jira board or JQL; an Azure DevOps project, team and backlog level. */
export const BacklogFile = z
  .strictObject({
    connection: z.string().optional().describe('Name of a connection. May be left out when there is one.'),
    board: wholeAbove0('must be the number of a board, as in its address')
      .optional()
      .describe('Jira: the number of a board.'),
    jql: Text.optional().describe('Jira: a query, instead of a board.'),
    project: Text.optional().describe('Azure DevOps: project.'),
    team: Text.nullable().default(null).describe("Azure DevOps: team. Default: the project's default team."),
    level: Text.nullable()
      .default(null)
      .describe('Azure DevOps: backlog level, such as Stories. Default: the requirement level.'),
    model: z.string().default('default').describe('Name of a model. "default" is built in unless you define it.'),
    mode: z
      .enum(['observe', 'apply'])
      .default('observe')
      .describe('observe: write nothing, only say what would change.'),
    write: Write.prefault({}),
    schedule: Cron.default('*/15 * * * *').describe('When rounds start (cron).'),
    sweep: Cron.default('0 3 * * *').describe('When everything is read anew (cron).'),
    timezone: Zone.default('UTC').describe('IANA time zone: days, schedules and writeHours are counted in it.'),
    writeHours: Hours.nullable().default(null).describe('Local hours in which Winnow may write. Default: always.'),
    limits: Limits.prefault({}),
    pins: z
      .strictObject({
        labels: z.array(Text).default(['winnow-pin']).describe('Labels by which people keep an item in its place.'),
        dragHoldsDays: whole().default(14).describe('Days that an item stays where a person dragged it.'),
      })
      .prefault({}),
    blockers: z
      .strictObject({
        linkTypes: z
          .array(Text)
          .default(['Blocks', 'Dependency-Forward'])
          .describe('Link types whose source must come first.'),
      })
      .prefault({}),
    newItemsHoldDays: whole().default(0).describe('Days that a new item stays where it was created.'),
  })
  .describe('What is ranked as one list.');

export type BacklogFile = z.output<typeof BacklogFile>;

const seconds = 'must be a number of seconds, 0 or more';
const port = 'must be a whole number from 0 to 65535';

const PortNumber = z.int(port).min(0, port).max(65_535, port);
/** What comes out of a variable is a text: `port: "${PORT:-8080}"`. */
const Port = z.union(
  [
    PortNumber,
    z
      .string()
      .regex(/^\d{1,5}$/, port)
      .transform(Number)
      .pipe(PortNumber),
  ],
  port,
);

/** `winnow start`. */
export const ServiceFile = z
  .strictObject({
    http: z
      .strictObject({
        host: Text.default('127.0.0.1').describe('Address to listen at.'),
        port: Port.default(8080).describe('Port to listen at; 0: any free one.'),
        apiToken: z.string().default('').describe('Bearer token of the API. Empty: one is generated in WINNOW_DATA.'),
      })
      .prefault({}),
    webhooks: z
      .strictObject({
        debounceSeconds: atLeast(0, seconds).default(5).describe('A round starts when no delivery came for so long.'),
        maxWaitSeconds: atLeast(0, seconds).default(60).describe('It starts after so long in any case.'),
      })
      .prefault({}),
    notify: z
      .array(z.string())
      .default([])
      .describe('Slack or Teams incoming webhooks: approvals waiting, failures, digests.'),
    journalDays: wholeAbove0()
      .optional()
      .describe(
        'Rounds older than this are forgotten. Default: 400, or what the largest threshold of a model asks for.',
      ),
  })
  .describe('The service.');

export type ServiceFile = z.output<typeof ServiceFile>;
