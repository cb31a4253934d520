const longest = 300;

/**
 * A vendor's message made fit to show: no control characters, no markup, no known secret, at most 300 characters.
 * Text from a tracker is untrusted, and gateways echo what they were sent.
 */
export function vendorText(text: string, secrets: readonly string[] = []): string {
  let clean = text;
  for (const secret of secrets) if (secret.length > 3) clean = clean.replaceAll(secret, '[secret]');
  clean = clean
    .replace(/\b(Basic|Bearer)\s+[\w.~+/=-]{8,}/gi, '$1 [secret]')
    .replace(/<[^>]*>/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return clean.length > longest ? `${clean.slice(0, longest - 1)}…` : clean;
}
