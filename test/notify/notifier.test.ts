import nock from 'nock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Log } from '../../src/log.ts';
import type { Notice } from '../../src/notify/notice.ts';
import { createNotifier } from '../../src/notify/notifier.ts';

const path = '/services/T0/B0/secret-part';
const slack = `https://hooks.slack.com${path}`;
const teams = 'https://prod-1.westeurope.logic.azure.com/workflows/abc/triggers/manual/paths/invoke?sig=secret-part';
const notice: Notice = { topic: 'approval', backlog: 'shop', title: 'shop: 3 moves wait', text: '', todo: '' };

let said: string[] = [];
const note = (fields: unknown, message: string): void => void said.push(`${message} ${JSON.stringify(fields)}`);
const log: Log = { debug: note, info: note, warn: note, error: note };
const notifier = (...urls: string[]) => createNotifier({ urls, log, pausesMs: [1, 1] });
const site = () => nock('https://hooks.slack.com');

describe('notify/notifier', () => {
  beforeEach(() => {
    said = [];
    nock.disableNetConnect();
  });
  afterEach(() => {
    expect(nock.pendingMocks()).toEqual([]);
    expect(said.join('\n')).not.toContain('secret-part');
    nock.cleanAll();
    nock.enableNetConnect();
  });

  it('Slack gets text, a Teams workflow a card', async () => {
    site().post(path, { text: '*Winnow: shop: 3 moves wait*' }).reply(200, 'ok');
    nock('https://prod-1.westeurope.logic.azure.com')
      .post(/workflows/, body => body.type === 'message' && body.attachments[0].content.type === 'AdaptiveCard')
      .query({ sig: 'secret-part' })
      .reply(202);

    expect(await notifier(slack, teams).send(notice)).toEqual([]);
    expect(said).toEqual([]);
  });

  it.each([429, 500, 503])('%i is tried again', async status => {
    site().post(path).reply(status).post(path).reply(200, 'ok');

    expect(await notifier(slack).send(notice)).toEqual([]);
  });

  it('a reset connection is tried again', async () => {
    site().post(path).replyWithError('socket hang up').post(path).reply(200, 'ok');

    expect(await notifier(slack).send(notice)).toEqual([]);
  });

  it('three tries are enough', async () => {
    site().post(path).times(3).reply(500);

    expect(await notifier(slack).send(notice)).toHaveLength(1);
    expect(said.join()).toContain('answered 500');
  });

  it.each([400, 404, 410])('%i is not tried again', async status => {
    site().post(path).reply(status, 'no_service');

    expect(await notifier(slack).send(notice)).toHaveLength(1);
    expect(said.join()).toContain(`answered ${status}`);
  });

  it('a redirect is not followed', async () => {
    site().post(path).reply(302, '', { Location: 'https://elsewhere.example/' });

    expect(await notifier(slack).send(notice)).toHaveLength(1);
  });

  it('an answer that does not come is given up in time', async () => {
    site().post(path).delay(5_000).reply(200);

    expect(await createNotifier({ urls: [slack], log, patienceMs: 100 }).send(notice)).toHaveLength(1);
    nock.abortPendingRequests();
  });

  it('an address that does not take it can be told alone, by a mark that says nothing of it', async () => {
    const other = 'https://hooks.slack.com/services/other';
    site().post(path).reply(404).post('/services/other').reply(200);
    const both = notifier(slack, other);
    const missed = await both.send(notice);
    expect(missed).toEqual([expect.stringMatching(/^[0-9a-f]{12}$/)]);
    site().post(path).reply(200);

    expect(await both.send(notice, mark => missed.includes(mark))).toEqual([]);
  });

  it('without addresses nobody listens', async () => {
    expect(notifier().listens).toBe(false);
    expect(await notifier().send(notice)).toEqual([]);
  });
});
