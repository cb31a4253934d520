import { z } from 'zod';

/** What we read of Jira's answers: only the fields used, anything else is let through. */

export const WireUser = z.object({
  accountId: z.string(),
  displayName: z.string().nullish(),
  accountType: z.string().nullish(),
});

/** Who did something; histories of deleted accounts and of imports name nobody. */
const WireAuthor = z.object({
  accountId: z.string().nullish(),
  displayName: z.string().nullish(),
  accountType: z.string().nullish(),
});
export type WireAuthor = z.infer<typeof WireAuthor>;

export const WireServerInfo = z.object({
  deploymentType: z.string().nullish(),
  version: z.string().nullish(),
  baseUrl: z.string().nullish(),
});

const FieldSchema = z.object({
  type: z.string().nullish(),
  items: z.string().nullish(),
  custom: z.string().nullish(),
  customId: z.number().nullish(),
});
export const WireField = z.object({
  id: z.string(),
  name: z.string(),
  custom: z.boolean().nullish(),
  clauseNames: z.array(z.string()).nullish(),
  schema: FieldSchema.nullish(),
  /** Set for fields of one team-managed project; their names repeat. */
  scope: z.object({ project: z.object({ id: z.string() }).nullish() }).nullish(),
});
export type WireField = z.infer<typeof WireField>;
export const WireFields = z.array(WireField);

export const WirePriorities = z.object({
  values: z.array(z.object({ id: z.string(), name: z.string() })),
  isLast: z.boolean().nullish(),
});

export const WireBoard = z.object({
  id: z.number(),
  name: z.string(),
  type: z.string(),
  location: z.object({ projectKey: z.string().nullish() }).nullish(),
});
export const WireBoards = z.object({ values: z.array(WireBoard), isLast: z.boolean().nullish() });
export const WireBoardConfiguration = z.object({
  id: z.number(),
  name: z.string(),
  type: z.string(),
  location: z.object({ key: z.string().nullish(), projectKeyOrId: z.string().nullish() }).nullish(),
  filter: z.object({ id: z.union([z.string(), z.number()]).transform(String) }),
  columnConfig: z.object({
    columns: z.array(z.object({ name: z.string(), statuses: z.array(z.object({ id: z.string() })) })),
  }),
  estimation: z
    .object({
      type: z.string().nullish(),
      field: z.object({ fieldId: z.string(), displayName: z.string().nullish() }).nullish(),
    })
    .nullish(),
  ranking: z.object({ rankCustomFieldId: z.number() }).nullish(),
});
export const WireFilter = z.object({ id: z.string(), jql: z.string().nullish() });

/** An issue's fields stay raw here: an unreadable field must fail that field, not the page. */
export const WireIssue = z.object({
  id: z.string(),
  key: z.string(),
  fields: z.record(z.string(), z.unknown()),
  properties: z.record(z.string(), z.unknown()).nullish(),
});
export type WireIssue = z.infer<typeof WireIssue>;
/** Issues by id, of which only the properties matter. */
export const WireProperties = z.object({
  issues: z.array(z.object({ id: z.string(), properties: z.record(z.string(), z.unknown()).nullish() })),
});
export const WireIssueId = z.object({ id: z.string() });

const tokens = { nextPageToken: z.string().nullish(), isLast: z.boolean().nullish() };
export const WireIssuePage = z.object({ issues: z.array(WireIssue), ...tokens });
export const WireIdPage = z.object({ issues: z.array(WireIssueId), ...tokens });
export const WireBulkIssues = z.object({
  issues: z.array(WireIssue),
  issueErrors: z.array(z.object({ id: z.string().nullish(), errorMessage: z.string().nullish() })).nullish(),
});

export const WireHistoryItem = z.object({
  field: z.string(),
  fieldId: z.string().nullish(),
  from: z.string().nullish(),
  fromString: z.string().nullish(),
  to: z.string().nullish(),
  // Every object has a toString; only an own one is Jira's.
  toString: z.preprocess(own => (typeof own === 'function' ? null : own), z.string().nullish()),
});
export const WireHistory = z.object({
  id: z.string(),
  author: WireAuthor.nullish(),
  /** Epoch milliseconds in bulk answers, ISO elsewhere. */
  created: z.union([z.number(), z.string()]),
  items: z.array(WireHistoryItem),
});
export type WireHistory = z.infer<typeof WireHistory>;
export const WireChangelogs = z.object({
  issueChangeLogs: z.array(z.object({ issueId: z.string(), changeHistories: z.array(WireHistory) })),
  nextPageToken: z.string().nullish(),
});

export const WireTalk = z.object({
  id: z.string(),
  author: WireAuthor.nullish(),
  created: z.string(),
});
export type WireTalk = z.infer<typeof WireTalk>;
export const WireComments = z.object({ comments: z.array(WireTalk), total: z.number().nullish() });
export const WireWorklogs = z.object({ worklogs: z.array(WireTalk), total: z.number().nullish() });

export const WirePermissions = z.object({
  permissions: z.record(z.string(), z.object({ havePermission: z.boolean() })),
});

export const WireRankResult = z.object({
  entries: z.array(
    z.object({
      issueId: z.union([z.string(), z.number()]).transform(String),
      status: z.number(),
      errors: z.array(z.string()).nullish(),
    }),
  ),
});

export const WireTask = z.object({ taskId: z.string() });
export const WireTaskProgress = z.object({
  status: z.string(),
  processedAccessibleIssues: z.array(z.union([z.string(), z.number()]).transform(String)).nullish(),
  failedAccessibleIssues: z.record(z.string(), z.array(z.string())).nullish(),
  invalidOrInaccessibleIssueCount: z.number().nullish(),
});
export type WireTaskProgress = z.infer<typeof WireTaskProgress>;
