/**
 * Notifications as an async iterator.
 *
 * @module
 */
import type { Subject } from '../errors/errors.js';
import { HcsAbortError, HcsArgumentError } from '../errors/errors.js';
import { readOptions } from '../known-options.js';
import { addAbortListener, removeAbortListener } from './waits/abort-signals.js';
import type { NotificationType } from './notification.js';
import { checkSignal, throwIfAborted } from './operation-options.js';

/** Which notifications to iterate over, and until when. */
export interface NotificationsOptions {
  /** Only those of these types; default all. `Overflow` is where others were lost, and `Unknown` any newer type. */
  readonly types?: readonly NotificationType[];
  /** Ends the iteration with an `AbortError`. */
  readonly signal?: AbortSignal;
}

interface Reader<N> {
  readonly resolve: (result: IteratorResult<N>) => void;
  readonly reject: (error: Error) => void;
}

/** What is iterated over. */
export interface Iterated {
  /** The method, for errors. */
  readonly operation: string;
  readonly subject: Subject;
  readonly isType: (type: unknown) => boolean;
}

interface Options {
  readonly types?: readonly string[];
  readonly signal?: AbortSignal;
}

/** Throws unless these are options of notifications(), and if the signal has fired already. */
function readNotificationsOptions(options: Options, { operation, subject, isType }: Iterated): Options {
  options = readOptions(options, ['types', 'signal']);
  checkSignal(options.signal);
  throwIfAborted(operation, subject, options);
  const list: unknown = options.types;
  if (list === undefined) return options;
  if (!Array.isArray(list)) throw new HcsArgumentError('options.types', 'must be an array of types', list);
  const types = [...(list as unknown[])];
  const wrong = types.findIndex((type) => !isType(type));
  if (wrong === -1) return { ...options, types: types as string[] };
  throw new HcsArgumentError(`options.types[${wrong}]`, 'must be the type of a notification', types[wrong]);
}

/** What iterators need of the lifetime of a handle. */
interface Owner {
  readonly subject: Subject;
  readonly end: { readonly ended: boolean };
  retain(): void;
  release(): void;
}

/** The iterators over the notifications of one handle: while there are any, its owner is kept from collection. */
export class NotificationIterators<N extends { readonly type: string }> {
  readonly #owner: Owner;
  readonly #isType: Iterated['isType'];
  readonly #open = new Set<NotificationIterator<N>>();

  constructor(owner: Owner, isType: Iterated['isType']) {
    this.#owner = owner;
    this.#isType = isType;
  }

  /** A new one. Of a handle that has ended it has the `last` notification only. */
  add(options: Options, last?: N): NotificationIterator<N> {
    const of = { operation: 'notifications', subject: this.#owner.subject, isType: this.#isType };
    const iterator = new NotificationIterator<N>(options, of, () => {
      if (this.#open.delete(iterator)) this.#owner.release();
    });
    if (this.#owner.end.ended) {
      if (last !== undefined) iterator.push(last);
      iterator.end();
    } else {
      this.#open.add(iterator);
      this.#owner.retain();
    }
    return iterator;
  }

  push(notification: N): void {
    for (const iterator of this.#open) iterator.push(notification);
  }

  end(): void {
    for (const iterator of [...this.#open]) iterator.end();
  }
}

/** The notifications of one entity. Ends after the last one, with the entity, by return(), or when a signal fires. */
export class NotificationIterator<N extends { readonly type: string }> implements AsyncIterableIterator<N> {
  // Those before #next have been read. Dropped in one go when all have: removing them one by one costs the square of their
  // number.
  #arrived: N[] = [];
  #next = 0;
  readonly #readers: Reader<N>[] = [];
  readonly #types: ReadonlySet<string> | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #of: Iterated;
  readonly #ended: () => void;
  readonly #started = performance.now();
  #error: HcsAbortError | undefined;
  #done = false;

  /** `ended` is called when nothing more is to be pushed. */
  constructor(options: Options, of: Iterated, ended: () => void) {
    const { types, signal } = readNotificationsOptions(options, of);
    this.#types = types && new Set(types);
    this.#signal = signal;
    this.#of = of;
    this.#ended = ended;
    if (signal !== undefined) addAbortListener(signal, this);
  }

  push(notification: N): void {
    if (this.#types?.has(notification.type) === false) return;
    const reader = this.#readers.shift();
    if (reader === undefined) this.#arrived.push(notification);
    else reader.resolve({ value: notification, done: false });
  }

  /** What has arrived can still be read. */
  end(): void {
    this.#done = true;
    if (this.#signal !== undefined) removeAbortListener(this.#signal, this);
    this.#ended();
    for (const reader of this.#readers.splice(0)) reader.resolve({ value: undefined, done: true });
  }

  /** The signal has fired: one reader gets the error, as of `events.on()`. */
  abort(): void {
    const { operation, subject } = this.#of;
    const elapsedMs = Math.round(performance.now() - this.#started);
    const error = new HcsAbortError({ operation, ...subject, elapsedMs, cause: this.#signal?.reason });
    const reader = this.#readers.shift();
    if (reader === undefined) this.#error = error;
    else reader.reject(error);
    this.end();
  }

  next(): Promise<IteratorResult<N>> {
    const value = this.#arrived[this.#next];
    if (value !== undefined) {
      if (++this.#next === this.#arrived.length) this.#clear();
      return Promise.resolve({ value, done: false });
    }
    const error = this.#error;
    if (error !== undefined) {
      this.#error = undefined;
      return Promise.reject(error);
    }
    if (this.#done) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve, reject) => this.#readers.push({ resolve, reject }));
  }

  return(): Promise<IteratorResult<N>> {
    this.#clear();
    this.#error = undefined;
    this.end();
    return Promise.resolve({ value: undefined, done: true });
  }

  #clear(): void {
    this.#arrived = [];
    this.#next = 0;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
