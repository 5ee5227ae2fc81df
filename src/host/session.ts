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
  KindName,
  OpenBackend,
  OpenHandle,
} from '../backend/backend.js';
import { documentedBuildOf } from '../backend/first-builds.js';
import { keyOf, nameOf } from '../backend/keys.js';
import { functions } from '../backend/functions.js';
import { outputsOf, parametersOf } from '../backend/parameters.js';
import type { Subject } from '../errors/errors.js';
import { HcsLibraryError, HcsSymbolError } from '../errors/errors.js';
import { failed, isHandleGone } from '../errors/result-codes.js';
import { Dispatcher } from './dispatcher.js';
import type { Ledger, LedgerEntry } from './ledger.js';
import { OpenResources } from './ledger.js';
import { Deadlines, longestTimeoutMs } from './waits/deadlines.js';

// What a host must export beside a function that opens a handle, so that the handle can be watched and closed.
const needs: Readonly<Partial<Record<KindName, readonly FunctionName[]>>> = {
  System: ['HcsRegisterComputeSystemCallback', 'HcsUnregisterComputeSystemCallback', 'HcsCloseComputeSystem'],
  Process: ['HcsRegisterProcessCallback', 'HcsUnregisterProcessCallback', 'HcsCloseProcess'],
  GuestNetworkService: [
    'HcnRegisterGuestNetworkServiceCallback',
    'HcnUnregisterGuestNetworkServiceCallback',
    'HcnCloseGuestNetworkService',
  ],
  ServiceRegistration: ['HcnUnregisterServiceCallback'],
  PortReservation: ['HcnReleaseGuestNetworkServicePortReservationHandle'],
};
// And beside one that is about an object of HCN, or opens one: the backend does the rest of the trip.
const trips: Readonly<Partial<Record<KindName, readonly FunctionName[]>>> = {
  Network: ['HcnOpenNetwork', 'HcnQueryNetworkProperties', 'HcnCloseNetwork'],
  Namespace: ['HcnOpenNamespace', 'HcnQueryNamespaceProperties', 'HcnCloseNamespace'],
  Endpoint: ['HcnOpenEndpoint', 'HcnQueryEndpointProperties', 'HcnCloseEndpoint'],
  LoadBalancer: ['HcnOpenLoadBalancer', 'HcnQueryLoadBalancerProperties', 'HcnCloseLoadBalancer'],
  SdnRoute: ['HcnOpenSdnRoute', 'HcnQuerySdnRouteProperties', 'HcnCloseSdnRoute'],
};

function neededBy(name: FunctionName): readonly FunctionName[] {
  const key = keyOf(name);
  return [
    name,
    ...outputsOf(key).flatMap(({ kind }) => needs[kind] ?? []),
    ...parametersOf(key).flatMap(({ kind }) => trips[kind] ?? []),
  ];
}

const otherApi =
  'This host drives systems through vmcompute.dll, which has no such function. Open it with { api: "computecore" }.';

function isOfHandles(key: FunctionKey): boolean {
  return parametersOf(key).some(({ kind }) => kind === 'System' || kind === 'Process');
}

