/**
 * One open host from the inside: routes what the backend delivers, and accounts for calls that nobody waits for.
 *
 * @module
 */
import type {
  Backend,
  CallableName,
  FunctionName,
  HandleKind,
  OpenBackend,
  OpenHandle,
  RawNotification,
  Sink,
} from '../backend/backend.js';
import { functions } from '../backend/functions.js';
import type { Subject } from '../errors/errors.js';
import { HcsSymbolError } from '../errors/errors.js';
import type { Notification, Subscription } from './events.js';
import { toNotification } from './events.js';
import type { Ledger } from './ledger.js';
import { Accounts } from './ledger.js';
import { failed, isHandleGone } from '../errors/result-codes.js';

// What has to be there beside a function that opens a handle, so that the handle can be watched and given back.
const needs: Readonly<Record<string, readonly FunctionName[]>> = {
  System: ['HcsRegisterComputeSystemCallback', 'HcsUnregisterComputeSystemCallback', 'HcsCloseComputeSystem'],
  Process: ['HcsRegisterProcessCallback', 'HcsUnregisterProcessCallback', 'HcsCloseProcess'],
};

function neededBy(name: FunctionName): readonly FunctionName[] {
  const opened = functions[name].parameters.filter(([direction]) => direction === 'Out').map(([, kind]) => kind);
  return [name, ...opened.flatMap((kind) => needs[kind] ?? [])];
}

/** A call that somebody waits for, and that ends without the host when it must. */
export interface GivenUp {
  readonly timeoutMs: number;
  /** On the clock of `performance.now()`. */
  readonly deadline: number;
  expire(): void;
  /** The host is being closed, or has ended. */
  hostClosed(ended: boolean): void;
}

/** A timer turns anything longer into 1 ms; nobody waits that long. */
export const longestTimeoutMs = 0x7fffffff;

/** The deadlines of all calls, with one timer for each duration in use instead of one for each call. */
class Deadlines {
  // By duration; within one, the oldest call is the next to expire.
  readonly #calls = new Map<number, Set<GivenUp>>();

  add(call: GivenUp): void {
    const { timeoutMs } = call;
    const calls = this.#calls.get(timeoutMs);
    if (calls !== undefined) {
      calls.add(call);
      return;
    }
    this.#calls.set(timeoutMs, new Set([call]));
    if (timeoutMs <= longestTimeoutMs) this.#watch(timeoutMs, timeoutMs);
  }

  delete(call: GivenUp): void {
    this.#calls.get(call.timeoutMs)?.delete(call);
  }

  /** Every call that is waited for. */
  all(): GivenUp[] {
    return [...this.#calls.values()].flatMap((calls) => [...calls]);
  }

  // A timer that finds nothing to do ends the watch over its duration.
  #watch(duration: number, wait: number): void {
    const check = (): void => {
      const calls = this.#calls.get(duration) ?? new Set<GivenUp>();
      for (const call of calls) {
        const left = call.deadline - performance.now();
        if (left > 0) {
          this.#watch(duration, left);
          return;
        }
        calls.delete(call);
        call.expire();
      }
      this.#calls.delete(duration);
    };
    setTimeout(check, Math.ceil(wait)).unref();
  }
}

/** A handle and its kind. */
export interface Owned {
  readonly kind: HandleKind;
  readonly handle: OpenHandle;
}

let warned = false;

export class Session implements Sink {
  readonly backend: Backend;
  /** Calls given up by their callers that the host has not finished. */
  stuckCalls = 0;
  /** Nothing is begun any more but closes. */
  closed = false;
  /** Everything that was open has been left to the backend. */
  ended = false;
  readonly deadlines = new Deadlines();
  readonly accounts: Accounts;
  /** Called when the host has been closed, for calls that may never come back. */
  readonly endings = new Set<() => void>();
  /** The build of Windows behind it, where that is known. */
  osBuild: number | undefined;

  readonly #complete = new Set<CallableName>();
  readonly #withheld: FunctionName[] = [];
  readonly #subscriptions = new Map<number, Subscription>();
  #fresh: Subscription[] = [];
  #idle: (() => void) | undefined;
  readonly #owners = new FinalizationRegistry<Owned>((owned) => this.#collected(owned));

  constructor(open: OpenBackend, path: string | null, maxWorkers: number, debug: boolean) {
    this.accounts = new Accounts(debug);
    this.backend = open(path, this, { maxWorkers });
  }

  /** Whether the host exports a function. */
  has(name: FunctionName): boolean {
    return this.backend.present.has(name) && !this.#withheld.includes(name);
  }

  /** Makes the host one without a function, until what is returned is called. */
  withhold(name: FunctionName): () => void {
    this.#complete.clear();
    this.#withheld.push(name);
    return () => void this.#withheld.splice(this.#withheld.indexOf(name), 1);
  }

