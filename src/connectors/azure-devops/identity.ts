import type { Actor } from '../../item.ts';

/** Descriptors of applications and services, by their subject type; Microsoft.TeamFoundation.System acts for the service. */
const automatedDescriptor = /^(aadsp|svc|s2s)\./i;
const serviceName = /^Microsoft\.TeamFoundation\.System\b/i;

/** An identity as work items hold it: an object, or `Name <mail>` in older answers. */
export function actorOf(raw: unknown): Actor | null {
  if (typeof raw === 'string' && raw !== '') {
    const name = nameOf(raw);
    return { id: raw, name, automated: serviceName.test(name) };
  }
  if (typeof raw !== 'object' || raw === null) return null;
  const { id, displayName, uniqueName, descriptor } = raw as Readonly<Record<string, unknown>>;
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const key = text(id) || text(descriptor) || text(uniqueName);
  if (key === '') return null;
  const name = text(displayName) || nameOf(text(uniqueName)) || key;
  return { id: key, name, automated: automatedDescriptor.test(text(descriptor)) || serviceName.test(name) };
}

function nameOf(text: string): string {
  return text.replace(/\s*<[^<>]*>\s*$/, '').trim() || text;
}
