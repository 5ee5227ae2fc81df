/**
 * Serves a host to other processes, each call under a policy.
 *
 * @module
 */
import { closeSync } from 'node:fs';

import type { FunctionKey, RawNotification } from '../backend/backend.js';
import { functions } from '../backend/functions.js';
import { nameOf } from '../backend/keys.js';
import { loadAddon } from '../backend/load.js';
import type { NativePeer, NativeServer, ServerEvent } from '../backend/native-server.js';
import { outputsOf } from '../backend/parameters.js';
import { HcsArgumentError, HcsError } from '../errors/errors.js';
import { messageOf } from '../errors/received.js';
import { CloseOnce } from '../host/close-once.js';
import type { HostChoice, HostKind, LocatedHost } from '../host/host-choice.js';
import { checkMaxWorkers, findBinary, locateHost } from '../host/host-choice.js';
import { checkServedName } from '../host/served-name.js';
import { socketRemover } from '../host/socket-file.js';
import { longestTimeoutMs } from '../host/waits/deadlines.js';
import { readOptions } from '../known-options.js';
import { checkCalls, checkDecision, checkText } from './answers-of-policy.js';
import type { Arguments } from './arguments.js';
import { descriptorsOf, functionKeys, namedInputs, outputList } from './arguments.js';
import { RemoteClient } from './client.js';
import type { Caller, Completed, Decision, HostCall, HostPolicy, RemoteCall } from './policy.js';
import { ServedHost, statuses } from './served-host.js';

/** How to serve a host. */
export interface ServeOptions {
  /** The absolute path of a socket, or on Windows that of a pipe, such as `\\.\pipe\broker`. */
  readonly name: string;
  /**
   * Who may connect besides the user of this process: SIDs; elsewhere `uid:1000`, `gid:1000`. It keeps others away from the socket or
   * pipe; the policy decides about each client all the same.
   */
  readonly users?: readonly string[];
  readonly policy: HostPolicy;
  /** The host that is served, as for `Host.open()`. */
  readonly host?: HostChoice;
  /** The most threads that calls may occupy at once; default 256. A call that the host does not answer keeps one. */
  readonly maxWorkers?: number;
}

/** What a server has at this moment. */
export interface ServerState {
  readonly clients: number;
  readonly handles: number;
  readonly callsInFlight: number;
}

/**
 * Serves a host until it is closed. What a client has open when it goes is closed for it.
 *
 * @throws HcsLibraryError when there is no such host here
 * @throws HcsError with the code `ERR_HC_SERVE` when the name cannot be served at
 *
 * @example
 * const policy: HostPolicy = {
 *   connected: (connection, caller) => caller.elevated,
 *   decide: () => ({ allow: {} }),
 *   completed: () => undefined,
 *   disconnected: () => [],
 *   notification: (caller, text) => text,
 * };
 * const name = process.platform === 'win32' ? String.raw`\\.\pipe\mine` : `/tmp/mine-${process.pid}.sock`;
 * await using server = await serveHost({ name, policy, host: 'simulated' });
 */
export async function serveHost(options: ServeOptions): Promise<HostServer> {
  const known = ['name', 'users', 'policy', 'host', 'maxWorkers'];
  const { name, users = [], policy, host, maxWorkers = 256 } = readOptions(options, known);
  checkServedName('options.name', name);
  if (!Array.isArray(users) || !users.every((user) => typeof user === 'string')) {
    throw new HcsArgumentError('options.users', 'must be a list of strings', users);
  }
  checkMaxWorkers('options.maxWorkers', maxWorkers);
  if (typeof (policy as unknown) !== 'object' || (policy as unknown) === null) {
    throw new HcsArgumentError('options.policy', 'must be a HostPolicy', policy);
  }
  return new HostServer({ name, users: [...users], policy, maxWorkers }, await locateHost(host, { api: 'vmcompute' }));
}

