/**
 * A watch receives the notifications of one handle and pairs them with the calls they complete: what `native/core/watch.cc`
 * is for the addon, with the same rules. All of it is on the JavaScript thread.
 *
 * @module
 */
import type { RawNotification } from '../backend.js';
import { Ending } from '../backend.js';
import type { Abi } from './abi.js';
import type { Koffi } from './module.js';
import { failed } from '../status.js';

/** A call as its watch sees it: it is finished once, by its host or by its watch. */
export interface Pending {
  readonly id: number;
  finish(ending: Ending, notification?: RawNotification): void;
}

/** In place of a notification: the operation of the call completes it, and nothing else but the loss of the service. */
export const itsOperation = 0x0fffffff;

/** A notification, and what it is by the numbers of vmcompute.dll. */
interface Arrived {
  readonly raised: RawNotification;
  readonly meaning: number;
}

interface Expected {
  readonly call: number;
  readonly completion: number;
  /** Came before the call returned. */
  early?: Arrived;
  /** The call has returned pending. */
  waiting?: Pending;
  /** Nobody waits for the call any longer. */
  detached: boolean;
  /** While the call was still inside the host. */
  abandoned?: boolean;
}

const flags = 0xf0000000;
const serviceDisconnect = 0x01000000;
const terminals: ReadonlySet<number> = new Set([0x00000001, 0x00010000, serviceDisconnect]);
const notificationOf = (type: number): number => (type & ~flags) >>> 0;
// Of the events of computecore.dll, whose numbers are its own, only these mean something here.
const meaningOf = (event: number): number =>
  event === 0x02000000 ? serviceDisconnect : event === 0x00000001 || event === 0x00010000 ? event : 0;

// An operation completes by itself although its system has exited, unless the service is gone.
const endsCall = (meaning: number, { completion }: Expected): boolean =>
  completion !== itsOperation || meaning === serviceDisconnect;

export class Watch {
  /** Oldest first: a late completion belongs to the oldest call. */
  #expected: Expected[] = [];
  /** The first one stays: nothing else will come. */
  #terminal: Arrived | undefined;
  /** The first end of the connection to the service, which may come after an exit. */
  #disconnect: Arrived | undefined;
  #closed = false;
  readonly #raised: (notification: RawNotification) => void;

  constructor(
    readonly id: number,
    raised: (notification: RawNotification) => void,
  ) {
    this.#raised = raised;
  }

  /** Called for a thread of the host, which waits. */
  notify(raised: RawNotification, meaning = notificationOf(raised.type)): void {
    if (this.#closed) return;
    this.#raised(raised);
    const arrived = { raised, meaning };
    if (terminals.has(meaning)) this.#terminal ??= arrived;
    if (meaning === serviceDisconnect) this.#disconnect ??= arrived;
    this.#complete(arrived);
  }

  /** The operation of a call has completed, with this result. False: nobody waits for it any more. */
  completeOperation(call: number, result: RawNotification): boolean {
    const expected = this.#find(call);
    if (expected === undefined || expected.early !== undefined) return false;
    // What ends with an exit goes on to that.
    if (expected.completion !== itsOperation && !failed(result.status)) return true;
    if (expected.waiting === undefined) expected.early = { raised: result, meaning: 0 };
    else this.#take(expected).finish(Ending.notified, result);
    return true;
  }

  // The oldest call that expects this notification gets it, and so do the detached ones before it, which may or may not be
  // what it is about; a terminal one ends them all.
  #complete(arrived: Arrived): void {
    const { meaning } = arrived;
    const ends = terminals.has(meaning);
    for (const expected of [...this.#expected]) {
      const isIts = ends
        ? endsCall(meaning, expected)
        : expected.completion === meaning && expected.early === undefined;
      if (!isIts) continue;
      if (expected.waiting === undefined) expected.early ??= arrived;
      else this.#take(expected).finish(Ending.notified, arrived.raised);
      if (!ends && !expected.detached) return;
    }
  }

  #take(expected: Expected): Pending {
    this.#expected.splice(this.#expected.indexOf(expected), 1);
    return expected.waiting!;
  }

