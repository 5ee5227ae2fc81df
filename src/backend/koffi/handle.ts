/**
 * What a host has open, such as a system or a process, and everything that has to be undone when it is closed: unregister, close, forget. It
 * closes when its owner has said so and its last call has returned. What `native/core/handle.cc` is for the addon.
 *
 * @module
 */
import type { FunctionKey, HandleKind } from '../backend.js';
import { makeOutput } from './abi.js';
import { reportUncaught } from '../../uncaught.js';
import type { Library } from './library.js';
import { closeOperationsOf, terminateByOperation } from './operations.js';
import { kOk, kUnexpected } from './library.js';
import type { Watch } from './watch.js';
import { removeWatch } from './watch.js';
import { failed } from '../status.js';
import type { Work } from './workers.js';

interface HandleFunctions {
  readonly register?: FunctionKey;
  readonly unregister?: FunctionKey;
  readonly close: FunctionKey;
}

const functionsOf = {
  System: {
    register: 'vmcompute.HcsRegisterComputeSystemCallback',
    unregister: 'vmcompute.HcsUnregisterComputeSystemCallback',
    close: 'vmcompute.HcsCloseComputeSystem',
  },
  Process: {
    register: 'vmcompute.HcsRegisterProcessCallback',
    unregister: 'vmcompute.HcsUnregisterProcessCallback',
    close: 'vmcompute.HcsCloseProcess',
  },
  GuestNetworkService: {
    register: 'computenetwork.HcnRegisterGuestNetworkServiceCallback',
    unregister: 'computenetwork.HcnUnregisterGuestNetworkServiceCallback',
    close: 'computenetwork.HcnCloseGuestNetworkService',
  },
  ServiceRegistration: { close: 'computenetwork.HcnUnregisterServiceCallback' },
  VirtualDisk: { close: 'virtdisk.CloseVirtualDisk' },
  PortReservation: { close: 'computenetwork.HcnReleaseGuestNetworkServicePortReservationHandle' },
} as const satisfies Readonly<Record<HandleKind, HandleFunctions>>;

// Of computecore.dll: the one callback of a handle ends with it.
const ofComputecore: Readonly<Partial<Record<HandleKind, HandleFunctions>>> = {
  System: { close: 'computecore.HcsCloseComputeSystem' },
  Process: { close: 'computecore.HcsCloseProcess' },
};
const setCallback: Readonly<Partial<Record<HandleKind, FunctionKey>>> = {
  System: 'computecore.HcsSetComputeSystemCallback',
  Process: 'computecore.HcsSetProcessCallback',
};

/** Of `HCS_EVENT_OPTIONS`. */
const eventsOfLiveMigration = 4;

/** Where a handle is known while it is open. */
export interface Owner {
  readonly library: Library;
  readonly ended: boolean;
  submit(work: Work): void;
  forget(id: number): void;
}

/** The callbacks that the host gets. */
export interface Callbacks {
  readonly callback: bigint;
  readonly eventCallback: bigint;
}

/** The status of a call for an error that nobody expects. */
export function unexpected(error: unknown): number {
  reportUncaught(error);
  return kUnexpected;
}

export class Handle {
  /** Nobody has it yet, or nobody wants it: what it is of is terminated before it is closed. */
  terminateOnClose: boolean;
  #registration: unknown = null;
  #uses = 0;
  /** Somebody asked for a close: no call begins any more. */
  #closing = false;
  /** A close has been submitted and has not ended. */
  #running = false;
  #closed = false;
  /** Wait for the last use, and for each other. */
  readonly #parked: Work[] = [];

  /** `created`: the call made what it opened. */
  constructor(
    private readonly owner: Owner,
    readonly kind: HandleKind,
    /** The library that has opened it, and does all else with it. */
    readonly of: 'computecore' | 'others',
    readonly value: unknown,
    readonly watch: Watch,
    created: boolean,
  ) {
    this.terminateOnClose = created;
  }

  /** Fulfilled with the status of the host. What has had its callback already, or needs none, gets none. */
  async register({ callback, eventCallback }: Callbacks): Promise<number> {
    if (this.of === 'computecore') {
      const options = this.kind === 'System' ? eventsOfLiveMigration : 0;
      return this.owner.library.call(setCallback[this.kind]!, [this.value, options, this.watch.id, eventCallback]);
    }
    const { register }: HandleFunctions = functionsOf[this.kind];
    if (register === undefined) return kOk;
    const registration = makeOutput('Registration');
    const values = [this.value, callback, this.watch.id, ...registration.values];
    const status = await this.owner.library.call(register, values);
    // What a call that failed has left there means nothing.
    if (!failed(status)) this.#registration = registration.read!(false);
    return status;
  }

  /** A call begins: false when the handle is being closed. Each true is paid back by `release`. */
  acquire(): boolean {
    if (this.#closing) return false;
    this.#uses++;
    return true;
  }

  release(): void {
    this.#uses--;
    this.#submitNext();
  }

  /** Ends the waits, and submits `closing` when the last call has returned and no other close is under way. */
  close(closing: Work): void {
    this.watch.close();
    this.#closing = true;
    this.#parked.push(closing);
    this.#submitNext();
  }

  #submitNext(): void {
    if (this.#uses !== 0 || this.#running) return;
    const next = this.#parked.shift();
    if (next === undefined) return;
    this.#running = true;
    this.owner.submit(next);
  }

  /** False when a close is on its way or has succeeded. */
  get needsClose(): boolean {
    return !this.#closed && !this.#running && this.#parked.length === 0;
  }

  /** A failed close may be tried again; after one that succeeded nothing happens. */
  async closeNow(): Promise<number> {
    const status = this.#closed ? kOk : await this.#closeInHost().catch(unexpected);
    // Whatever the host answered, it says no more to this watch.
    removeWatch(this.watch.id);
    this.#closed = !failed(status);
    this.#running = false;
    // After the host has ended nobody would try again.
    if (this.#closed || this.owner.ended) this.owner.forget(this.watch.id);
    this.#submitNext();
    return status;
  }

  // Off the JavaScript thread throughout: unregistering waits for callbacks that are running, and they wait for JavaScript.
  async #closeInHost(): Promise<number> {
    const { library } = this.owner;
    const { unregister, close } = this.#functions;
    const { terminateOnClose } = this;
    this.terminateOnClose = false;
    if (terminateOnClose) await this.#terminate();
    const registration = this.#registration;
    this.#registration = null;
    // A failure leaves the registration to the close that follows.
    if (registration !== null && unregister !== undefined) await library.call(unregister, [registration]);
    const status = await library.call(close, [this.value]);
    if (this.of === 'computecore') await closeOperationsOf(library, this.watch);
    return status;
  }

  get #functions(): HandleFunctions {
    return (this.of === 'computecore' ? ofComputecore[this.kind] : undefined) ?? functionsOf[this.kind];
  }

  // Whatever the host says to that.
  async #terminate(): Promise<void> {
    const { library } = this.owner;
    if (this.of === 'computecore') {
      const key = this.kind === 'System' ? 'HcsTerminateComputeSystem' : 'HcsTerminateProcess';
      await terminateByOperation(library, `computecore.${key}`, this.value);
      return;
    }
    const result = makeOutput('Text').values;
    if (this.kind === 'System')
      await library.call('vmcompute.HcsTerminateComputeSystem', [this.value, null, ...result]);
    else if (this.kind === 'Process') await library.call('vmcompute.HcsTerminateProcess', [this.value, ...result]);
  }
}