function libraryProblem(operation: FunctionName, library: string, problem: string): HcsLibraryError {
  const file = `${library}.dll`;
  const remedy = `Use a host that has ${file}: Windows has it from Windows 10 1809 and Windows Server 2019 on, in System32.`;
  return new HcsLibraryError(`${operation}: the host has no ${file}: ${problem}`, remedy, undefined, operation);
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

const warned = new Set<string>();

function warnCollected(what: string, openedAt?: string): void {
  if (warned.has(what)) return;
  warned.add(what);
  const advice = 'Call close(), or declare it with "await using". This warning is given once.';
  process.emitWarning(`A ${what} was garbage collected without close(). It has been closed now.`, {
    type: 'HostcomputeWarning',
    code: 'HC_COLLECTED',
    detail: openedAt === undefined ? advice : `${advice} It was opened here:\n${openedAt}`,
  });
}

/** What is left of a host that nobody has any more. */
interface Unowned {
  readonly backend: Backend;
  /** Called when the backend has ended. */
  readonly ended: () => Promise<void>;
  readonly openedAt: string | undefined;
}

const openSessions = new FinalizationRegistry<Unowned>(({ backend, ended, openedAt }) => {
  backend.end();
  ended().catch(() => undefined); // the warning is all that anybody can be told
  warnCollected('Host', openedAt);
});

/**
 * An open host, as the rest of `src` uses it. Users have a `Host`.
 *
 * The backend and what it delivers to know nothing of it: with the last of its host, its calls in flight, and the objects
 * that were opened through it, it is garbage collected, and the backend is ended.
 */
export class Session {
  readonly backend: Backend;
  readonly dispatcher = new Dispatcher();
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
  #quiet: Promise<void> | undefined;
  /** How many wait for the end. */
  #closing = 0;
  readonly #owners = new FinalizationRegistry<OwnedHandle>((owned) => this.#collected(owned));

  /** `ended` is called when it is collected without close(), and its backend has ended. */
  constructor(
    open: OpenBackend,
    libraries: HostLibraries | null,
    { maxWorkers, debug, ended }: { maxWorkers: number; debug: boolean; ended: () => Promise<void> },
  ) {
    this.resources = new OpenResources(debug);
    this.backend = open(libraries, this.dispatcher, { maxWorkers });
    openSessions.register(this, { backend: this.backend, ended, openedAt: this.resources.callSite() }, this);
  }

  /** Whether the host exports a function. */
  has(name: FunctionKey | FunctionName): boolean {
    const key = keyOf(name);
    return this.backend.has(key) && !this.#withheld.includes(key) && !this.#withheld.includes(this.#exportOf(key));
  }

  #exportOf(key: FunctionKey): FunctionKey {
    return this.backend.exportOf?.(key) ?? key;
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
    const asked = keyOf(name);
    // A handle is driven through the library that has opened it.
    if (this.backend.exportOf === undefined && functions[asked].library === 'computecore' && isOfHandles(asked)) {
      throw new HcsSymbolError({ operation: name, ...subject, functionName: name, remedy: otherApi });
    }
    for (const functionName of neededBy(name)) {
      if (!this.has(functionName)) {
        const problem = this.backend.problemOf(keyOf(functionName));
        const key = this.#exportOf(keyOf(functionName));
        if (problem === undefined) {
          throw new HcsSymbolError({
            operation: name,
            ...subject,
            functionName: nameOf(key),
            since: documentedBuildOf(key),
          });
        }
        throw libraryProblem(name, functions[key].library, problem);
      }
    }
    this.#supported.add(name);
  }

  /** Throws unless systems are driven through computecore.dll, and that exports what an operation needs besides. */
  requireForOperations(key: FunctionKey, operation: string, subject: Subject): void {
    const details = { operation, ...subject, functionName: nameOf(key) };
    if (this.backend.exportOf === undefined) throw new HcsSymbolError({ ...details, remedy: otherApi });
    if (!this.has(key)) throw new HcsSymbolError({ ...details, since: documentedBuildOf(key) });
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
    this.dispatcher.unsubscribe(owned.handle);
    if (this.closed || !this.resources.has(owned.handle)) return;
    this.closeUnowned(owned, false, true);
    warnCollected(owned.kind === 'System' ? 'ComputeSystem' : owned.kind);
  }

  /**
   * Closes a handle that has no owner; what was created is terminated first, whatever the host answers. As nobody else
   * can, a close that fails is tried again; what the host does not close at all stays in the ledger.
   */
  closeUnowned(owned: OwnedHandle, created: boolean, collected = false, closed?: () => void, attempts = 3): void {
    const { kind, handle } = owned;
    const caller = {
      settle: (status: number): void => {
        if (!closeFailed(status)) {
          this.resources.closed(handle);
          closed?.();
        } else if (attempts > 1 && !this.ended) this.closeUnowned(owned, created, collected, closed, attempts - 1);
      },
    };
    this.backend.release(this.backend.close(kind, handle, caller, created, collected));
  }

  ledger(): Ledger {
    const open = this.resources.entries();
    const count = (wanted: LedgerEntry['kind']): number => open.filter(({ kind }) => kind === wanted).length;
    return {
      systems: count('system'),
      processes: count('process'),
      registrations: open.length - count('portReservation') - count('virtualDisk'),
      streams: this.resources.streams,
      layers: this.resources.mounted.size,
      callsInFlight: this.backend.callsInFlight,
      stuckCalls: this.stuckCalls,
      threads: this.backend.threads,
      open,
      mounted: [...this.resources.mounted.values()],
    };
  }

  /**
   * Rejects the calls in flight, closes the systems, waits for what is inside the host, and ends the backend. The time counts
   * from this call, also when another close is under way: the last one that waits ends the backend.
   */
  async close(timeoutMs: number): Promise<void> {
    if (this.ended) return;
    this.#quiet ??= this.#closeAll();
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, Math.min(timeoutMs, longestTimeoutMs));
      this.endListeners.add(resolve);
    });
    this.#closing++;
    const quiet = await Promise.race([this.#quiet.then(() => true), over]);
    clearTimeout(timer);
    this.#closing--;
    if (quiet === true || this.#closing === 0) this.#end();
  }

  // Fulfilled when no call is inside the host any more.
  async #closeAll(): Promise<void> {
    this.closed = true;
    for (const call of this.deadlines.all()) call.hostClosed(false);
    await Promise.allSettled(this.dispatcher.receivers().map((receiver) => receiver.close()));
    await this.#untilIdle();
  }

  #end(): void {
    if (this.ended) return;
    this.ended = true;
    for (const call of this.deadlines.all()) call.hostClosed(true);
    this.backend.end();
    openSessions.unregister(this);
    for (const listener of this.endListeners) listener();
    this.endListeners.clear();
    this.resources.clear();
  }

  async #untilIdle(): Promise<void> {
    const { backend, dispatcher } = this;
    if (backend.callsInFlight === 0) return;
    await new Promise<void>((resolve) => {
      dispatcher.onDelivered = () => {
        if (backend.callsInFlight === 0) resolve();
      };
    });
  }
}
