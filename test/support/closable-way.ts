import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a site that can be closed: connections are then refused, as by a host that is down. */
export interface ClosableWay {
  readonly url: string;
  shut(): Promise<void>;
  reopen(): Promise<void>;
}

export async function openWay(to: string): Promise<ClosableWay> {
  const { hostname, port } = new URL(to);
  const open = new Set<Socket>();
  const server = createServer(here => {
    const there = connect(Number(port), hostname);
    for (const socket of [here, there]) {
      open.add(socket);
      socket.once('close', () => open.delete(socket));
      // Either end may hang up at any time; the other is told by the pipe.
      socket.on('error', () => socket.destroy());
    }
    here.pipe(there).pipe(here);
  });
  const listen = async (at: number): Promise<void> => {
    server.listen(at, '127.0.0.1');
    await once(server, 'listening');
  };
  await listen(0);
  const { port: own } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${own}`,
    async shut() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
    reopen: () => listen(own),
  };
}
