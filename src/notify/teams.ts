import { clip } from '../plain-text.ts';
import type { Notice } from './notice.ts';

/**
 * What the Workflows webhooks of Teams take ("When a Teams webhook request is received"): a message with Adaptive Cards as
 * attachments; the older message cards and a bare `text` end in a failed flow. Text stands in runs, in which no Markdown is
 * read, so that nothing a tracker says can become a link.
 */
export function teamsPayload({ title, text, todo }: Notice): Readonly<Record<string, unknown>> {
  const body = [run(`Winnow: ${clip(title, 200)}`, { weight: 'Bolder', size: 'Medium' })];
  if (text !== '') body.push(run(clip(text, 600), {}));
  if (todo !== '') body.push(run(clip(todo, 200), { fontType: 'Monospace' }));
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.2',
    body,
  };
  const attachment = { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content };
  return { type: 'message', attachments: [attachment] };
}

function run(text: string, style: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> {
  return { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text, ...style }] };
}
