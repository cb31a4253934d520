import { isIdentity, type Identity } from '../identity.ts';
import type { FieldValue } from '../records.ts';

/** An identity as work item fields hold it (shape recorded from the service). */
export function identityWire(base: string, identity: Identity): Readonly<Record<string, unknown>> {
  const avatar = `${base}/_apis/GraphProfile/MemberAvatars/${identity.descriptor}`;
  return {
    displayName: identity.displayName,
    url: `${base}/_apis/Identities/${identity.id}`,
    _links: { avatar: { href: avatar } },
    id: identity.id,
    uniqueName: identity.uniqueName,
    imageUrl: avatar,
    descriptor: identity.descriptor,
  };
}

/** `Name <mail>`: identities in the reporting feed unless objects are asked for. */
export function identityText(identity: Identity): string {
  return `${identity.displayName} <${identity.uniqueName}>`;
}

export type IdentityForm = (identity: Identity) => unknown;

export function valueWire(value: FieldValue, form: IdentityForm): unknown {
  return isIdentity(value) ? form(value) : value;
}
