import { validate } from 'node-cron';
import { z } from 'zod';

const Whole = z.number().int('must be a whole number');
const Cron = z.string().refine(text => validate(text), 'is not a cron expression, such as "*/15 * * * *"');
const Zone = z.string().refine(isZone, 'is not a time zone, such as Europe/Berlin');
const Hours = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/, 'must look like "20:00-06:00"');
const Label = z.string().min(1);

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** What is ranked as one list: a Jira board or JQL; an Azure DevOps project, team and backlog level. */
export const BacklogFile = z
  .strictObject({
    connection: z.string().optional().describe('May be left out when there is one'),
    board: Whole.positive().optional().describe('Jira: board id'),
    jql: z.string().min(1).optional().describe('Jira: a query instead of a board'),
    project: z.string().min(1).optional().describe('Azure DevOps: project'),
    team: z.string().min(1).optional().describe("Azure DevOps: team; default the project's own"),
    level: z.string().min(1).optional().describe('Azure DevOps: backlog level, such as Stories'),
    model: z.string().default('default'),
    mode: z.enum(['observe', 'apply']).default('observe'),
    write: z
      .strictObject({
        rank: z.boolean().default(true),
        labels: z.boolean().default(true),
        score: z
          .union([z.string().min(1), z.number()])
          .nullable()
          .default(null)
          .describe('A number field by id or name'),
        scoreStep: z.number().positive().default(1),
      })
      .prefault({}),
    schedule: Cron.default('*/15 * * * *'),
    sweep: Cron.default('0 3 * * *').describe('When everything is read'),
    timezone: Zone.default('UTC'),
    writeHours: Hours.optional().describe('Local hours in which Winnow may write; default always'),
    limits: z
      .strictObject({
        maxMoves: Whole.min(0).default(200),
        maxMovedShare: z.number().min(0).max(1).default(0.5),
        maxLabelChanges: Whole.min(0).default(100),
        writesPerItemPerDay: Whole.min(1).default(12),
        quietMinutes: z.number().min(0).default(10),
      })
      .prefault({}),
    pins: z
      .strictObject({ labels: z.array(Label).default(['winnow-pin']), dragHoldsDays: z.number().min(0).default(14) })
      .prefault({}),
    blockers: z
      .strictObject({ linkTypes: z.array(z.string().min(1)).default(['Blocks', 'Dependency-Forward']) })
      .prefault({}),
    newItemsHoldDays: z.number().min(0).default(0),
  })
  .describe('What is ranked as one list');

export type BacklogFile = z.infer<typeof BacklogFile>;

export const ServiceFile = z.strictObject({
  http: z
    .strictObject({
      host: z.string().default('127.0.0.1'),
      port: Whole.min(0).max(65_535).default(8080),
      apiToken: z.string().default('').describe('Generated in WINNOW_DATA when empty'),
    })
    .prefault({}),
  webhooks: z
    .strictObject({ debounceSeconds: z.number().min(0).default(5), maxWaitSeconds: z.number().min(0).default(60) })
    .prefault({}),
  notify: z.array(z.string()).default([]).describe('Slack or Teams incoming webhooks'),
});

export type ServiceFile = z.infer<typeof ServiceFile>;
