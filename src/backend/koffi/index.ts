/**
 * The backend for machines where no binary of this package loads: the same calls by way of koffi, with threads of libuv.
 * What it cannot do is in {@link koffiLimits}.
 *
 * @module
 */
import { isMainThread } from 'node:worker_threads';

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
  RawNotification,
  Sink,
} from '../backend.js';
import { Ending } from '../backend.js';
import { functions } from '../functions.js';
import { LoadError } from '../load-error.js';
import { refuse } from './given-values.js';
import type { CallOwner } from './call.js';
import { Call } from './call.js';
import type { Handle } from './handle.js';
import type { Leaver } from './environment-exit.js';
import { nothingLeft, watchTheEnd } from './environment-exit.js';
import { koffiLimits } from './koffi-limits.js';
import type { Library } from './library.js';
import { libraryOf } from './library.js';
import type { Koffi } from './module.js';
import { addWatch, callbackOf, eventCallbackOf, findWatch, nextId, Watch } from './watch.js';
import type { Work } from './workers.js';
import { Workers } from './workers.js';
import { reportUncaught } from '../../uncaught.js';
import { WaitingCalls } from '../waiting-calls.js';

/** What JavaScript is to be told: a notification of a watch, a call that has ended, or a close with its status. */
type News = { readonly watch: number; readonly raised: RawNotification } | Call | { id: number; status: number };

// A timer turns anything longer into 1 ms.
const longest = 0x7fffffff;

