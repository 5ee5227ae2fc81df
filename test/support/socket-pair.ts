// Two ends of one connection, as what hosts are given: descriptors that nothing else reads.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, Socket } from 'node:net';

/** A connected socket and its descriptor. */
export interface SocketEnd {
  readonly socket: Socket;
  readonly handle: number;
}

function endOf(socket: Socket): SocketEnd {
  socket.on('error', () => undefined);
  return { socket, handle: (socket as unknown as { _handle: { fd: number } })._handle.fd };
}

/** Both ends, to be destroyed by the caller. On Windows they have no descriptors. */
export async function socketPair(): Promise<readonly [SocketEnd, SocketEnd]> {
  const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = new Socket().pause();
  const [accepted] = (await Promise.all([
    once(server, 'connection').then(([socket]: unknown[]) => socket as Socket),
    once(client.connect((server.address() as AddressInfo).port, '127.0.0.1'), 'connect'),
  ])) as [Socket, unknown];
  server.close();
  return [endOf(client), endOf(accepted)];
}
