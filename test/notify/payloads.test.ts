import { describe, expect, it } from 'vitest';
import type { Notice } from '../../src/notify/notice.ts';
import { slackPayload } from '../../src/notify/slack.ts';
import { teamsPayload } from '../../src/notify/teams.ts';

const notice: Notice = {
  topic: 'failing',
  backlog: 'shop',
  title: 'shop: rounds keep failing',
  text: 'A & B <!channel> <https://evil.example|look> [look](https://evil.example)\u001b[31m\nnext',
  todo: 'winnow check',
};

describe('notify/payloads', () => {
  it('Slack markup in a tracker’s text is text', () => {
    expect(slackPayload(notice)).toEqual({
      text: [
        '*Winnow: shop: rounds keep failing*',
        'A &amp; B &lt;!channel&gt; &lt;https://evil.example|look&gt; [look](https://evil.example) [31m next',
        '`winnow check`',
      ].join('\n'),
    });
  });

  it('Teams gets a message with an Adaptive Card whose text is no Markdown', () => {
    const payload = teamsPayload(notice);

    expect(payload).toMatchObject({
      type: 'message',
      attachments: [
        {
          contentType: 'application/vnd.microsoft.card.adaptive',
          content: { type: 'AdaptiveCard', body: [{ type: 'RichTextBlock' }, {}, {}] },
        },
      ],
    });
    expect(JSON.stringify(payload)).not.toContain('TextBlock","text');
    expect(JSON.stringify(payload)).toContain('[look](https://evil.example) [31m next');
  });

  it('long text is cut, empty text is left out', () => {
    const long = { ...notice, text: 'x'.repeat(5_000), todo: '' };

    expect(String(slackPayload(long)['text']).length).toBeLessThan(700);
    expect(slackPayload({ ...notice, text: '', todo: '' })).toEqual({ text: '*Winnow: shop: rounds keep failing*' });
    expect(JSON.stringify(teamsPayload(long)).length).toBeLessThan(1_500);
  });
});
