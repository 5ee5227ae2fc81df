/**
 * The host behind a server: makes the calls of clients, and keeps account of what each has open. JavaScript thread only.
 *
 * @module
 */
import type {
  Backend,
  CallableKey,
  Completion,
  FunctionKey,
  HandleKind,
  HostLibraries,
  OpenBackend,
  OpenHandle,
  RawNotification,
  Sink,
} from '../backend/backend.js';
import { functions } from '../backend/functions.js';
import { failed } from '../errors/result-codes.js';
import { closeFailed } from '../host/session.js';
import type { Arguments } from './arguments.js';
import { backendInput, parameterOf } from './arguments.js';
import type { RemoteClient } from './client.js';
import { ClientHandle } from './client.js';
import type { Completed } from './policy.js';

/** The HRESULTs that a server gives itself. */
export const statuses = {
  ok: 0,
  aborted: 0x80004004,
  accessDenied: 0x80070005,
  invalidHandle: 0x80070006,
  invalidArgument: 0x80070057,
  functionMissing: 0x8007007f,
  quota: 0x80070718,
} as const;

/** What a served host has for clients unasked. */
export interface ClientEvents {
  notify(client: RemoteClient, listener: number, notification: RawNotification): void;
  /** Notifications of a client were lost. */
  overflow(client: RemoteClient): void;
}

interface Watch {
  readonly client: RemoteClient;
  readonly handle: ClientHandle;
}

const created: ReadonlySet<FunctionKey> = new Set([
  'vmcompute.HcsCreateComputeSystem',
  'vmcompute.HcsCreateProcess',
] as const);

// Objects of networks are opened and closed within a call of a backend, and operations within one of computecore.dll: none is
// ever a client's. And a server reads and writes no layers for its clients.
const notServed: ReadonlySet<string> = new Set(['computecore', 'computenetwork', 'computestorage', 'virtdisk']);

/** A host that is open for clients. */
export class ServedHost implements Sink {
  readonly backend: Backend;
  readonly #events: ClientEvents;
  readonly #watches = new Map<number, Watch>();
  #registrations = 0;

  constructor(open: OpenBackend, libraries: HostLibraries | null, maxWorkers: number, events: ClientEvents) {
    this.#events = events;
    this.backend = open(libraries, this, { maxWorkers });
  }

  /** How many handles are open, or being opened or closed. */
  get handles(): number {
    return this.#watches.size;
  }

  notification(watch: number, notification: RawNotification): void {
    this.#watches.get(watch)?.handle.receive(notification);
  }

  overflow(watch: number): void {
    const found = this.#watches.get(watch);
    if (found !== undefined) this.#events.overflow(found.client);
  }

  delivered(): void {
    // Nothing waits for the end of a batch.
  }

