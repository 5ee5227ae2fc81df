/**
 * Guest network services: the networks of the host mirrored into a virtual machine.
 *
 * @module
 */
import type * as Hcn from '../../types/hcn/index.js';
import type { ValidationOptions } from '../documents/validation-error.js';
import type { Input, Output } from '../backend/backend.js';
import { HcsArgumentError } from '../errors/errors.js';
import { Lifetime } from '../host/handle-lifetime.js';
import { defaultHost, sessionOf } from '../host/host.js';
import type { AnyNotification } from '../host/notification.js';
import { NotificationIterators } from '../host/notification-iterator.js';
import type { HostOptions, Opened } from '../host/open-handle.js';
import { openHandle } from '../host/open-handle.js';
import { run } from '../host/operation.js';
import type { OperationOptions } from '../host/operation-options.js';
import { readOperationOptions, throwIfAborted } from '../host/operation-options.js';
import type { Session } from '../host/session.js';
import { serviceDisconnectError } from '../host/service-disconnect.js';
import { remaining } from '../host/waits/deadlines.js';
import { readProperties } from './answers.js';
import { changeText, newDocument, queryText } from './network-document.js';
import type { NetworkEvent, NetworkEventType } from './network-event.js';
import { isNetworkEventType, networkEventType, toNetworkEvent } from './network-event.js';
import { deleteObject, deleteUnowned } from './object-calls.js';
import type { Family } from './object-families.js';
import { checkObjectId, subjectOf } from './object-families.js';
import type { PortOptions, ReservedPorts } from './port-reservation.js';
import { portNumbers, PortReservation, toReservedPorts } from './port-reservation.js';
import type { Properties } from './properties.js';

/** The properties of a guest network service. */
export type GuestNetworkServiceProperties = Properties<Hcn.GuestNetworkService>;

/** Options of create(). */
export interface CreateGuestNetworkServiceOptions extends HostOptions, ValidationOptions {}

/** Options of modify(). */
export interface ModifyGuestNetworkServiceOptions extends OperationOptions, ValidationOptions {}

/** Which notifications to iterate over, and until when. */
export interface NetworkNotificationsOptions {
  readonly types?: readonly NetworkEventType[];
  /** Ends the iteration with an `AbortError`. */
  readonly signal?: AbortSignal;
}

const family: Family = {
  kind: 'guest network service',
  create: 'HcnCreateGuestNetworkService',
  open: 'HcnOpenGuestNetworkService',
  query: 'HcnQueryGuestNetworkServiceProperties',
  modify: 'HcnModifyGuestNetworkService',
  remove: 'HcnDeleteGuestNetworkService',
  enumerate: 'HcnEnumerateGuestNetworkServices',
  list: 'services',
  parameter: 'service',
  type: 'GuestNetworkService',
  change: 'ModifyGuestNetworkServiceSettingRequest',
  filters: {},
};

type Handle = Lifetime<never, AnyNotification>['handle'];
type ServiceHandle = Handle & Parameters<typeof run<'HcnModifyGuestNetworkService'>>[0]['input']['service'];

/**
 * The service that mirrors the networks of the host into a virtual machine, whose id it has. Its handle is open from create() or
 * open() to close(), which deletes nothing.
 *
 * @example
 * const vmId = '5b2e6c1a-9f0d-4b0a-8a5e-3a1b7c9d2e01';
 * await using service = await GuestNetworkService.create(vmId, { VirtualMachineId: vmId, MirrorHostNetworking: true });
 * await service.modify({ ResourceType: 'State', RequestType: 'Update', Settings: { State: 'Bootstrapping' } });
 * await using port = await service.reservePort({ port: 8080, protocol: 'tcp' });
 */
export class GuestNetworkService {
  /** That of the virtual machine: a GUID in lower case. */
  readonly id: string;
  readonly #life: Lifetime<never, AnyNotification>;
  readonly #iterators: NotificationIterators<NetworkEvent>;

