export { startAzureDevOpsSite, type AzureDevOpsSite, type AzureDevOpsSiteOptions, type ProjectView } from './site.ts';
export { loadAzureDevOpsExport } from './load.ts';
export { recordsFrom, type RawRecord } from './load-records.ts';
export { believableAzureDevOpsBacklog, type BelievableOptions } from './believable.ts';
export {
  newestInstant,
  type AzureDevOpsRecords,
  type FieldMap,
  type FieldValue,
  type ProjectSpec,
  type SeedItem,
  type SeedRevision,
  type TeamSpec,
} from './records.ts';
export { buildServiceNamed, personNamed, servicePrincipalNamed, type Identity } from './identity.ts';
export type { ItemView } from './inspect.ts';
export type { Who } from './acts.ts';
