import { FieldType } from 'azure-devops-node-api/interfaces/WorkItemTrackingInterfaces.js';
import { z } from 'zod';
import { ConfigError, NotFoundError } from '../../errors.ts';
import type { Session } from './session.ts';

/** A work item field of the project. */
export interface Field {
  /** `Microsoft.VSTS.Scheduling.StoryPoints` */
  readonly ref: string;
  readonly name: string;
  readonly numeric: boolean;
  readonly readOnly: boolean;
  /** What a text field holds: `line` at most 255 characters in one line; null: the field is no free text. */
  readonly text: TextKind | null;
}

export type TextKind = 'html' | 'plain' | 'line';

export const FieldList = z.array(
  z.object({
    ref: z.string(),
    name: z.string(),
    numeric: z.boolean(),
    readOnly: z.boolean(),
    text: z.enum(['html', 'plain', 'line']).nullable(),
  }),
);

const textKinds: ReadonlyMap<FieldType | undefined, TextKind> = new Map([
  [FieldType.Html, 'html'],
  [FieldType.PlainText, 'plain'],
  [FieldType.String, 'line'],
]);

const numericTypes = new Set<FieldType | undefined>([
  FieldType.Integer,
  FieldType.Double,
  FieldType.PicklistInteger,
  FieldType.PicklistDouble,
]);

export async function loadFields(project: string, session: Session, signal: AbortSignal): Promise<readonly Field[]> {
  const fields = await session.read(({ wit }) => wit.getFields(project), signal);
  return fields.flatMap(({ referenceName, name, type, readOnly, isIdentity, isPicklist }) =>
    referenceName === undefined
      ? []
      : [
          {
            ref: referenceName,
            name: name ?? referenceName,
            numeric: numericTypes.has(type),
            readOnly: readOnly === true,
            text: isIdentity === true || isPicklist === true ? null : (textKinds.get(type) ?? null),
          },
        ],
  );
}

/** A field by reference name or display name. Two matches are an error, for a guess might rank by the wrong figure. */
export function resolveField(wanted: string, fields: readonly Field[], purpose: string): Field {
  const same = (text: string): boolean => text.toLowerCase() === wanted.trim().toLowerCase();
  const byRef = fields.find(({ ref }) => same(ref));
  if (byRef !== undefined) return byRef;
  const [first, ...more] = fields.filter(({ name }) => same(name));
  if (first === undefined) {
    const near = fields.filter(({ name, ref }) => `${name} ${ref}`.toLowerCase().includes(wanted.trim().toLowerCase()));
    const hint = near.length === 0 ? '' : ` Similar: ${near.slice(0, 8).map(labelOf).join(', ')}.`;
    throw new NotFoundError(`${purpose} names the field "${wanted}", which the project does not have.${hint}`);
  }
  if (more.length > 0) {
    throw new ConfigError(
      `${purpose} names the field "${wanted}", which ${more.length + 1} fields are called: ` +
        `${[first, ...more].map(({ ref }) => ref).join(', ')}. Use a reference name.`,
    );
  }
  return first;
}

/** `Story Points (Microsoft.VSTS.Scheduling.StoryPoints)`: what people would look up. */
export function labelOf({ name, ref }: Pick<Field, 'name' | 'ref'>): string {
  return `${name} (${ref})`;
}