  private constructor(id: string, opened: Opened) {
    this.id = id;
    this.#life = new Lifetime(opened);
    this.#iterators = new NotificationIterators(this.#life, isNetworkEventType);
    this.#life.begin(this, {
      receive: (notification) => this.#receive(notification),
      ended: () => this.#iterators.end(),
      closing: () => undefined,
    });
  }

  /**
   * Creates the service of a virtual machine. When the call times out or is cancelled, it is deleted once it has been created.
   *
   * @param id - the id of the virtual machine, a GUID
   * @throws `HcsValidationError` when the document is not valid
   */
  static async create(
    id: string,
    document: Hcn.GuestNetworkService | string,
    options: CreateGuestNetworkServiceOptions = {},
  ): Promise<GuestNetworkService> {
    const started = performance.now();
    const known = checkObjectId('id', id);
    options = readOperationOptions(options, ['host', 'validate']);
    const { text: settings, id: own } = newDocument(family, document, {}, options);
    if (own !== undefined && own !== known) {
      throw new HcsArgumentError('id', 'must be the ID of the document, where it has one', id);
    }
    const input = { id: known, settings };
    return this.#openThrough('HcnCreateGuestNetworkService', input, options, started, (session, { service }) => {
      if (service !== null) deleteUnowned(session, family, known);
    });
  }

  /** Opens a service that exists, where the host exports the function for it. */
  static async open(id: string, options: HostOptions = {}): Promise<GuestNetworkService> {
    const started = performance.now();
    const known = checkObjectId('id', id);
    options = readOperationOptions(options, ['host']);
    return this.#openThrough('HcnOpenGuestNetworkService', { id: known }, options, started);
  }

  static async #openThrough<F extends 'HcnCreateGuestNetworkService' | 'HcnOpenGuestNetworkService'>(
    name: F,
    input: Input<F> & { readonly id: string },
    options: HostOptions,
    started: number,
    discard?: (session: Session, outputs: Output<F>) => void,
  ): Promise<GuestNetworkService> {
    const { id } = input;
    const subject = subjectOf(family, id);
    throwIfAborted(name, subject, options);
    const session = sessionOf(options.host ?? (await defaultHost()), name);
    return openHandle({
      session,
      name,
      input,
      subject,
      options: remaining(options, started),
      nameOf: networkEventType,
      make: (opened) => new GuestNetworkService(id, opened),
      ...(discard && { discard: (outputs: Output<F>) => discard(session, outputs) }),
    });
  }

  /** The ports that are reserved on a host, by anybody. */
  static async reservedPorts(options: HostOptions = {}): Promise<ReservedPorts[]> {
    const started = performance.now();
    const name = 'HcnEnumerateGuestNetworkPortReservations';
    options = readOperationOptions(options, ['host']);
    throwIfAborted(name, {}, options);
    const session = sessionOf(options.host ?? (await defaultHost()), name);
    const { outputs } = await run({ session, name, input: {}, options: remaining(options, started) });
    return (outputs.portEntries ?? []).map(toReservedPorts);
  }

  /** What the network service says of it now, where the host exports the function for it. */
  async properties(options: OperationOptions = {}): Promise<GuestNetworkServiceProperties> {
    options = readOperationOptions(options);
    const name = 'HcnQueryGuestNetworkServiceProperties';
    const input = { service: this.#handle, query: queryText() };
    const { outputs } = await run(this.#life.call(name, input, options));
    const { subject } = this.#life;
    const asked = { operation: name, subject, what: 'properties' };
    return readProperties(family.type, outputs.properties, asked) as GuestNetworkServiceProperties;
  }

  /**
   * Changes the service by a request document, which is validated first, or its JSON text: its state, as the guest gets on.
   *
   * @throws `HcsValidationError` when the request is not valid
   */
  async modify(
    request: Hcn.ModifyGuestNetworkServiceSettingRequest | string,
    options: ModifyGuestNetworkServiceOptions = {},
  ): Promise<void> {
    const name = 'HcnModifyGuestNetworkService';
    options = readOperationOptions(options, ['validate']);
    const settings = changeText(family, request, options);
    await run(this.#life.call(name, { service: this.#handle, settings }, options));
  }

  /**
   * Reserves a port of the host for the machine.
   *
   * @throws `HcsError` where it is reserved already
   */
  async reservePort(port: PortOptions, options: OperationOptions = {}): Promise<PortReservation> {
    options = readOperationOptions(options);
    const numbers = portNumbers(port);
    const name = 'HcnReserveGuestNetworkServicePort';
    this.#life.checkOpen(name);
    return openHandle({
      session: this.#life.session,
      name,
      input: { service: this.#handle, ...numbers },
      subject: this.#life.subject,
      options,
      make: (opened) => new PortReservation(opened, numbers.port, numbers.port),
    });
  }

  /** Reserves so many ports that follow each other, for TCP and UDP, wherever there are. */
  async reservePorts(count: number, options: OperationOptions = {}): Promise<PortReservation> {
    options = readOperationOptions(options);
    if (!Number.isInteger(count) || count < 1 || count > 65_535) {
      throw new HcsArgumentError('count', 'must be a whole number from 1 to 65535', count);
    }
    const name = 'HcnReserveGuestNetworkServicePortRange';
    this.#life.checkOpen(name);
    return openHandle({
      session: this.#life.session,
      name,
      input: { service: this.#handle, portCount: count },
      subject: this.#life.subject,
      options,
      make: (opened, { range }) => new PortReservation(opened, range?.[0] ?? 0, range?.[1] ?? 0),
    });
  }

  /**
   * Its notifications from here on, in order: all, or those of some types. They end after `ServiceDisconnect`, or with close().
   * What is not read is kept in memory.
   *
   * @throws `HcsAbortError` when the signal has fired already
   */
  notifications(options: NetworkNotificationsOptions = {}): AsyncIterableIterator<NetworkEvent> {
    return this.#iterators.add(options);
  }

  /** Keeps Node running until the service goes away, it is closed, or unref() is called. */
  ref(): this {
    this.#life.ref();
    return this;
  }

  /** Undoes ref(). */
  unref(): this {
    this.#life.unref();
    return this;
  }

  #receive(notification: AnyNotification): void {
    const event = toNetworkEvent(notification);
    this.#iterators.push(event);
    if (event.type === 'ServiceDisconnect') {
      this.#life.finish({ error: () => serviceDisconnectError(this.#life.subject) });
    }
  }

  /** Deletes the service from the host, and closes the handle. One that is gone already is no error. */
  async delete(options: OperationOptions = {}): Promise<void> {
    options = readOperationOptions(options);
    const started = performance.now();
    this.#life.checkOpen(family.remove);
    await deleteObject(this.#life.session, family, this.id, options);
    await this.close(remaining(options, started));
  }

  /** Closes the handle, and deletes nothing. close() is idempotent. */
  async close(options: OperationOptions = {}): Promise<void> {
    await this.#life.close(options);
  }

  /** Same as close(). */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Id and state. */
  toJSON(): object {
    return { id: this.id, state: this.#life.state };
  }

  get #handle(): ServiceHandle {
    return this.#life.handle as ServiceHandle;
  }
}