  /** Throws unless the host has what a call of this function needs. */
  require(name: CallableName, subject: Subject): void {
    if (this.#complete.has(name)) return;
    for (const functionName of neededBy(name)) {
      if (!this.has(functionName)) {
        throw new HcsSymbolError({ operation: name, ...subject, functionName });
      }
    }
    this.#complete.add(name);
  }

  /** Sends the notifications of a watch to a subscription. */
  subscribe(watch: number, subscription: Subscription): void {
    this.#subscriptions.set(watch, subscription);
  }

  unsubscribe(watch: number): void {
    this.#subscriptions.delete(watch);
  }

  /** To be opened when the code that waits for its owner has run. */
  openLater(subscription: Subscription): void {
    this.#fresh.push(subscription);
  }

  notification(watch: number, notification: RawNotification): void {
    this.#receive(watch, toNotification(notification));
  }

  overflow(watch: number, count: number): void {
    this.#receive(watch, { type: 'Overflow', number: count, status: 0 });
  }

  #receive(watch: number, notification: Notification): void {
    this.#subscriptions.get(watch)?.receive(notification);
  }

  /** A handle whose owner may be collected without closing it: it is closed then, and that is said once. */
  own(owner: object, owned: Owned): void {
    this.#owners.register(owner, owned, owner);
  }

  disown(owner: object): void {
    this.#owners.unregister(owner);
  }

  #collected(owned: Owned): void {
    this.#subscriptions.delete(owned.handle);
    if (this.closed || !this.accounts.has(owned.handle)) return;
    this.giveBack(owned, false, true);
    if (warned) return;
    warned = true;
    const what = owned.kind === 'System' ? 'ComputeSystem' : 'Process';
    process.emitWarning(`A ${what} was garbage collected without close(). It has been closed now.`, {
      type: 'HostcomputeWarning',
      code: 'HC_COLLECTED',
      detail: 'Call close(), or declare it with "await using". This warning is given once.',
    });
  }

  /**
   * Returns a handle that nobody got; one that was created is terminated first, whatever the host says to that. As nobody
   * else can, a close that fails is tried again; what the host does not take at all stays in the ledger.
   */
  giveBack(owned: Owned, created: boolean, collected = false, attempts = 3): void {
    const { kind, handle } = owned;
    const nobody = {
      settle: (status: number): void => {
        if (!failed(status) || isHandleGone(status)) this.accounts.closed(handle);
        else if (attempts > 1 && !this.ended) this.giveBack(owned, created, collected, attempts - 1);
      },
    };
    this.backend.release(this.backend.close(kind, handle, nobody, created, collected));
  }

  ledger(): Ledger {
    const open = this.accounts.entries();
    const systems = open.filter(({ kind }) => kind === 'system').length;
    return {
      systems,
      processes: open.length - systems,
      registrations: open.length,
      streams: this.accounts.streams,
      layers: this.accounts.mounted.size,
      callsInFlight: this.backend.callsInFlight,
      stuckCalls: this.stuckCalls,
      threads: this.backend.threads,
      open,
      mounted: [...this.accounts.mounted.values()],
    };
  }

  /** Gives up the calls, closes the systems, waits for what is inside the host, and ends. */
  async close(timeoutMs: number): Promise<void> {
    this.closed = true;
    for (const call of this.deadlines.all()) call.hostClosed(false);
    const receivers = [...this.#subscriptions.values()].flatMap(({ receiver }) => receiver ?? []);
    const closed = Promise.allSettled(receivers.map((receiver) => receiver.close()));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, Math.min(timeoutMs, longestTimeoutMs));
    });
    await Promise.race([closed.then(() => this.#untilIdle()), late]);
    clearTimeout(timer);
    this.ended = true;
    for (const call of this.deadlines.all()) call.hostClosed(true);
    this.backend.end();
    for (const ending of this.endings) ending();
    this.endings.clear();
    this.accounts.clear();
  }

  async #untilIdle(): Promise<void> {
    if (this.backend.callsInFlight === 0) return;
    await new Promise<void>((resolve) => {
      this.#idle = resolve;
    });
  }

  delivered(): void {
    if (this.backend.callsInFlight === 0) this.#idle?.();
    if (this.#fresh.length === 0) return;
    const fresh = this.#fresh;
    this.#fresh = [];
    // A tick that is asked for inside a microtask runs after all promise callbacks, the one behind
    // `await ComputeSystem.create()` among them: a listener added there misses nothing.
    queueMicrotask(() => {
      process.nextTick(() => {
        for (const subscription of fresh) subscription.open();
      });
    });
  }
}
