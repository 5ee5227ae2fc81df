/**
 * The ledger: what this program has open in a host, and where it was opened.
 *
 * @module
 */
import type { HandleKind } from '../backend/backend.js';
import { NumberMap } from '../number-map.js';
import type { NetworkObject, Subject } from '../errors/errors.js';

const names = {
  System: 'system',
  Process: 'process',
  GuestNetworkService: 'guestNetworkService',
  ServiceRegistration: 'networkEvents',
  PortReservation: 'portReservation',
  VirtualDisk: 'virtualDisk',
} as const satisfies Readonly<Record<HandleKind, string>>;

/** What is open here: a system, a process, a virtual disk, or something of networks. */
export interface LedgerEntry {
  readonly kind: (typeof names)[HandleKind];
  readonly systemId?: string;
  readonly processId?: number;
  /** The file of a virtual disk. */
  readonly disk?: string;
  /** What of the network service it belongs to. */
  readonly object?: NetworkObject;
  /** Where it was opened: the stack of the call. Only of a host that was opened with `debug`. */
  readonly openedAt?: string;
}

/** A layer that is mounted here. */
export interface LedgerLayer {
  /** Its folder. */
  readonly layer: string;
  /** Where it was mounted: the stack of the call. Only of a host that was opened with `debug`. */
  readonly openedAt?: string;
}

/** What a host has open for this program at one moment. */
export interface Ledger {
  /** Handles of systems and of processes; one object each, and those that are being opened and closed for an instant. */
  readonly systems: number;
  readonly processes: number;
  /** Callbacks that are registered: one for each handle. */
  readonly registrations: number;
  /** Streams of processes that have not been closed. */
  readonly streams: number;
  /** Layers that were mounted and not closed. */
  readonly layers: number;
  /** Calls that have begun and not ended, closes among them. */
  readonly callsInFlight: number;
  /** Those of them that timed out or were cancelled. */
  readonly stuckCalls: number;
  /** Threads for calls. */
  readonly threads: number;
  /** The handles one by one, in the order in which they were opened. */
  readonly open: readonly LedgerEntry[];
  readonly mounted: readonly LedgerLayer[];
}

interface Entry {
  readonly kind: HandleKind;
  subject: Subject;
  readonly site: string | undefined;
}

/** What is open in one host: handles, streams and mounted layers. */
export class OpenResources {
  readonly #debug: boolean;
  readonly #open = new NumberMap<Entry>();
  streams = 0;
  /** By the objects that closing unmounts. */
  readonly mounted = new Map<object, LedgerLayer>();

  constructor(debug: boolean) {
    this.#debug = debug;
  }

  /** The stack of the call that opens something at this moment; undefined unless the host was opened with `debug`. */
  callSite(): string | undefined {
    if (!this.#debug) return undefined;
    const { stack = '' } = new Error();
    return stack.split('\n').slice(2).join('\n');
  }

  opened(handle: number, kind: HandleKind, subject: Subject, site: string | undefined): void {
    this.#open.set(handle, { kind, subject, site });
  }

  /** Adds what is known of it by now. */
  describe(handle: number, subject: Subject): void {
    const entry = this.#open.get(handle);
    if (entry !== undefined) entry.subject = subject;
  }

  has(handle: number): boolean {
    return this.#open.has(handle);
  }

  closed(handle: number): void {
    this.#open.delete(handle);
  }

  clear(): void {
    this.#open.clear();
    this.mounted.clear();
  }

  entries(): LedgerEntry[] {
    return this.#open.values().map(({ kind, subject: { systemId, processId, object, disk }, site }) => ({
      kind: names[kind],
      ...(systemId !== undefined && { systemId }),
      ...(object !== undefined && { object }),
      ...(disk !== undefined && { disk }),
      ...(processId !== undefined && { processId }),
      ...(site !== undefined && { openedAt: site }),
    }));
  }
}