  #find(call: number): Expected | undefined {
    return this.#expected.find((expected) => expected.call === call);
  }

  #drop(call: number): Expected | undefined {
    const expected = this.#find(call);
    if (expected !== undefined) this.#expected.splice(this.#expected.indexOf(expected), 1);
    return expected;
  }

  /** Before the host call: `completion` may arrive while it is still inside the host. */
  expect(call: number, completion: number): void {
    this.#expected.push({ call, completion, detached: false });
  }

  /** The answer was final. `refused`: it was a failure. */
  unexpect(call: number, refused: boolean): void {
    const early = this.#drop(call)?.early;
    // A refused call completes nothing: what it was given is the next one's. A terminal one has been given to all.
    if (refused && early !== undefined && !terminals.has(early.meaning)) this.#complete(early);
  }

  /** The answer was pending: the call ends with its notification, which may have been here already. */
  await(call: Pending): void {
    const expected = this.#find(call.id);
    const end = expected?.completion === itsOperation ? this.#disconnect : this.#terminal;
    const arrived = expected?.early ?? end;
    if (arrived !== undefined) {
      this.#drop(call.id);
      call.finish(Ending.notified, arrived.raised);
    } else if (this.#closed || expected === undefined) {
      call.finish(Ending.closed);
    } else if (expected.abandoned) {
      this.#drop(call.id);
      call.finish(Ending.abandoned);
    } else {
      if (expected.completion !== itsOperation) this.#dropDisowned(expected.completion);
      expected.waiting = call;
    }
  }

  #dropDisowned(completion: number): void {
    for (const expected of [...this.#expected]) {
      if (!expected.detached || expected.waiting === undefined || expected.completion !== completion) continue;
      this.#take(expected).finish(Ending.abandoned);
    }
  }

  /** It keeps its turn, as its notification may still come, until the host has accepted a later call of its kind. */
  detach(call: number): void {
    const expected = this.#find(call);
    if (expected !== undefined) expected.detached = true;
  }

  /** Ends the wait of a call, now, or as soon as it would begin when the call is inside the host. */
  abandon(call: number): void {
    const expected = this.#find(call);
    if (expected === undefined) return;
    if (expected.waiting === undefined) expected.abandoned = true;
    else this.#take(expected).finish(Ending.abandoned);
  }

  /** Ends every wait, present and future, because the handle is being closed. */
  close(): void {
    this.#closed = true;
    for (const { waiting } of this.#expected) waiting?.finish(Ending.closed);
    this.#expected = [];
  }
}

// What HCS is given is the number of a watch. One that is not there any more is ignored.
const watches = new Map<number, Watch>();
let last = 0;

/** The number of a call, and of the watch of what it opens: never used twice. */
export const nextId = (): number => ++last;

export const addWatch = (watch: Watch): void => void watches.set(watch.id, watch);
export const removeWatch = (id: number): void => void watches.delete(id);
export const findWatch = (id: number): Watch | undefined => watches.get(id);

let callback: bigint | undefined;

/**
 * The one callback given to HCS. It is never unregistered: a host may call late, and koffi throws on the thread of the
 * host when it then finds none.
 */
export function callbackOf(koffi: Koffi, abi: Abi): bigint {
  return (callback ??= koffi.register((type: number, id: number, status: number, data: string | null) => {
    findWatch(id)?.notify({ type, status, data });
  }, abi.callback));
}

let eventCallback: bigint | undefined;

/** The same for the events of computecore.dll. */
export function eventCallbackOf(koffi: Koffi, abi: Abi): bigint {
  return (eventCallback ??= koffi.register((event: unknown, id: number) => {
    const { type, data } = abi.readEvent(event);
    findWatch(id)?.notify({ type, status: 0, data }, meaningOf(type));
  }, abi.eventCallback));
}
