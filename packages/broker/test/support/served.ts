// Clients of a broker in processes of their own.
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import type { Order } from '../programs/client.js';

interface Answer {
  readonly answer?: unknown;
  readonly code?: string;
  readonly message?: string;
}

/** A client in a process of its own. */
export class ClientProcess {
  readonly #child: ChildProcess;

  constructor() {
    const remote = fileURLToPath(new URL('../../../../../build/Release/hostcompute-remote.so', import.meta.url));
    const env = { ...process.env, HOSTCOMPUTE_REMOTE: remote };
    this.#child = fork(fileURLToPath(new URL('../programs/client.js', import.meta.url)), [], { env });
  }

  async ask(order: Order): Promise<Answer> {
    const answer = once(this.#child, 'message') as Promise<[Answer]>;
    this.#child.send(order);
    return (await answer)[0];
  }

  /** What it answers when it can do what it is asked. */
  async does(order: Order): Promise<unknown> {
    const { answer, code, message } = await this.ask(order);
    assert.equal(code, undefined, message);
    return answer;
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }
}

/** A client, opened as another user where that can be. */
export async function clientOf(name: string, user?: number): Promise<ClientProcess> {
  const client = new ClientProcess();
  try {
    await client.does({ open: name, ...(user !== undefined && { as: user }) });
    return client;
  } catch (error) {
    await client.kill();
    throw error;
  }
}
