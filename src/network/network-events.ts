/**
 * The notifications of the network service, as an async iterator.
 *
 * @module
 */
import { readOptions } from '../known-options.js';
import { defaultHost, sessionOf } from '../host/host.js';
import type { Host } from '../host/host.js';
import { Lifetime } from '../host/handle-lifetime.js';
import type { AnyNotification } from '../host/notification.js';
import { NotificationIterator } from '../host/notification-iterator.js';
import { openHandle } from '../host/open-handle.js';
import type { OperationOptions } from '../host/operation-options.js';
import { readOperationOptions } from '../host/operation-options.js';
import { boundedWait } from '../host/waits/bounded-wait.js';
import { remaining } from '../host/waits/deadlines.js';
import { serviceDisconnectError } from '../host/service-disconnect.js';
import type { NetworkEvent, NetworkEventType } from './network-event.js';
import { isNetworkEventType, networkEventType, toNetworkEvent } from './network-event.js';

/** Options of {@link networkEvents}. */
export interface NetworkEventsOptions extends OperationOptions {
  /** Only those of these types; default all. `Overflow` is where others were lost, and `Unknown` any newer type. */
  readonly types?: readonly NetworkEventType[];
  /** The host to use; default `defaultHost()`. */
  readonly host?: Host;
  /** Ends the iteration with an `AbortError`, before it has begun as well. */
  readonly signal?: AbortSignal;
  /** Milliseconds until the registration times out; the iteration has no limit. */
  readonly timeoutMs?: number;
}

const operation = 'networkEvents';
type Life = Lifetime<never, AnyNotification>;

/** The notifications of the network service from {@link NetworkEvents.ready} on, in order: none is lost. */
export class NetworkEvents implements AsyncIterableIterator<NetworkEvent> {
  /**
   * Fulfilled when the host has registered the callback: everything that happens from then on is notified of. Rejects when it
   * cannot, as the iteration does.
   */
  readonly ready: Promise<void>;
  readonly #iterator: NotificationIterator<NetworkEvent>;
  readonly #life: Promise<Life>;
  #failure: { readonly error: unknown } | undefined;
  #disconnected = false;
  #closed = false;
  #held = false;

  /** @internal */
  constructor(given: NetworkEventsOptions) {
    const started = performance.now();
    const options = readOperationOptions(given, ['types', 'host']);
    const { types, signal } = options;
    const wanted = readOptions({ ...(types && { types }), ...(signal && { signal }) }, ['types', 'signal']);
    const of = { operation, subject: {}, isType: isNetworkEventType };
    this.#iterator = new NotificationIterator(wanted, of, () => this.#close());
    this.#life = this.#register(options, started);
    this.ready = this.#life.then(() => undefined);
    this.ready.catch((error: unknown) => {
      if (!this.#closed) this.#failure = { error };
      this.#iterator.end();
    });
  }

  async #register(options: NetworkEventsOptions, started: number): Promise<Life> {
    const name = 'HcnRegisterServiceCallback';
    const session = sessionOf(options.host ?? (await defaultHost()), name);
    return openHandle({
      session,
      name,
      input: {},
      subject: {},
      options: remaining(options, started),
      nameOf: networkEventType,
      make: (opened) => {
        const life: Life = new Lifetime(opened);
        life.begin(this, {
          receive: (notification) => this.#receive(life, notification),
          ended: () => this.#iterator.end(),
          closing: () => undefined,
        });
        life.listened(true);
        return life;
      },
    });
  }

  #receive(life: Life, notification: AnyNotification): void {
    const event = toNetworkEvent(notification);
    this.#iterator.push(event);
    if (event.type !== 'ServiceDisconnect') return;
    this.#disconnected = true;
    life.finish({ error: () => serviceDisconnectError({}) });
  }

  // Whatever ends the iteration ends the registration.
  #close(): void {
    this.#life.then(async (life) => life.close()).catch(() => undefined);
  }

  /** Whether the service has gone away: what follows then is the end, after an event `ServiceDisconnect`. */
  get disconnected(): boolean {
    return this.#disconnected;
  }

  /** Keeps Node running until the service goes away, it is closed, or unref() is called. */
  ref(): this {
    this.#hold(true);
    return this;
  }

  /** Undoes ref(). */
  unref(): this {
    this.#hold(false);
    return this;
  }

  // While it is being registered the call keeps Node running.
  #hold(held: boolean): void {
    this.#held = held;
    const apply = (life: Life): void => {
      if (this.#held) life.ref();
      else life.unref();
    };
    this.#life.then(apply, () => undefined);
  }

  async next(): Promise<IteratorResult<NetworkEvent>> {
    const result = await this.#iterator.next();
    const failure = this.#failure;
    if (result.done !== true || failure === undefined) return result;
    this.#failure = undefined;
    throw failure.error;
  }

  /** Ends the iteration, and drops what has not been read. */
  async return(): Promise<IteratorResult<NetworkEvent>> {
    await this.#iterator.return();
    await this.close();
    return { value: undefined, done: true };
  }

  /** Unregisters the callback. The iteration ends after what has arrived. close() is idempotent. */
  async close(options: OperationOptions = {}): Promise<void> {
    options = readOperationOptions(options);
    const started = performance.now();
    this.#closed = true;
    this.#failure = undefined;
    // The registration ends with the iteration, also one that the host makes only after the limits of this wait.
    this.#iterator.end();
    const registered = this.#life.catch(() => undefined);
    const life = await boundedWait(registered, 'networkEvents.close', {}, undefined, options);
    await life?.close(remaining(options, started));
  }

  /** Same as close(). */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/**
 * The notifications of the host's network service: networks, namespaces and guest network services that come and go. To wait for
 * one does not keep Node running, see ref().
 *
 * After `ServiceDisconnect` the iteration ends; with close(), it ends without it. What is not read is kept in memory.
 *
 * @throws `HcsAbortError` when the signal has fired already
 * @example
 * await using events = networkEvents({ types: ['NetworkCreate', 'NetworkDelete'] }).ref();
 * await events.ready;
 * await Network.create(networks.internal({ name: 'web', subnet: '192.168.100.0/24' }));
 * for await (const { type, id } of events) {
 *   console.log(type, id); // NetworkCreate
 *   break;
 * }
 * if (events.disconnected) console.log('The network service has gone away.');
 */
export function networkEvents(options: NetworkEventsOptions = {}): NetworkEvents {
  return new NetworkEvents(options);
}
