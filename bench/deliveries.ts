import { createHmac } from 'node:crypto';
import { quantile } from './quantile.ts';

export interface DeliveryFigures {
  readonly sent: number;
  /** As they were answered. */
  readonly perSecond: number;
  readonly accepted: number;
  /** Asked to come again, as trackers do. */
  readonly later: number;
  /** Connections that the service did not take, or cut. */
  readonly cut: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface Load {
  readonly url: string;
  readonly secret: string;
  readonly perSecond: number;
  readonly seconds: number;
  readonly issueIds: readonly string[];
  /** Makes the ids of deliveries differ from those of other loads. */
  readonly name: string;
}

interface Answer {
  /** null: no answer at all. */
  readonly status: number | null;
  readonly ms: number;
}

/** A usual update is a few kilobytes, most of it fields that nobody needs. */
const description = 'As a customer I want to pay by card. '.repeat(140);

/** Sends Jira's deliveries at a steady rate, whether or not the earlier ones are answered. */
export async function sendDeliveries(load: Load): Promise<DeliveryFigures> {
  const total = load.perSecond * load.seconds;
  const answers: Promise<Answer>[] = [];
  const began = performance.now();
  while (answers.length < total) {
    const due = Math.min(total, Math.ceil(((performance.now() - began) / 1000) * load.perSecond));
    while (answers.length < due) answers.push(deliver(load, answers.length));
    await new Promise(resolve => setTimeout(resolve, 2));
  }
  const told = await Promise.all(answers);
  const times = told.map(({ ms }) => ms);
  const count = (wanted: number | null): number => told.filter(({ status }) => status === wanted).length;
  return {
    sent: total,
    perSecond: Math.round(total / ((performance.now() - began) / 1000)),
    accepted: count(202),
    later: count(503),
    cut: count(null),
    p50Ms: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
  };
}

async function deliver(load: Load, n: number): Promise<Answer> {
  const { url, secret, issueIds } = load;
  const fields = { project: { key: 'SHOP' }, description };
  const issue = { id: issueIds[n % issueIds.length], key: `SHOP-${n}`, fields };
  const user = { accountId: '557058:0f0f', displayName: 'Ada Park' };
  const items = [{ field: 'summary', from: null, fromString: 'Pay', to: null, toString: 'Pay by card' }];
  const changelog = { id: String(n), items };
  const body = JSON.stringify({ timestamp: n + 1, webhookEvent: 'jira:issue_updated', user, issue, changelog });
  const headers = {
    'Content-Type': 'application/json',
    'X-Atlassian-Webhook-Identifier': `bench-${load.name}-${n}`,
    'X-Hub-Signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  };
  const began = performance.now();
  const status = await fetch(url, { method: 'POST', headers, body }).then(
    async answer => {
      await answer.arrayBuffer();
      return answer.status;
    },
    () => null,
  );
  return { status, ms: performance.now() - began };
}
