/**
 * Ports of the host that are reserved for a guest network service.
 *
 * @module
 */
import type { PortEntry } from '../backend/backend.js';
import { HcsArgumentError } from '../errors/errors.js';
import { Lifetime } from '../host/handle-lifetime.js';
import type { Opened } from '../host/open-handle.js';
import type { OperationOptions } from '../host/operation-options.js';
import { readOptions } from '../known-options.js';

/** Which ports to reserve. */
export interface PortOptions {
  /** From 0 to 65,535. */
  readonly port: number;
  /** Default `both`. */
  readonly protocol?: 'tcp' | 'udp' | 'both';
  /** Whether others may reserve it as shared, too; default `exclusive`. */
  readonly access?: 'exclusive' | 'shared';
}

/** `HCN_PORT_PROTOCOL`. */
const protocols: Readonly<Record<string, number>> = { tcp: 1, udp: 2, both: 3 };
/** `HCN_PORT_ACCESS`. */
const accesses: Readonly<Record<string, number>> = { exclusive: 1, shared: 2 };

/** The numbers of a choice. */
export function portNumbers(given: PortOptions): {
  readonly port: number;
  readonly protocol: number;
  readonly access: number;
} {
  const { port, protocol = 'both', access = 'exclusive' } = readOptions(given, ['port', 'protocol', 'access'], 'port');
  const found = { protocol: numberOf(protocols, protocol), access: numberOf(accesses, access) };
  if (found.protocol === undefined) {
    throw new HcsArgumentError('port.protocol', 'must be "tcp", "udp" or "both"', protocol);
  }
  if (found.access === undefined) throw new HcsArgumentError('port.access', 'must be "exclusive" or "shared"', access);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) {
    return { port, protocol: found.protocol, access: found.access };
  }
  throw new HcsArgumentError('port.port', 'must be a whole number from 0 to 65535', port);
}

function numberOf(numbers: Readonly<Record<string, number>>, name: unknown): number | undefined {
  return typeof name === 'string' && Object.hasOwn(numbers, name) ? numbers[name] : undefined;
}

/** Ports that are reserved until they are released: by close(), by `await using`, or when this object is garbage collected. */
export class PortReservation {
  /** The first and the last port, which may be the same. */
  readonly startingPort: number;
  readonly endingPort: number;
  readonly #life: Lifetime<never>;

  /** @internal */
  constructor(opened: Opened, startingPort: number, endingPort: number) {
    this.startingPort = startingPort;
    this.endingPort = endingPort;
    this.#life = new Lifetime(opened);
    this.#life.begin(this);
  }

  /** Releases the ports. close() is idempotent. */
  async close(options: OperationOptions = {}): Promise<void> {
    await this.#life.close(options);
  }

  /** Same as close(). */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** The ports, and whether they are still reserved here. */
  toJSON(): object {
    const { startingPort, endingPort } = this;
    return { startingPort, endingPort, state: this.#life.state };
  }
}

/** Ports that somebody has reserved on the host. */
export interface ReservedPorts {
  readonly owningPartitionId: string;
  readonly targetPartitionId: string;
  readonly protocol: 'tcp' | 'udp' | 'both' | 'unknown';
  readonly priority: number;
  /** As the host numbers it, like the next two. */
  readonly reservationType: number;
  readonly sharingFlags: number;
  readonly deliveryMode: number;
  readonly startingPort: number;
  readonly endingPort: number;
}

/** One entry of the host's list. */
export function toReservedPorts(entry: PortEntry): ReservedPorts {
  const [
    owningPartitionId,
    targetPartitionId,
    number,
    priority,
    reservationType,
    sharingFlags,
    deliveryMode,
    from,
    to,
  ] = entry;
  const protocol = Object.keys(protocols).find((name) => protocols[name] === number) ?? 'unknown';
  return {
    owningPartitionId,
    targetPartitionId,
    protocol: protocol as ReservedPorts['protocol'],
    priority,
    reservationType,
    sharingFlags,
    deliveryMode,
    startingPort: from,
    endingPort: to,
  };
}
