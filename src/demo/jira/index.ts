export { startJiraSite, type Counters, type JiraSite, type JiraSiteOptions, type SiteBoard } from './site.ts';
export { loadExport, newestInstant, readExport, type RawIssue } from './load.ts';
export { believableJiraBacklog, type BelievableOptions } from './story.ts';
export type { Acts, NewIssue } from './acts.ts';
export type { Inspection, PlainHistory, PlainIssue } from './inspection.ts';
export type { Switches } from './switches.ts';
export type { BoardWish } from './world.ts';
