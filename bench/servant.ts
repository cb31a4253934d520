import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process that obeys orders one after the other. */
export interface Servant<Order> {
  ask(order: Order): Promise<unknown>;
  /** The last order, which makes it end. */
  end(order: Order): Promise<void>;
}

/** Starts a file of this folder, which calls `serve`, as a process of its own. */
export function startServant<Order extends object>(file: string): Servant<Order> {
  const child: ChildProcess = fork(fileURLToPath(new URL(file, import.meta.url)));
  return {
    async ask(order) {
      const answered = once(child, 'message') as Promise<[{ answer?: unknown; error?: string }]>;
      child.send(order);
      const [{ answer, error }] = await answered;
      if (error !== undefined) throw new Error(error);
      return answer;
    },
    async end(order) {
      const gone = once(child, 'exit');
      child.send(order);
      await gone;
    },
  };
}

/** The other side: answers each order, or tells what went wrong. */
export function serve<Order>(obey: (order: Order) => Promise<unknown>): void {
  process.on('message', (order: Order) => {
    obey(order).then(
      answer => process.connected && process.send?.({ answer }),
      (error: unknown) => process.send?.({ error: String(error) }),
    );
  });
}
