/**
 * The backend that is the product: the C++ addon. Its numbers and arrays become completions and notifications here.
 *
 * @module
 */
import type {
  Backend,
  CallableName,
  Completion,
  Ending,
  FunctionName,
  Input,
  OpenBackend,
  Output,
  ProcessHandle,
  Sink,
  SystemHandle,
} from './backend.js';
import { functions } from './functions.js';

/** The functions as the addon was compiled with them. */
export interface NativeFunction {
  readonly name: string;
  readonly library: string;
  readonly completion: number;
  readonly parameters: readonly string[];
}

interface NativeHost {
  call(index: number, paired: boolean, ...inputs: unknown[]): number;
  close(handle: SystemHandle | ProcessHandle): number;
  cancel(call: number): void;
  abandon(call: number, watch: number): void;
  hold(held: boolean): void;
  drain(): void;
  end(limitMs: number): void;
  present(): boolean[];
  threads(): number;
}

export interface NativeAddon {
  readonly functions: readonly NativeFunction[];
  readonly Host: new (
    path: string | null,
    maxWorkers: number,
    deliver: (count: number, values: readonly unknown[] | undefined, more: boolean) => void,
    fields: Float64Array,
  ) => NativeHost;
}

const names = Object.keys(functions) as FunctionName[];

interface Plan {
  readonly index: number;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly empty: Readonly<Record<string, null>>;
}

const plans = new Map<FunctionName, Plan>(
  names.map((name, index) => {
    const named = (direction: string) =>
      functions[name].parameters
        .filter((parameter) => parameter[0] === direction && parameter[1] !== 'Identity')
        .map((parameter) => parameter[2]);
    const outputs = named('Out');
    return [name, { index, inputs: named('In'), outputs, empty: Object.fromEntries(outputs.map((o) => [o, null])) }];
  }),
);

// Records of a batch: six numbers each, and what is no number in an array beside them.
const batch = 256;
const stride = 6;
const Tag = { notification: 0, completion: 1, overflow: 2, collected: 3 } as const;

interface Waiting {
  readonly plan: Plan | undefined;
  readonly settle: (completion: Completion<CallableName>) => void;
  held: boolean;
}

class AddonBackend implements Backend {
  readonly name = 'addon';
  readonly present: ReadonlySet<FunctionName>;
  readonly #host: NativeHost;
  readonly #sink: Sink;
  readonly #fields = new Float64Array(batch * stride);
  readonly #waiting = new Map<number, Waiting>();
  #holds = 0;
  #ended = false;

  constructor(addon: NativeAddon, path: string | null, sink: Sink, maxWorkers: number) {
    this.#sink = sink;
    this.#host = new addon.Host(path, maxWorkers, (c, v, m) => this.#deliver(c, v, m), this.#fields);
    const present = this.#host.present();
    this.present = new Set(names.filter((_, index) => present[index]));
  }

  get threads(): number {
    return this.#ended ? 0 : this.#host.threads();
  }

  get callsInFlight(): number {
    return this.#waiting.size;
  }

  call<F extends CallableName>(
    name: F,
    input: Input<F>,
    settle: (completion: Completion<F>) => void,
    paired = true,
  ): number {
    const plan = plans.get(name)!;
    const inputs = plan.inputs.map((key) => (input as Record<string, unknown>)[key]);
    const id = this.#host.call(plan.index, paired, ...inputs);
    return this.#wait(id, plan, settle);
  }

  close(handle: SystemHandle | ProcessHandle, settle: (status: number) => void): number {
    const id = this.#host.close(handle);
    return this.#wait(id, undefined, ({ status }) => {
      settle(status);
    });
  }

  #wait(id: number, plan: Plan | undefined, settle: (completion: Completion<CallableName>) => void): number {
    this.#waiting.set(id, { plan, settle, held: true });
    this.hold();
    return id;
  }

  release(call: number): void {
    const waiting = this.#waiting.get(call);
    if (waiting === undefined || this.#ended) return;
    if (waiting.held) this.unhold();
    waiting.held = false;
  }

  cancel(call: number): void {
    if (!this.#ended) this.#host.cancel(call);
  }

  abandon(call: number, watch: number): void {
    if (!this.#ended) this.#host.abandon(call, watch);
  }

  hold(): void {
    if (this.#holds++ === 0 && !this.#ended) this.#host.hold(true);
  }

  unhold(): void {
    if (--this.#holds === 0 && !this.#ended) this.#host.hold(false);
  }

  end(): void {
    if (this.#ended) return;
    this.#host.end(0);
    this.#ended = true;
    this.#waiting.clear();
  }

  // Called by the addon. What is left after a batch waits for the next turn of the event loop.
  #deliver(count: number, values: readonly unknown[] | undefined, more: boolean): void {
    if (more) setImmediate(() => !this.#ended && this.#host.drain());
    const fields = this.#fields;
    for (let i = 0, at = 0; i < count; i++, at += stride) {
      const id = fields[at + 1]!;
      switch (fields[at]) {
        case Tag.completion:
          this.#complete(id, at, values?.[i] as readonly unknown[] | undefined);
          break;
        case Tag.notification:
          this.#sink.notification(id, {
            type: fields[at + 3]!,
            status: fields[at + 2]!,
            data: (values?.[i] as string | undefined) ?? null,
          });
          break;
        case Tag.overflow:
          this.#sink.overflow(id, fields[at + 3]!);
          break;
        case Tag.collected:
          this.#sink.collected(id);
          break;
      }
    }
    this.#sink.delivered();
  }

  #complete(id: number, at: number, value: readonly unknown[] | undefined): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    if (waiting.held) this.unhold();
    const fields = this.#fields;
    const ending = fields[at + 3] as Ending;
    const notification =
      ending === 1
        ? {
            type: fields[at + 4]!,
            status: fields[at + 5]!,
            data: (value?.[1] as string | null | undefined) ?? null,
          }
        : undefined;
    waiting.settle({
      status: fields[at + 2]!,
      ending,
      registration: (value?.[0] as number | undefined) ?? 0,
      notification,
      outputs: outputsOf(waiting.plan, value),
    });
  }
}

function outputsOf(plan: Plan | undefined, value: readonly unknown[] | undefined): Output<CallableName> {
  if (plan === undefined || value === undefined) return (plan?.empty ?? {}) as Output<CallableName>;
  const outputs: Record<string, unknown> = {};
  for (let i = 0; i < plan.outputs.length; i++) outputs[plan.outputs[i]!] = value[i + 2];
  return outputs as Output<CallableName>;
}

/** Makes hosts of an addon that has been loaded. */
export function openAddon(addon: NativeAddon): OpenBackend {
  return (path, sink, { maxWorkers }) => new AddonBackend(addon, path, sink, maxWorkers);
}