  /** Makes a call. Never rejects. What it opens is the client's; of one that has gone it is terminated and closed. */
  async perform(client: RemoteClient, key: FunctionKey, inputs: Arguments): Promise<Completed> {
    if (notServed.has(functions[key].library)) return { status: statuses.functionMissing, outputs: {} };
    const input = parameterOf(key, 'In', 'System', 'Process');
    const handle = input && client.handle(inputs[input.name], input.kind);
    if (input !== undefined && handle === undefined) return { status: statuses.invalidHandle, outputs: {} };
    const released = parameterOf(key, 'Release', 'System', 'Process');
    if (released !== undefined) {
      return { status: await this.#release(client, inputs[released.name], released.kind), outputs: {} };
    }
    const registration = parameterOf(key, 'Release', 'Registration');
    if (registration !== undefined) {
      const known = client.unregister(inputs[registration.name]);
      return { status: known ? statuses.ok : statuses.invalidHandle, outputs: {} };
    }
    const made = parameterOf(key, 'Out', 'Registration');
    if (made !== undefined) {
      const context = parameterOf(key, 'In', 'Context')!;
      if (!handle!.register(++this.#registrations, inputs[context.name] as number)) {
        return { status: statuses.quota, outputs: {} };
      }
      return { status: statuses.ok, outputs: { [made.name]: this.#registrations } };
    }
    return this.#call(client, key as CallableKey, inputs);
  }

  /** Closes what a client that has gone has open, its processes first. */
  async closeAll(client: RemoteClient): Promise<void> {
    const handles = [...client.handles.entries()];
    client.handles.clear();
    await Promise.all(client.closing);
    for (const kind of ['Process', 'System'] as const) {
      const ofKind = handles.filter(([, handle]) => handle.kind === kind);
      await Promise.all(ofKind.map(([number]) => this.#close(kind, number as OpenHandle)));
    }
  }

  /** What the host has not answered is left to its threads, which close what it opens. */
  end(): void {
    this.backend.end();
    this.#watches.clear();
  }

  #call(client: RemoteClient, key: CallableKey, inputs: Arguments): Promise<Completed> {
    if (!this.backend.present.has(key)) return Promise.resolve({ status: statuses.functionMissing, outputs: {} });
    const output = parameterOf(key, 'Out', 'System', 'Process');
    return new Promise((resolve) => {
      let call = 0;
      const settle = (completion: Completion<CallableKey>): void => {
        resolve(output === undefined ? completion : this.#opened(call, key, output.name, completion));
      };
      try {
        call = this.backend.call(key, backendInput(key, inputs), { settle }, false);
      } catch {
        // What a client has given that no backend takes, such as a text with a NUL character.
        resolve({ status: statuses.invalidArgument, outputs: {} });
        return;
      }
      if (output !== undefined) this.#watches.set(call, { client, handle: this.#newHandle(client, output.kind) });
    });
  }

  #newHandle(client: RemoteClient, kind: string): ClientHandle {
    return new ClientHandle(kind as HandleKind, (listener, notification) => {
      if (!client.gone) this.#events.notify(client, listener, notification);
    });
  }

  // In the turn of the completion, before the next notification.
  #opened(
    call: number,
    key: FunctionKey,
    output: string,
    completion: Completion<CallableKey>,
  ): Completed | Promise<Completed> {
    const { status, registration } = completion;
    const outputs = completion.outputs as Arguments;
    const number = outputs[output] as OpenHandle | null;
    const { client, handle } = this.#watches.get(call)!;
    if (number === null) {
      this.#watches.delete(call);
      return { status, outputs };
    }
    // One that cannot be watched is of no use.
    const lost = failed(registration);
    if (!lost && !client.gone) {
      client.handles.set(number, handle);
      return { status, outputs };
    }
    // The call is completed when nothing is left of it: what counts for it counts until then.
    const nothing = { status: lost ? registration : statuses.aborted, outputs: { ...outputs, [output]: null } };
    return this.#close(handle.kind, number, created.has(key)).then(() => nothing);
  }

  async #release(client: RemoteClient, number: unknown, kind: string): Promise<number> {
    const handle = client.handle(number, kind);
    if (handle === undefined) return statuses.invalidHandle;
    client.handles.delete(number as number);
    const closing = this.#closeOnce(handle.kind, number as OpenHandle, false);
    client.closing.add(closing);
    const status = await closing;
    client.closing.delete(closing);
    if (!closeFailed(status)) return statuses.ok;
    // It is open, and the client may try again.
    if (client.gone) void this.#close(handle.kind, number as OpenHandle);
    else client.handles.set(number as number, handle);
    return status;
  }

  /** Closes a handle that no client has any more. A close that fails is tried again. */
  async #close(kind: HandleKind, number: OpenHandle, discard = false, attempts = 3): Promise<void> {
    for (let left = attempts; left > 0; left--) {
      if (!closeFailed(await this.#closeOnce(kind, number, discard))) return;
    }
  }

  #closeOnce(kind: HandleKind, number: OpenHandle, discard: boolean): Promise<number> {
    return new Promise((resolve) => {
      const settle = (status: number): void => {
        if (!closeFailed(status)) this.#watches.delete(number);
        resolve(status);
      };
      this.backend.close(kind, number, { settle }, discard);
    });
  }
}
