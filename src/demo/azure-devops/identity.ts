import { createHash } from 'node:crypto';

/** Somebody or something that can sign in. */
export interface Identity {
  readonly id: string;
  readonly displayName: string;
  readonly uniqueName: string;
  /** `aad.` for people, `aadsp.` for service principals, `svc.` for build services. */
  readonly descriptor: string;
}

/** A GUID that is the same for the same words, so that two runs of the emulator agree. */
export function guidOf(words: string): string {
  const hex = createHash('sha256').update(words).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function identity(name: string, prefix: string, uniqueName: string): Identity {
  const id = guidOf(`identity ${prefix} ${uniqueName}`);
  return { id, displayName: name, uniqueName, descriptor: `${prefix}.${Buffer.from(id).toString('base64url')}` };
}

/** A person; `mail` is made up from the name when absent. */
export function personNamed(name: string, mail?: string): Identity {
  return identity(name, 'aad', mail ?? `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '.')}@example.com`);
}

/** A service principal: Azure DevOps marks it in the descriptor. */
export function servicePrincipalNamed(name: string): Identity {
  return identity(name, 'aadsp', guidOf(`application ${name}`));
}

/** A build service account. */
export function buildServiceNamed(name: string): Identity {
  return identity(name, 'svc', `Build\\${guidOf(`build ${name}`)}`);
}

/** `Name <mail>`, as exports and old resource versions write people; null for empty or placeholder text. */
export function identityFromText(text: string): Identity | null {
  const match = /^(.*?)\s*<([^<>]+)>$/.exec(text.trim());
  if (match?.[2] === undefined || match[2] === 'email' || match[1] === '') return null;
  return personNamed(match[1] ?? '', match[2]);
}

export function isIdentity(value: unknown): value is Identity {
  return typeof value === 'object' && value !== null && 'descriptor' in value;
}
