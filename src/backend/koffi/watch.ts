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

/** A call as its watch sees it: it is finished once, by its host or by its watch. */
export interface Pending {
  readonly id: number;
  finish(ending: Ending, notification?: RawNotification): void;
}

interface Expected {
  readonly call: number;
  readonly completion: number;
  /** Came before the call returned. */
  early?: RawNotification;
  /** The call has returned pending. */
  waiting?: Pending;
  /** Nobody waits for the call any longer. */
  detached: boolean;
  /** While the call was still inside the host. */
  abandoned?: boolean;
}

const flags = 0xf0000000;
const terminals: ReadonlySet<number> = new Set([0x00000001, 0x00010000, 0x01000000]);
const notificationOf = (type: number): number => (type & ~flags) >>> 0;

export class Watch {
  /** Oldest first: a late completion belongs to the oldest call. */
  #expected: Expected[] = [];
  /** The first one stays: nothing else will come. */
  #terminal: RawNotification | undefined;
  #closed = false;
  readonly #raised: (notification: RawNotification) => void;

  constructor(
    readonly id: number,
    raised: (notification: RawNotification) => void,
  ) {
    this.#raised = raised;
  }

  /** Called for a thread of the host, which waits. */
  notify(raised: RawNotification): void {
    if (this.#closed) return;
    this.#raised(raised);
    if (terminals.has(notificationOf(raised.type))) this.#terminal ??= raised;
    this.#complete(raised);
  }

  // The oldest call that expects this notification gets it, and so do the detached ones before it, which may or may not be
  // what it is about; a terminal one ends them all.
  #complete(raised: RawNotification): void {
    const notification = notificationOf(raised.type);
    const ends = terminals.has(notification);
    for (const expected of [...this.#expected]) {
      if (!ends && (expected.completion !== notification || expected.early !== undefined)) continue;
      if (expected.waiting === undefined) expected.early ??= raised;
      else this.#take(expected).finish(Ending.notified, raised);
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
    if (refused && early !== undefined && !terminals.has(notificationOf(early.type))) this.#complete(early);
  }

  /** The answer was pending: the call ends with its notification, which may have been here already. */
  await(call: Pending): void {
    const expected = this.#find(call.id);
    const arrived = expected?.early ?? this.#terminal;
    if (arrived !== undefined) {
      this.#drop(call.id);
      call.finish(Ending.notified, arrived);
    } else if (this.#closed || expected === undefined) {
      call.finish(Ending.closed);
    } else if (expected.abandoned) {
      this.#drop(call.id);
      call.finish(Ending.abandoned);
    } else {
      this.#dropDisowned(expected.completion);
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
