/**
 * The inside of one open host: its backend, the subscriptions to which notifications are dispatched, its open resources,
 * and its close. Everything here runs on the JavaScript thread.
 *
 * @module
 */
import type {
  Backend,
  CallableName,
  FunctionKey,
  FunctionName,
  HandleKind,
  HostLibraries,
  OpenBackend,
  OpenHandle,
  RawNotification,
  Sink,
} from '../backend/backend.js';
import { keyOf } from '../backend/keys.js';
import { outputsOf } from '../backend/parameters.js';
import type { Subject } from '../errors/errors.js';
import { HcsSymbolError } from '../errors/errors.js';
import { failed, isHandleGone } from '../errors/result-codes.js';
import { Deadlines, longestTimeoutMs } from './waits/deadlines.js';
import type { Ledger } from './ledger.js';
import { OpenResources } from './ledger.js';
import type { Notification } from './notification.js';
import { toNotification } from './notification.js';
import type { Subscription } from './subscription.js';

// What a host must export beside a function that opens a handle, so that the handle can be watched and closed.
const needs: Readonly<Record<string, readonly FunctionName[]>> = {
  System: ['HcsRegisterComputeSystemCallback', 'HcsUnregisterComputeSystemCallback', 'HcsCloseComputeSystem'],
  Process: ['HcsRegisterProcessCallback', 'HcsUnregisterProcessCallback', 'HcsCloseProcess'],
};

function neededBy(name: FunctionName): readonly FunctionName[] {
  return [name, ...outputsOf(keyOf(name)).flatMap(({ kind }) => needs[kind] ?? [])];
}

/** Whether a handle is still open after a close with this status. */
export function closeFailed(status: number): boolean {
  return failed(status) && !isHandleGone(status);
}

/** A handle and its kind. */
export interface OwnedHandle {
  readonly kind: HandleKind;
  readonly handle: OpenHandle;
}

let warned = false;

/** An open host, as the rest of `src` uses it. Users have a `Host`. */
export class Session implements Sink {
  readonly backend: Backend;
  /** Calls that timed out or were cancelled, and have not completed inside the host. */
  stuckCalls = 0;
  /** No call is made any more but closes. */
  closed = false;
  /** The backend has ended; it closes what was still open. */
  ended = false;
  readonly deadlines = new Deadlines();
  readonly resources: OpenResources;
  /** Called when the host has ended, for calls that may never complete. */
  readonly endListeners = new Set<() => void>();
  /** The build of Windows that it runs on, where that is known. */
  osBuild: number | undefined;

  // Functions for which everything they need is exported.
  readonly #supported = new Set<CallableName>();
  readonly #withheld: FunctionKey[] = [];
  readonly #subscriptions = new Map<number, Subscription>();
  #toOpen: Subscription[] = [];
  #idle: (() => void) | undefined;
  readonly #owners = new FinalizationRegistry<OwnedHandle>((owned) => this.#collected(owned));

  constructor(open: OpenBackend, libraries: HostLibraries | null, maxWorkers: number, debug: boolean) {
    this.resources = new OpenResources(debug);
    this.backend = open(libraries, this, { maxWorkers });
  }

  /** Whether the host exports a function. */
  has(name: FunctionKey | FunctionName): boolean {
    const key = keyOf(name);
    return this.backend.present.has(key) && !this.#withheld.includes(key);
  }

  /** Makes the host one that does not export a function, until what is returned is called. */
  withhold(key: FunctionKey): () => void {
    this.#supported.clear();
    this.#withheld.push(key);
    return () => void this.#withheld.splice(this.#withheld.indexOf(key), 1);
  }

  /** Throws unless the host exports what a call of this function needs. */
  require(name: CallableName, subject: Subject): void {
    if (this.#supported.has(name)) return;
    for (const functionName of neededBy(name)) {
      if (!this.has(functionName)) {
        throw new HcsSymbolError({ operation: name, ...subject, functionName });
      }
    }
    this.#supported.add(name);
  }

  /** Dispatches the notifications of a watch to a subscription. */
  subscribe(watch: number, subscription: Subscription): void {
    this.#subscriptions.set(watch, subscription);
  }

  unsubscribe(watch: number): void {
    this.#subscriptions.delete(watch);
  }

  /** Opens the subscription when the code that awaits its owner has run. */
  openSoon(subscription: Subscription): void {
    this.#toOpen.push(subscription);
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

  /** Closes the handle when its owner is garbage collected without close(), and warns once. */
  closeOnCollection(owner: object, owned: OwnedHandle): void {
    this.#owners.register(owner, owned, owner);
  }

  /** The handle has been closed. */
  forgetOwner(owner: object): void {
    this.#owners.unregister(owner);
  }

  #collected(owned: OwnedHandle): void {
    this.#subscriptions.delete(owned.handle);
    if (this.closed || !this.resources.has(owned.handle)) return;
    this.closeUnowned(owned, false, true);
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
   * Closes a handle that has no owner; what was created is terminated first, whatever the host answers. As nobody else
   * can, a close that fails is tried again; what the host does not close at all stays in the ledger.
   */
  closeUnowned(owned: OwnedHandle, created: boolean, collected = false, attempts = 3): void {
    const { kind, handle } = owned;
    const caller = {
      settle: (status: number): void => {
        if (!closeFailed(status)) this.resources.closed(handle);
        else if (attempts > 1 && !this.ended) this.closeUnowned(owned, created, collected, attempts - 1);
      },
    };
    this.backend.release(this.backend.close(kind, handle, caller, created, collected));
  }

  ledger(): Ledger {
    const open = this.resources.entries();
    const systems = open.filter(({ kind }) => kind === 'system').length;
    return {
      systems,
      processes: open.length - systems,
      registrations: open.length,
      streams: this.resources.streams,
      layers: this.resources.mounted.size,
      callsInFlight: this.backend.callsInFlight,
      stuckCalls: this.stuckCalls,
      threads: this.backend.threads,
      open,
      mounted: [...this.resources.mounted.values()],
    };
  }

  /** Rejects the calls in flight, closes the systems, waits for what is inside the host, and ends the backend. */
  async close(timeoutMs: number): Promise<void> {
    if (this.ended) return;
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
    for (const listener of this.endListeners) listener();
    this.endListeners.clear();
    this.resources.clear();
  }

  async #untilIdle(): Promise<void> {
    if (this.backend.callsInFlight === 0) return;
    await new Promise<void>((resolve) => {
      this.#idle = resolve;
    });
  }

  delivered(): void {
    if (this.backend.callsInFlight === 0) this.#idle?.();
    if (this.#toOpen.length === 0) return;
    const subscriptions = this.#toOpen;
    this.#toOpen = [];
    // A tick that is scheduled inside a microtask runs after all promise callbacks, the one behind
    // `await ComputeSystem.create()` among them: a listener added there misses nothing.
    queueMicrotask(() => {
      process.nextTick(() => {
        for (const subscription of subscriptions) subscription.open();
      });
    });
  }
}
