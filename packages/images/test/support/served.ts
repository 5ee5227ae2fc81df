// Small servers on a port of this machine, for what registries may do.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { ServerOptions } from 'node:https';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

export interface Served extends AsyncDisposable {
  /** With its port. */
  readonly host: string;
  /** How many connections are open. */
  connections(): Promise<number>;
}

/** A handler that fails breaks the connection. */
export async function serve(handler: Handler, secure?: ServerOptions): Promise<Served> {
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    Promise.resolve(handler(request, response)).catch(() => response.destroy());
  };
  const server = secure === undefined ? createServer(listener) : createSecureServer(secure, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    connections: () => new Promise((resolve) => server.getConnections((_, count) => resolve(count))),
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
