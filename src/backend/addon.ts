/**
 * The backend that is the product: the C++ addon. Its numbers and arrays become completions and notifications here.
 *
 * @module
 */
import type {
  Backend,
  CallableKey,
  Caller,
  Completion,
  FunctionKey,
  HandleKind,
  HostLibraries,
  Input,
  OpenBackend,
  OpenHandle,
  OperationExtras,
  ProcessInformation,
  RawNotification,
  Sink,
} from './backend.js';
import { Ending } from './backend.js';
import { functions } from './functions.js';
import type { NativeFiles, NativeHeldPath, NativeProtectionOf } from './native-files.js';
import type { MakeNativeInspector } from './native-inspector.js';
import type { NativeTree } from './native-tree.js';
import type { MakeNativeServer } from './native-server.js';
import type { NativeUnpack, NativeUnpackPlanner } from './native-unpack.js';
import { inputsOf, outputsOf } from './parameters.js';
import type { MakeNativeStreams } from './stream-engine.js';
import { useStreams } from './stream-engine.js';
import { reportUncaught } from '../uncaught.js';
import type { WaitingCall } from './waiting-calls.js';
import { WaitingCalls } from './waiting-calls.js';

/** The functions as the addon was compiled with them. */
export interface NativeFunction {
  readonly name: string;
  readonly library: string;
  readonly completion: number;
  readonly parameters: readonly string[];
}

interface NativeHost {
  call(index: number, paired: boolean, ...inputs: unknown[]): number;
  close(kind: number, handle: number, discard: boolean): number;
  cancel(call: number, watch: number): void;
  abandon(call: number, watch: number): void;
  hold(held: boolean): void;
  drain(): void;
  requestDrain(): void;
  take(call: number): ProcessInformation | null;
  end(limitMs: number): void;
  has(index: number): boolean;
  problem(index: number): string | null;
  threads(): number;
}

export interface NativeAddon {
  readonly functions: readonly NativeFunction[];
  /** On Windows only. */
  readonly Files?: new () => NativeFiles;
  readonly HeldPath?: new () => NativeHeldPath;
  readonly protectionOf?: NativeProtectionOf;
  readonly Inspector?: MakeNativeInspector;
  /** On Linux only. */
  readonly Streams?: MakeNativeStreams;
  /** Has the engine collect soon what is garbage of large buffers. */
  readonly hintMemory: () => void;
  /** Not on Windows. */
  readonly TreeReader?: new () => NativeTree;
  readonly Server: MakeNativeServer;
  readonly Unpack: new (onRoom: () => void) => NativeUnpack;
  readonly UnpackPlanner: new (id: number) => NativeUnpackPlanner;
  readonly Host: new (
    libraries: HostLibraries | null,
    maxWorkers: number,
    deliver: (count: number, values: readonly unknown[] | undefined, more: boolean) => void,
    fields: Float64Array,
  ) => NativeHost;
}

const names = Object.keys(functions) as FunctionKey[];

type Outputs = Record<string, unknown>;

interface Plan {
  readonly index: number;
  /** The In parameters that JavaScript gives, in order. */
  readonly inputs: readonly string[];
  /** The Out parameters, in order. */
  readonly outputs: readonly string[];
  /** That of them which is the handle the call opens. */
  readonly handle: string | undefined;
  /** And that which has the streams of a process. */
  readonly information: string | undefined;
}

const plans = new Map<FunctionKey, Plan>(
  names.map((name, index) => {
    const outputs = outputsOf(name);
    const plan = {
      index,
      inputs: inputsOf(name).map((input) => input.name),
      outputs: outputs.map((output) => output.name),
      handle: outputs.find(({ shape }) => shape === 'Handle')?.name,
      information: outputs.find(({ shape }) => shape === 'Streams')?.name,
    };
    return [name, plan];
  }),
);

// Records of a batch: eight numbers each, and what is no number in an array beside them.
//   notification  tag, watch, status, type                                             value: its data
//   completion    tag, call, status, ending, notification type and status, registration status, whether it opened a
//                 handle                                       value: [notification data, each Out parameter ...]
//   overflow      tag, watch, 0, count
const batch = 256;
const stride = 8;
const Tag = { notification: 0, completion: 1, overflow: 2 } as const;
const kinds: Readonly<Record<HandleKind, number>> = {
  System: 0,
  Process: 1,
  GuestNetworkService: 2,
  ServiceRegistration: 3,
  PortReservation: 4,
  VirtualDisk: 5,
};

interface Waiting extends WaitingCall {
  /** None for a close, whose outcome is the status alone. */
  readonly plan: Plan | undefined;
}

function flat(given: unknown): unknown[] {
  const { eventTypes = 0, resources = [] } = given as OperationExtras;
  return [eventTypes, ...resources.flat()];
}

class AddonBackend implements Backend {
  readonly name = 'addon';
  readonly #host: NativeHost;
  readonly #sink: Sink;
  readonly #fields = new Float64Array(batch * stride);
  readonly #waiting = new WaitingCalls<Waiting>((alive) => this.#host.hold(alive));
  readonly #exported = new Map<FunctionKey, boolean>();
  #inImmediate = false;
  #ended = false;

  constructor(addon: NativeAddon, libraries: HostLibraries | null, sink: Sink, maxWorkers: number) {
    this.#sink = sink;
    this.#host = new addon.Host(libraries, maxWorkers, (c, v, m) => this.#deliver(c, v, m), this.#fields);
  }