class KoffiBackend implements Backend, CallOwner, Leaver {
  readonly name = 'koffi';
  readonly library: Library;
  readonly koffi: Koffi;
  readonly callback: bigint;
  readonly eventCallback: bigint;
  ended = false;
  readonly #sink: Sink;
  readonly #workers: Workers;
  readonly #handles = new Map<number, Handle>();
  #news: News[] = [];
  // Its only purpose is to keep the event loop alive.
  readonly #timer = setInterval(() => undefined, longest).unref();
  readonly #waiting = new WaitingCalls((alive) => {
    if (alive) this.#timer.ref();
    else this.#timer.unref();
  });

  constructor(koffi: Koffi, libraries: HostLibraries | null, sink: Sink, maxWorkers: number) {
    this.library = libraryOf(koffi, libraries);
    this.koffi = koffi;
    this.callback = callbackOf(koffi, this.library.abi);
    this.eventCallback = eventCallbackOf(koffi, this.library.abi);
    this.#sink = sink;
    this.#workers = new Workers(maxWorkers, () => this.#leftIfDone());
    watchTheEnd(this);
  }

  get present(): ReadonlySet<FunctionKey> {
    return new Set((Object.keys(functions) as FunctionKey[]).filter((name) => this.has(name)));
  }

  has(key: FunctionKey): boolean {
    return this.library.has(key);
  }

  problemOf(key: FunctionKey): string | undefined {
    return this.library.problemOf(key);
  }

  // Those of libuv's that a call of this host occupies: the others are not its own.
  get threads(): number {
    return this.ended ? 0 : this.inside;
  }

  get callsInFlight(): number {
    return this.#waiting.size;
  }

  get inside(): number {
    return this.#workers.inside;
  }

  get open(): number {
    return this.#handles.size;
  }

  leave(code: number): void {
    this.library.system.leave(code);
  }

  call<F extends CallableKey>(name: F, input: Input<F>, caller: Caller<Completion<F>>, paired = true): number {
    this.#checkOpen();
    const id = nextId();
    const call = new Call(this, id, name, input, paired);
    this.#wait(id, caller);
    this.#workers.submit(call);
    return id;
  }

  close(kind: HandleKind, handle: OpenHandle, caller: Caller<number>, discard = false): number {
    this.#checkOpen();
    const found = this.find(handle, kind) ?? refuse(`expected the handle of an open ${kind.toLowerCase()}`);
    if (discard) found.terminateOnClose = true;
    const id = nextId();
    this.#wait(id, caller);
    this.#close(found, id);
    return id;
  }

  #close(handle: Handle, id: number): void {
    const run = async (): Promise<void> => {
      const status = await handle.closeNow();
      this.#tell({ id, status });
    };
    handle.close({ id, runsAtEnd: true, run });
  }

  #checkOpen(): void {
    if (this.ended) refuse('the host is closed');
  }

  #wait(id: number, caller: Caller<never>): void {
    this.#waiting.add(id, { caller, held: true });
  }

  release(call: number): void {
    this.#waiting.release(call);
  }

  cancel(call: number, watch: number): void {
    if (this.ended) return;
    const taken = this.#workers.cancel(call);
    if (taken instanceof Call) {
      taken.finish(Ending.cancelled);
      taken.dropped();
    } else {
      findWatch(watch)?.detach(call);
    }
  }

  abandon(call: number, watch: number): void {
    if (!this.ended) findWatch(watch)?.abandon(call);
  }

  hold(): void {
    this.#waiting.hold();
  }

  unhold(): void {
    this.#waiting.unhold();
  }

  end(): void {
    if (this.ended) return;
    this.ended = true;
    clearInterval(this.#timer);
    this.#waiting.end();
    for (const news of this.#news) if (news instanceof Call) news.discardStreams();
    this.#news = [];
    for (const dropped of this.#workers.dropQueued()) if (dropped instanceof Call) dropped.dropped();
    // One that is being closed already has its work, which still runs.
    for (const handle of this.#handles.values()) if (handle.needsClose) this.#close(handle, nextId());
    this.#leftIfDone();
  }

  #leftIfDone(): void {
    if (this.ended && this.inside === 0 && this.open === 0) nothingLeft(this);
  }

  // What calls and handles ask of their host.

  find(id: unknown, kind: HandleKind): Handle | undefined {
    const handle = this.#handles.get(id as number);
    return handle?.kind === kind ? handle : undefined;
  }

  makeWatch(id: number): Watch {
    const watch = new Watch(id, (raised) => this.#tell({ watch: id, raised }));
    addWatch(watch);
    return watch;
  }

  adopt(handle: Handle): boolean {
    if (!this.ended) this.#handles.set(handle.watch.id, handle);
    return !this.ended;
  }

  forget(id: number): void {
    this.#handles.delete(id);
  }

  submit(work: Work): void {
    this.#workers.submit(work);
  }

  finished(call: Call): void {
    if (this.ended) call.discardStreams();
    else this.#tell(call);
  }

  // In a microtask: the thread of the host whose callback it was goes on before anyone listens to what it said.
  #tell(news: News): void {
    if (this.ended) return;
    if (this.#news.push(news) === 1) queueMicrotask(() => this.#deliver());
  }

  #deliver(): void {
    const batch = this.#news;
    this.#news = [];
    if (batch.length === 0) return;
    // What is thrown is a defect: those who wait for the rest of the batch get it all the same.
    for (const news of batch) {
      try {
        if ('raised' in news) this.#sink.notification(news.watch, news.raised);
        else this.#complete(news);
      } catch (error) {
        reportUncaught(error);
      }
    }
    this.#sink.delivered();
  }

  #complete(news: Call | { id: number; status: number }): void {
    const waiting = this.#waiting.take(news.id);
    if (waiting === undefined) {
      if (news instanceof Call) news.discardStreams(); // the host was closed in the middle of the batch
      return;
    }
    const caller = waiting.caller as Caller<unknown>;
    if (!(news instanceof Call)) {
      caller.settle(news.status);
      return;
    }
    const outputs = news.takeOutputs();
    const { status, ending, registration, notification } = news;
    caller.settle({ status, ending, registration, notification, outputs });
  }
}

export { loadKoffi } from './module.js';

/** Makes hosts by way of koffi. */
export function openKoffi(koffi: Koffi): OpenBackend {
  if (!isMainThread) {
    const why = `The backend koffi works on the main thread only: ${koffiLimits.workerThreads}`;
    throw new LoadError(why, 'Open the host on the main thread');
  }
  return (libraries, sink, { maxWorkers }) => new KoffiBackend(koffi, libraries, sink, maxWorkers);
}
