/**
 * What the clients have: systems, processes, volumes, mounts, counted by user over all connections. It is in memory. The systems of
 * a broker end with it: each is terminated when the last handle has gone.
 *
 * @module
 */
import type { SchemaMajor } from '../documents/types.js';
import type { Held } from '../paths/held-folders.js';
import type { PolicyLimits } from '../policy/policy.js';
import { Refusal, statuses } from '../refusal.js';

/** A system of a client. */
export interface SystemRecord {
  readonly user: string;
  /** What the client calls it, and what the host does. */
  readonly clientId: string;
  readonly hostId: string;
  /** The owner that the client's document named: what the client reads again. */
  readonly clientOwner: string | undefined;
  readonly schema: SchemaMajor;
  memoryInMB: number;
  /** What is held open until it ends. */
  readonly held: Held[];
  /** Handles that are open, or being opened. */
  handles: number;
}

/** A mounted layer, and the calls that undo it. */
export interface MountRecord {
  readonly path: string;
  readonly state: 'active' | 'prepared';
}

/** What is reserved for a call before it is made. */
export interface Reservation {
  readonly systems?: number;
  readonly processes?: number;
  readonly memoryInMB?: number;
}

type Counted = keyof PolicyLimits;

const names: Readonly<Record<Counted, string>> = {
  connections: 'connections',
  callsInFlight: 'calls at once',
  systems: 'systems',
  processes: 'open processes',
  memoryInMB: 'MB of memory',
};

/** What one user has. */
export class Account {
  readonly user: string;
  readonly counts: Record<Counted, number> = {
    connections: 0,
    callsInFlight: 0,
    systems: 0,
    processes: 0,
    memoryInMB: 0,
  };
  /** Systems by what the client calls them. */
  readonly systems = new Map<string, SystemRecord>();
  /** Volumes of mounted layers, as the host has named them, and the layers. */
  readonly volumes = new Map<string, string>();

  constructor(user: string) {
    this.user = user;
  }

  /**
   * Counts more of something.
   *
   * @throws Refusal beyond the limit
   */
  take(what: Counted, amount: number, limits: PolicyLimits): void {
    const after = this.counts[what] + amount;
    if (amount > 0 && after > limits[what]) {
      const message = `The policy allows this user ${limits[what]} ${names[what]}; this would be ${after}. Close others first.`;
      throw new Refusal(message, statuses.quota);
    }
    this.counts[what] = after;
  }

  /** Forgets the volumes of a layer, which is no longer mounted. */
  forgetVolumes(layer: string): void {
    for (const [volume, of] of this.volumes) if (of === layer) this.volumes.delete(volume);
  }

  /** Counts less of it. */
  give(what: Counted, amount: number): void {
    this.counts[what] -= amount;
  }
}

type Handle =
  | { readonly kind: 'system'; readonly system: SystemRecord }
  | { readonly kind: 'process'; readonly system: SystemRecord };

/** What one connection has. */
export interface Connection {
  readonly account: Account;
  readonly handles: Map<number, Handle>;
  /** In the order in which they were made. */
  readonly mounts: Map<string, MountRecord>;
  /** The client has gone: what a call of it brings now is nobody's. */
  gone: boolean;
}

/** What a connection has mounted, last first: it is for the caller to undo. */
export function takeMounts({ account, mounts }: Connection): readonly MountRecord[] {
  const taken = [...mounts.values()].reverse();
  mounts.clear();
  for (const { path } of taken) account.forgetVolumes(path);
  return taken;
}

/** What all have. */
export class Ledger {
  readonly #accounts = new Map<string, Account>();
  readonly #connections = new Map<number, Connection>();
  readonly #systems = new Map<string, SystemRecord>();

  /** The account of a user. */
  account(user: string): Account {
    let account = this.#accounts.get(user);
    if (account === undefined) this.#accounts.set(user, (account = new Account(user)));
    return account;
  }

  connect(connection: number, account: Account): void {
    this.#connections.set(connection, { account, handles: new Map(), mounts: new Map(), gone: false });
  }

  connection(connection: number): Connection | undefined {
    return this.#connections.get(connection);
  }

  /** A system by what the host calls it. */
  byHostId(hostId: string): SystemRecord | undefined {
    return this.#systems.get(hostId);
  }

  /** Enters a system that was made; its handles are entered by `open()`. */
  add(system: SystemRecord): void {
    this.account(system.user).systems.set(system.clientId, system);
    this.#systems.set(system.hostId, system);
  }

  /** Enters a handle. One of a connection that has gone is closed by the transport, and so not entered. */
  open(connection: Connection, number: number, handle: Handle): void {
    this.close(connection, number);
    if (handle.kind === 'system') handle.system.handles++;
    connection.handles.set(number, handle);
    if (connection.gone) this.close(connection, number);
  }

  /** What a handle of a connection is of. */
  handle(connection: Connection, number: unknown): Handle | undefined {
    return typeof number === 'number' ? connection.handles.get(number) : undefined;
  }

  close(connection: Connection, number: unknown): void {
    const handle = this.handle(connection, number);
    if (handle === undefined) return;
    connection.handles.delete(number as number);
    if (handle.kind === 'system') this.release(handle.system);
    else this.account(handle.system.user).give('processes', 1);
  }

  /** Forgets a connection and its handles, and returns what it has mounted. */
  disconnect(number: number): readonly MountRecord[] {
    const connection = this.#connections.get(number);
    if (connection === undefined) return [];
    for (const handle of [...connection.handles.keys()]) this.close(connection, handle);
    this.#connections.delete(number);
    connection.gone = true;
    connection.account.give('connections', 1);
    return takeMounts(connection);
  }

  /** One handle less of a system, which ends with its last. */
  release(system: SystemRecord): void {
    if (--system.handles === 0) this.#end(system, this.account(system.user));
  }

  #end(system: SystemRecord, account: Account): void {
    account.give('systems', 1);
    account.give('memoryInMB', system.memoryInMB);
    for (const held of system.held.splice(0)) held.release();
    if (account.systems.get(system.clientId) === system) account.systems.delete(system.clientId);
    if (this.#systems.get(system.hostId) === system) this.#systems.delete(system.hostId);
  }
}