/** A host that is served. */
export class HostServer {
  readonly name: string;
  readonly kind: HostKind;
  readonly #policy: HostPolicy;
  readonly #native: NativeServer;
  readonly #host: ServedHost;
  readonly #clients = new Map<number, RemoteClient>();
  /** What is left to do for clients that have gone. */
  readonly #leaving = new Set<Promise<void>>();
  readonly #closeOnce = new CloseOnce();
  readonly #removeSocket: () => void;
  /** The native server is closed. */
  #closing = false;
  /** So is the host. */
  #closed = false;
  #warned = false;

  /** @internal */
  constructor(options: Required<Omit<ServeOptions, 'host'>>, { kind, libraries, openBackend }: LocatedHost) {
    const { Server } = findBinary(loadAddon);
    this.name = options.name;
    this.kind = kind;
    this.#policy = options.policy;
    this.#host = new ServedHost(openBackend, libraries, options.maxWorkers, {
      notify: (client, listener, notification) => {
        this.#notify(client, listener, notification);
      },
      overflow: ({ connection }) => {
        if (!this.#closing) this.#native.disconnect(connection);
      },
    });
    try {
      this.#native = new Server(options.name, options.users, (events) => {
        for (const event of events) this.#receive(event);
      });
    } catch (error) {
      this.#host.end();
      throw new HcsError(`"options.name" ${options.name} ${messageOf(error)}.`, {
        code: 'ERR_HC_SERVE',
        operation: 'serveHost',
        cause: error,
      });
    }
    this.#removeSocket = socketRemover(options.name);
    process.once('exit', this.#removeSocket);
  }

  state(): ServerState {
    const { handles, backend } = this.#host;
    return { clients: this.#clients.size, handles, callsInFlight: backend.callsInFlight };
  }

  /** Makes calls at the host, in order, whatever their results are. */
  async perform(calls: readonly HostCall[]): Promise<void> {
    const nobody = new RemoteClient(0, { user: '', groups: [], elevated: false });
    for (const { library, name, inputs } of calls) {
      const key = `${library}.${name}` as FunctionKey;
      if (this.#closed || !Object.hasOwn(functions, key)) return;
      await this.#host.perform(nobody, key, inputs);
    }
  }

  /**
   * Disconnects every client, closes what they have open, and undoes what they have mounted. Waits at most `timeoutMs` (default 10,000) for
   * the host; what it has not answered then is left to its threads. close() is idempotent.
   */
  close(options: { readonly timeoutMs?: number } = {}): Promise<void> {
    const { timeoutMs = 10_000 } = readOptions(options, ['timeoutMs']);
    if (typeof timeoutMs !== 'number' || !(timeoutMs >= 0)) {
      throw new HcsArgumentError('options.timeoutMs', 'must be a number of at least 0', timeoutMs);
    }
    return this.#closeOnce.run(async () => {
      this.#closing = true;
      this.#native.close();
      this.#removeSocket();
      process.off('exit', this.#removeSocket);
      for (const client of this.#clients.values()) this.#leave(client);
      let timer: NodeJS.Timeout | undefined;
      const over = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, Math.min(timeoutMs, longestTimeoutMs));
      });
      await Promise.race([Promise.all(this.#leaving), over]);
      clearTimeout(timer);
      this.#closed = true;
      this.#host.end();
    });
  }

  /** Same as close(). */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #receive(event: ServerEvent): void {
    if (event.length === 1) {
      const client = this.#clients.get(event[0]);
      if (client !== undefined) this.#leave(client);
    } else if (event.length === 3) {
      this.#connect(...event);
    } else {
      void this.#serve(...event);
    }
  }

  #connect(connection: number, question: number, peer: NativePeer): void {
    const caller = callerOf(peer);
    const served = this.#ask(() => this.#policy.connected(connection, caller)) === true;
    if (served) this.#clients.set(connection, new RemoteClient(connection, caller));
    this.#native.admit(question, served);
  }

  #leave(client: RemoteClient): void {
    client.gone = true;
    this.#clients.delete(client.connection);
    const left = (async (): Promise<void> => {
      // What the policy counts for the client counts until the host has closed it.
      await this.#host.closeAll(client);
      await this.perform(this.#ask(() => checkCalls(this.#policy.disconnected(client.connection))) ?? []);
    })().catch((error: unknown) => {
      this.#warn(error);
    });
    this.#leaving.add(left);
    void left.finally(() => this.#leaving.delete(left));
  }

  async #serve(connection: number, question: number, index: number, values: readonly unknown[]): Promise<void> {
    const key = functionKeys[index]!;
    const client = this.#clients.get(connection);
    const refused = { status: statuses.accessDenied, outputs: {} };
    const descriptors: number[] = [];
    const completed =
      client === undefined ? refused : await this.#decide(client, key, namedInputs(key, values), descriptors);
    if (!this.#closing) this.#answer(question, key, completed);
    for (const descriptor of descriptors) closeSync(descriptor);
  }

  /** Never rejects. `descriptors` gets those of the host, to be closed when the answer has been sent. */
  async #decide(client: RemoteClient, key: FunctionKey, inputs: Arguments, descriptors: number[]): Promise<Completed> {
    const { connection, caller } = client;
    const call: RemoteCall = { connection, caller, library: functions[key].library, name: nameOf(key), inputs };
    let decision: Decision | undefined;
    try {
      decision = checkDecision(await this.#policy.decide(call));
    } catch (error) {
      this.#warn(error);
    }
    if (decision === undefined || !('allow' in decision)) return refusal(key, decision);
    const made = client.gone
      ? { status: statuses.aborted, outputs: {} }
      : await this.#host.perform(client, key, { ...inputs, ...decision.allow });
    descriptors.push(...descriptorsOf(key, made.outputs));
    const done: Completed = { status: made.status, outputs: made.outputs };
    try {
      return { ...done, outputs: { ...done.outputs, ...this.#policy.completed(call, done) } };
    } catch (error) {
      this.#warn(error);
      return { ...done, outputs: withoutTexts(done.outputs) };
    }
  }

  #answer(question: number, key: FunctionKey, { status, outputs }: Completed): void {
    try {
      this.#native.answer(question, status >>> 0, outputList(key, outputs));
    } catch (error) {
      this.#warn(error); // the client is disconnected
    }
  }

  #notify({ connection, caller }: RemoteClient, listener: number, { type, status, data }: RawNotification): void {
    if (this.#closing) return;
    const text = data === null ? null : this.#ask(() => checkText(this.#policy.notification(caller, data)));
    this.#native.notify(connection, listener, type, status, text ?? null);
  }

  /** What the policy says; undefined when it throws. */
  #ask<T>(question: () => T): T | undefined {
    try {
      return question();
    } catch (error) {
      this.#warn(error);
      return undefined;
    }
  }

  #warn(error: unknown): void {
    if (this.#warned) return;
    this.#warned = true;
    process.emitWarning('The policy of a server has thrown, or its answer is none. What it was asked is refused.', {
      type: 'HostcomputeWarning',
      code: 'HC_POLICY',
      detail: `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\nThis warning is given once.`,
    });
  }
}

function callerOf({ integrity, appContainer, restricted, ...peer }: NativePeer): Caller {
  const ofWindows = process.platform === 'win32' ? { integrity, appContainer, restricted } : {};
  return { ...peer, ...ofWindows };
}

function refusal(key: FunctionKey, decision: Decision | undefined): Completed {
  const { refuse = statuses.accessDenied, message = 'The broker could not decide about the call.' } = {
    ...(decision as { refuse: number; message: string } | undefined),
  };
  const document = { Error: refuse | 0, ErrorMessage: message };
  const outputs = outputsOf(key).some(({ name }) => name === 'result') ? { result: JSON.stringify(document) } : {};
  return { status: refuse, outputs };
}

function withoutTexts(outputs: Arguments): Arguments {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => [name, typeof value === 'string' ? null : value]),
  );
}
