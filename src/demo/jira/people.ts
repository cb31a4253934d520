import { createHash } from 'node:crypto';
import { objectOf, textOf, type Json } from './json.ts';
import type { Person } from './model.ts';

/** An account id as Cloud makes them, always the same one for a Server user name. */
export function derivedAccountId(name: string): string {
  return createHash('sha256').update(`jira:${name}`).digest('hex').slice(0, 24);
}

/** The person an export names; null where it names nobody. Known people are not made twice. */
export function personOf(raw: unknown, people: Map<string, Person>): Person | null {
  const user = objectOf(raw);
  const name = textOf(user['name']) ?? textOf(user['key']) ?? textOf(user['displayName']);
  const accountId = textOf(user['accountId']) ?? (name === null ? null : derivedAccountId(name));
  if (accountId === null) return null;
  const known = people.get(accountId);
  if (known !== undefined) return known;
  const person: Person = {
    accountId,
    displayName: textOf(user['displayName']) ?? name ?? accountId,
    accountType: user['accountType'] === 'app' ? 'app' : 'atlassian',
    emailAddress: textOf(user['emailAddress']),
    active: user['active'] !== false,
  };
  people.set(accountId, person);
  return person;
}

/** Whom an act names: an account id or a display name; a new name joins the site. */
export function personNamed(who: string, people: Map<string, Person>): Person {
  const known = people.get(who) ?? [...people.values()].find(person => person.displayName === who);
  return known ?? addPerson({ displayName: who }, people);
}

export function addPerson(
  about: { readonly displayName: string; readonly accountType?: 'atlassian' | 'app'; readonly accountId?: string },
  people: Map<string, Person>,
): Person {
  const accountId = about.accountId ?? derivedAccountId(about.displayName);
  const person: Person = {
    accountId,
    displayName: about.displayName,
    accountType: about.accountType ?? 'atlassian',
    emailAddress: null,
    active: true,
  };
  people.set(accountId, person);
  return person;
}

/** How a person goes out in issues and histories. */
export function personJson(person: Person | null, base: string): Json | null {
  if (person === null) return null;
  return {
    self: `${base}/rest/api/3/user?accountId=${encodeURIComponent(person.accountId)}`,
    accountId: person.accountId,
    ...(person.emailAddress === null ? {} : { emailAddress: person.emailAddress }),
    displayName: person.displayName,
    active: person.active,
    timeZone: 'Etc/UTC',
    accountType: person.accountType,
  };
}
