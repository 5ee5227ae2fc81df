/**
 * What a fault is: a rule about calls, or something that happens to the host at once.
 *
 * @module
 */
import type { FunctionKey, FunctionName } from '../../backend/backend.js';

/**
 * How a lifecycle call is answered. `pending`: accepted, finished by a notification. `now`: done before the call
 * returns. `early`: accepted, and the notification comes before the call returns.
 */
export type CompletionStyle = 'pending' | 'now' | 'early';

/** A function of the host by its library and its name. */
export type FaultFunction = Exclude<FunctionKey, `simulator.${string}`>;

/** A fault: which calls it applies to, and what happens to them. */
export interface FaultRule {
  /** By library and name, such as `vmcompute.HcsStartComputeSystem`; the name alone will do where one library has it. */
  readonly function: FaultFunction | Exclude<FunctionName, 'HcSimulatorControl'>;
  /** Only calls on the system of this id. */
  readonly system?: string;
  /** Only calls on the object of the network service of this id; `HNSCall` names it in its path. */
  readonly object?: string;
  /** Of `HNSCall`: only calls of this method and path, such as `POST /endpoints`. A `*` stands for any part, such as an id. */
  readonly request?: string;
  /** The first matching call that it meets, from 1; default 1. */
  readonly nth?: number;
  /** How many calls from there on; default 1, 0 for all. */
  readonly count?: number;
  /** The share of the calls selected by `nth` and `count` that it meets, above 0 to 1, by the seed; default 1. */
  readonly probability?: number;
  /** The HRESULT that the call returns. Nothing is done when it is a failure. */
  readonly status?: number;
  /** The result document, to the letter; `null` for none. */
  readonly result?: string | null;
  /** `lost`: done, but never notified. `twice`: notified two times. */
  readonly completion?: CompletionStyle | 'lost' | 'twice';
  /** The HRESULT of the notification; nothing is done when it is a failure. */
  readonly completionStatus?: number;
  /** The data of the notification, to the letter. */
  readonly completionData?: string;
  /** Milliseconds by which the notification is late. */
  readonly delayMs?: number;
  /** Milliseconds for which the call stays inside the host. */
  readonly callMs?: number;
  /** The call stays inside the host until it is released. */
  readonly block?: boolean;
  /** The exit of the system or process is never notified. */
  readonly loseExit?: boolean;
  /** The pipes of the process stay open after its exit, until its last handle is closed. */
  readonly keepPipes?: boolean;
  /** Streams of the process that were not asked for are `INVALID_HANDLE_VALUE`, not null. */
  readonly invalidStreams?: boolean;
  /** So many milliseconds after an unregister the callback is called once more, with an exit. */
  readonly lateMs?: number;
  /**
   * What is done at the network service just before the call, which meets it by itself. `deleted`: another client deletes the
   * object of the call. `left-behind`: a client that has crashed has left an endpoint with the addresses that are asked for, or a
   * container in the namespace that is deleted.
   */
  readonly before?: 'deleted' | 'left-behind';
  /** The answer of a query, to the letter. */
  readonly properties?: string;
  /**
   * The host does not export the function, as far as the host that it is injected into is concerned: a call of it rejects
   * with `ERR_HC_SYMBOL`. It takes no other member. Open handles can still be closed.
   */
  readonly missing?: boolean;
}

/** A fault that has been injected. */
export interface Fault {
  /** Of the rule in the simulated host, or 0 where there is none. */
  readonly id: number;
  /** Releases the calls that it blocks. */
  release(): Promise<void>;
  /** Removes it, and releases its calls; what it made missing exists again. */
  clear(): Promise<void>;
}

/** A notification to raise. */
export interface RaisedNotification {
  readonly system: string;
  /** The id of a process of the system that it is about, if it is about one. */
  readonly process?: number;
  /** The number of section "Notifications" in docs/simulator.md; known or not. */
  readonly type: number;
  readonly status?: number;
  readonly data?: string | null;
  /** How many times; default 1. */
  readonly count?: number;
  /** The data is the index of each, from 0. */
  readonly sequence?: boolean;
  /** From so many threads at once, in no order. */
  readonly threads?: number;
}

/** What happens to the host at once, rather than to a call. */
export type FaultAct =
  /** The service goes away. */
  | { readonly disconnect: true }
  /** The network service alone restarts. */
  | { readonly restartNetworks: true }
  /** Notifications are raised on a system, or on each that there is. */
  | { readonly notify: Omit<RaisedNotification, 'system' | 'process'> };

/** A way in which a host fails. */
export interface FaultScenario {
  readonly name: string;
  /** What the host does, in a sentence. */
  readonly does: string;
  /** The public report that it is taken from: a thread, as `owner/repository#number`, or a commit. */
  readonly report: string;
  /** What a client gets to see of it. */
  readonly sees?: string;
  /** What it, or its user, can do about it. */
  readonly remedy?: string;
  /** The rules that make the simulated host do it. */
  readonly rules: readonly (Omit<FaultRule, 'system' | 'object'> & { readonly function: FaultFunction })[];
  /** What is done to it at once. */
  readonly act?: FaultAct;
}

/** A result document as a host gives it. */
export function resultDocument(status: number, message: string): string {
  const event = { Message: message, Provider: '17103e3f-3c6e-4677-bb17-3b267eb5be57', EventId: 11000 };
  return JSON.stringify({ Error: status | 0, ErrorMessage: message, ErrorEvents: [event] });
}
