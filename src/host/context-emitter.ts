/**
 * An event emitter whose listeners run in the async context in which they were added: an `AsyncLocalStorage` has the value
 * there that it had for the caller of on(). Notifications come from native code, which has no context of its own.
 *
 * @module
 */
import { AsyncResource } from 'node:async_hooks';
import { EventEmitter } from 'node:events';

import { reportUncaught } from '../uncaught.js';

/** For each event, the arguments of its listeners. */
export type EventMap<T> = Record<keyof T, unknown[]>;

type Listener = (...args: unknown[]) => unknown;
type AddListener = (this: EventEmitter, event: string | symbol, listener: Listener) => EventEmitter;

/** Names a method that only this package calls. */
export const listenersChanged = Symbol('hostcompute:listenersChanged');

/**
 * Listeners keep the async context in which they were added. One that throws does not keep the others from theirs: its error
 * is an uncaught exception.
 */
export class ContextEmitter<Events extends EventMap<Events>> extends EventEmitter<Events> {
  /**
   * Called when listeners have been added or removed.
   *
   * @internal
   */
  protected [listenersChanged](): void {
    // For those that need it.
  }
}

// As AsyncResource.bind() does, at a tenth of the time for each call.
function bind(listener: Listener): Listener {
  const context = new AsyncResource('hostcompute:listener');
  return function (this: unknown, ...args: unknown[]): unknown {
    try {
      return context.runInAsyncScope(listener, this, ...args);
    } catch (error) {
      reportUncaught(error);
      return undefined;
    }
  };
}

// The EventEmitter finds and shows a wrapper by its property `listener`, as it does for its own wrappers of once().
function inContext(listener: Listener): Listener {
  if (typeof listener !== 'function') return listener; // for the EventEmitter to refuse
  return Object.assign(bind(listener), { listener });
}

function inContextOnce(emitter: EventEmitter, event: string | symbol, listener: Listener): Listener {
  if (typeof listener !== 'function') return listener;
  const bound = bind(listener);
  let called = false;
  const wrapper = function (this: unknown, ...args: unknown[]): unknown {
    if (called) return undefined;
    called = true;
    emitter.removeListener(event, wrapper);
    return Reflect.apply(bound, this, args);
  };
  return Object.assign(wrapper, { listener });
}

type Method = (this: EventEmitter, ...args: never[]) => EventEmitter;
type Changing = EventEmitter & { [listenersChanged](): void };

/** The method, which says afterwards that it has changed the listeners. */
function changing<M extends Method>(method: M) {
  return {
    configurable: true,
    writable: true,
    value(this: Changing, ...args: Parameters<M>): Changing {
      method.apply(this, args);
      this[listenersChanged]();
      return this;
    },
  };
}

function adding(add: AddListener, wrap: typeof inContextOnce) {
  return changing(function (this: EventEmitter, event: string | symbol, listener: Listener): EventEmitter {
    return add.call(this, event, wrap(this, event, listener));
  });
}

// On the prototype, so that the types of the EventEmitter stay those of the methods.
const { on, prependListener } = EventEmitter.prototype as unknown as Record<'on' | 'prependListener', AddListener>;
const { removeListener, removeAllListeners } = EventEmitter.prototype as unknown as Record<string, Method>;
const always: typeof inContextOnce = (_emitter, _event, listener) => inContext(listener);
Object.defineProperties(ContextEmitter.prototype, {
  on: adding(on, always),
  addListener: adding(on, always),
  prependListener: adding(prependListener, always),
  once: adding(on, inContextOnce),
  prependOnceListener: adding(prependListener, inContextOnce),
  off: changing(removeListener!),
  removeListener: changing(removeListener!),
  removeAllListeners: changing(removeAllListeners!),
});