  get present(): ReadonlySet<FunctionKey> {
    return new Set(names.filter((name) => this.has(name)));
  }

  has(key: FunctionKey): boolean {
    const known = this.#exported.get(key);
    if (known !== undefined || this.#ended) return known ?? false;
    const found = this.#host.has(plans.get(key)!.index);
    this.#exported.set(key, found);
    return found;
  }

  problemOf(key: FunctionKey): string | undefined {
    if (this.#ended) return undefined;
    return this.#host.problem(plans.get(key)!.index) ?? undefined;
  }

  get threads(): number {
    return this.#ended ? 0 : this.#host.threads();
  }

  get callsInFlight(): number {
    return this.#waiting.size;
  }

  call<F extends CallableKey>(name: F, input: Input<F>, caller: Caller<Completion<F>>, paired = true): number {
    const plan = plans.get(name)!;
    const { inputs } = plan;
    const given = input as Record<string, unknown>;
    // Most functions take no more from JavaScript than two arguments.
    const id =
      given.operation !== undefined
        ? this.#host.call(plan.index, paired, ...inputs.map((name) => given[name]), flat(given.operation))
        : inputs.length === 1
          ? this.#host.call(plan.index, paired, given[inputs[0]!])
          : inputs.length === 2
            ? this.#host.call(plan.index, paired, given[inputs[0]!], given[inputs[1]!])
            : this.#host.call(plan.index, paired, ...inputs.map((name) => given[name]));
    return this.#wait(id, plan, caller);
  }

  close(kind: HandleKind, handle: OpenHandle, caller: Caller<number>, discard = false): number {
    return this.#wait(this.#host.close(kinds[kind], handle, discard), undefined, caller);
  }

  #wait(id: number, plan: Plan | undefined, caller: Caller<never>): number {
    this.#waiting.add(id, { plan, caller, held: true });
    return id;
  }

  release(call: number): void {
    this.#waiting.release(call);
  }

  cancel(call: number, watch: number): void {
    if (!this.#ended) this.#host.cancel(call, watch);
  }

  abandon(call: number, watch: number): void {
    if (!this.#ended) this.#host.abandon(call, watch);
  }

  hold(): void {
    this.#waiting.hold();
  }

  unhold(): void {
    this.#waiting.unhold();
  }

  end(): void {
    if (this.#ended) return;
    this.#host.end(0);
    this.#ended = true;
    this.#waiting.end();
  }

  // Called by the addon.
  #deliver(count: number, values: readonly unknown[] | undefined, more: boolean): void {
    if (more) this.#drainLater();
    // What is thrown is a defect: those who wait for the rest of the batch get it all the same.
    for (let i = 0; i < count; i++) {
      try {
        this.#deliverRecord(i * stride, values?.[i]);
      } catch (error) {
        reportUncaught(error);
      }
    }
    this.#sink.delivered();
  }

  #deliverRecord(at: number, value: unknown): void {
    const fields = this.#fields;
    const id = fields[at + 1]!;
    switch (fields[at]) {
      case Tag.completion:
        this.#complete(id, at, value as readonly unknown[] | undefined);
        break;
      case Tag.notification:
        this.#sink.notification(id, {
          type: fields[at + 3]!,
          status: fields[at + 2]!,
          data: (value as string | undefined) ?? null,
        });
        break;
      case Tag.overflow:
        this.#sink.overflow(id, fields[at + 3]!);
        break;
    }
  }

  // What is left after a batch waits until the event loop has looked around. Notifications do not keep the process alive,
  // and an immediate that does not runs in the turn at hand or, if that is over, perhaps never: so it is followed by a ring.
  #drainLater(): void {
    if (this.#inImmediate) {
      this.#host.requestDrain();
      return;
    }
    setImmediate(() => {
      if (this.#ended) return;
      this.#inImmediate = true;
      this.#host.drain();
      this.#inImmediate = false;
    }).unref();
  }

  #complete(id: number, at: number, value: readonly unknown[] | undefined): void {
    const waiting = this.#waiting.take(id);
    if (waiting === undefined) return;
    const fields = this.#fields;
    const status = fields[at + 2]!;
    const { plan } = waiting;
    const caller = waiting.caller as Caller<unknown>;
    if (plan === undefined) {
      caller.settle(status);
      return;
    }
    const ending = fields[at + 3] as Ending;
    const notification: RawNotification | undefined =
      ending === Ending.notified
        ? { type: fields[at + 4]!, status: fields[at + 5]!, data: (value?.[0] as string | null | undefined) ?? null }
        : undefined;
    const outputs: Outputs = {};
    for (let i = 0; i < plan.outputs.length; i++) outputs[plan.outputs[i]!] = value?.[i + 1] ?? null;
    if (plan.handle !== undefined) outputs[plan.handle] = fields[at + 7] === 1 ? id : null;
    // Not before it is their turn: what a worker thread has not taken when it is terminated is closed.
    if (plan.information !== undefined) outputs[plan.information] = this.#host.take(id);
    caller.settle({ status, ending, registration: fields[at + 6]!, notification, outputs });
  }
}

/** Makes hosts of an addon that has been loaded. */
export function openAddon(addon: NativeAddon): OpenBackend {
  useStreams(addon.Streams);
  return (libraries, sink, { maxWorkers }) => new AddonBackend(addon, libraries, sink, maxWorkers);
}
