import { clip } from '../plain-text.ts';
import type { Notice } from './notice.ts';

/** Slack's incoming webhooks take `text` in its own markup, where three characters must be escaped and no others. */
export function slackPayload({ title, text, todo }: Notice): Readonly<Record<string, unknown>> {
  const lines = [`*Winnow: ${plain(title, 200)}*`];
  if (text !== '') lines.push(plain(text, 600));
  if (todo !== '') lines.push(`\`${plain(todo, 200).replaceAll('`', "'")}\``);
  return { text: lines.join('\n') };
}

/** `<!channel>`, links and mentions begin with `<`; escaped they are plain text. */
function plain(text: string, length: number): string {
  return clip(text, length).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
