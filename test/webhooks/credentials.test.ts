import { describe, expect, test } from 'vitest';
import {
  anAdoEvent,
  anIssueEvent,
  basic,
  jobsOf,
  receive,
  sendAdo,
  sendJira,
  shopHolds,
  signed,
} from './a-receiver.ts';

describe('webhooks/router (credentials)', () => {
  test.each([
    ['the newer secret', { 'X-Hub-Signature': signed(anIssueEvent(), 'new-secret') }, 202],
    ['the older secret', { 'X-Hub-Signature': signed(anIssueEvent(), 'old-secret') }, 202],
    ['a secret that is not ours', { 'X-Hub-Signature': signed(anIssueEvent(), 'forged') }, 401],
    ['a signature of another body', { 'X-Hub-Signature': signed('{}') }, 401],
    ['half a signature', { 'X-Hub-Signature': 'sha256=' }, 401],
  ])('Jira with %s', async (_, headers, status) => {
    const receiver = await receive({ inbox: shopHolds() });

    expect((await sendJira(receiver, anIssueEvent(), headers)).status).toBe(status);
    expect(jobsOf(receiver)).toEqual(status === 202 ? ['shop'] : []);
    expect(receiver.results).toEqual([['acme-jira', status === 202 ? 'accepted' : 'unauthorized']]);
  });

  test('Jira without a signature is refused before its body is read', async () => {
    const receiver = await receive();
    const url = `${receiver.url}/webhooks/acme-jira`;

    expect((await fetch(url, { method: 'POST', body: anIssueEvent() })).status).toBe(401);
    expect(receiver.told[0]?.fields['problem']).toMatch(/no X-Hub-Signature/);
  });

  test.each([
    ['user name and password', { Authorization: basic('winnow:pass-word') }, 202],
    ['the secret header', { 'X-Winnow-Secret': 'pass-word' }, 202],
    ['a wrong password', { Authorization: basic('winnow:wrong') }, 401],
    ['nothing', {}, 401],
  ])('Azure DevOps with %s', async (_, headers, status) => {
    const receiver = await receive();

    expect((await sendAdo(receiver, anAdoEvent(), headers as Record<string, string>)).status).toBe(status);
  });

  test('a connection without a webhook takes nothing, and the log says what is missing', async () => {
    const receiver = await receive();

    const answer = await fetch(`${receiver.url}/webhooks/plain`, {
      method: 'POST',
      headers: { 'X-Hub-Signature': signed('{}') },
      body: '{}',
    });

    expect(answer.status).toBe(401);
    expect(await answer.text()).not.toContain('webhook:');
    expect(receiver.told[0]?.fields['problem']).toContain('plain has no webhook: { secrets: [...] } in winnow.yaml');
  });

  test.each([
    ['POST', 'nowhere', 404],
    ['GET', 'acme-jira', 404],
  ])('%s /webhooks/%s', async (method, name, status) => {
    const receiver = await receive();

    expect((await fetch(`${receiver.url}/webhooks/${name}`, { method })).status).toBe(status);
    expect(receiver.results).toEqual([]);
  });

  test('refused deliveries are remembered with what was wrong, good ones are not', async () => {
    const receiver = await receive({ inbox: shopHolds() });

    await sendJira(receiver, anIssueEvent());
    await sendJira(receiver, anIssueEvent(), { 'X-Hub-Signature': signed(anIssueEvent(), 'forged') });

    expect(receiver.refused).toEqual([['acme-jira', 1, 'The signature does not fit the body.']]);
  });

  test('no answer and no log line holds a secret', async () => {
    const receiver = await receive();

    const answer = await sendAdo(receiver, '{', { Authorization: basic('winnow:wrong-word') });

    expect((await answer.text()) + JSON.stringify([receiver.told, receiver.refused])).not.toMatch(
      /pass-word|wrong-word|(old|new)-secret/,
    );
  });
});
