import { createHmac } from 'node:crypto';

export interface DeliveryFigures {
  readonly sent: number;
  readonly perSecond: number;
  readonly accepted: number;
  /** Connections that the service did not take, or cut. */
  readonly cut: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

interface Load {
  readonly url: string;
  readonly secret: string;
  readonly perSecond: number;
  readonly seconds: number;
  readonly issueIds: readonly string[];
}

interface Answer {
  /** null: no answer at all. */
  readonly status: number | null;
  readonly ms: number;
}

/** Sends Jira's deliveries at a steady rate, whether or not the earlier ones are answered. */
export async function sendDeliveries(load: Load): Promise<DeliveryFigures> {
  const total = load.perSecond * load.seconds;
  const answers: Promise<Answer>[] = [];
  const began = performance.now();
  while (answers.length < total) {
    const due = Math.min(total, Math.ceil(((performance.now() - began) / 1000) * load.perSecond));
    while (answers.length < due) answers.push(deliver(load, answers.length));
    await new Promise(resolve => setTimeout(resolve, 5));
  }
  const told = await Promise.all(answers);
  const times = told.map(({ ms }) => ms);
  return {
    sent: total,
    perSecond: Math.round(total / ((performance.now() - began) / 1000)),
    accepted: told.filter(({ status }) => status === 202).length,
    cut: told.filter(({ status }) => status === null).length,
    p50Ms: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
  };
}

async function deliver(load: Load, n: number): Promise<Answer> {
  const { url, secret, issueIds } = load;
  const issue = { id: issueIds[n % issueIds.length], key: `SHOP-${n}`, fields: { project: { key: 'SHOP' } } };
  const body = JSON.stringify({ timestamp: n, webhookEvent: 'jira:issue_updated', issue });
  const headers = {
    'Content-Type': 'application/json',
    'X-Atlassian-Webhook-Identifier': `bench-${load.perSecond}-${n}`,
    'X-Hub-Signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  };
  const began = performance.now();
  const status = await fetch(url, { method: 'POST', headers, body }).then(
    answer => answer.status,
    () => null,
  );
  return { status, ms: performance.now() - began };
}

/** Of unsorted figures, to a tenth. */
export function quantile(figures: readonly number[], share: number): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const found = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
  return Math.round(found * 10) / 10;
}
