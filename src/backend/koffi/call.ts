/**
 * A call of any function of the list: its arguments, the trip through the host, and what came back. What
 * `native/core/call.h` is for the addon.
 *
 * @module
 */
import type { FunctionKey, HandleKind, OperationExtras, RawNotification } from '../backend.js';
import { Ending } from '../backend.js';
import { functions } from '../functions.js';
import type { Parameter } from '../parameters.js';
import { calledByBackend, parametersOf } from '../parameters.js';
import type { RawProcessInformation } from './abi.js';
import { makeOutput, readInput } from './abi.js';
import type { Slot } from './given-values.js';
import { refuse } from './given-values.js';
import { Handle, unexpected } from './handle.js';
import type { Callbacks, Owner } from './handle.js';
import { kOk } from './library.js';
import { closeObject, openObject, queryObject } from './objects.js';
import type { Koffi } from './module.js';
import { closeRefused, closeStreams, openOperation, present } from './operations.js';
import type { Pending, Watch } from './watch.js';
import { itsOperation, removeWatch } from './watch.js';
import type { Work } from './workers.js';
import { failed } from '../status.js';

const operationPending = 0xc0370103;

const creates: ReadonlySet<FunctionKey> = new Set([
  'vmcompute.HcsCreateComputeSystem',
  'vmcompute.HcsCreateProcess',
  'computecore.HcsCreateComputeSystem',
  'computecore.HcsCreateComputeSystemInNamespace',
  'computecore.HcsCreateProcess',
]);
/** Documentation of 2018 has a code of its own for what computecore.dll has accepted; that of vmcompute.dll means the same. */
const computecorePending = 0x80370117;

/** The host that a call is made on. */
export interface CallOwner extends Owner, Callbacks {
  readonly koffi: Koffi;
  /** Null when there is no such handle, or it is of another kind. */
  find(id: unknown, kind: HandleKind): Handle | undefined;
  makeWatch(id: number): Watch;
  /** Owns the handle until it is closed. False when the host has ended. */
  adopt(handle: Handle): boolean;
  finished(call: Call): void;
}

function openerOf(name: FunctionKey): Handle['of'] {
  return functions[name].library === 'computecore' ? 'computecore' : 'others';
}

interface Place {
  readonly parameter: Parameter;
  readonly slot: Slot;
}

const isOperation = ({ parameter: { kind } }: Place): boolean =>
  kind === 'TextOperation' || kind === 'ProcessOperation';
const isOpened = ({ parameter: { direction, shape } }: Place): boolean => direction === 'Out' && shape === 'Handle';

export class Call implements Work, Pending {
  readonly runsAtEnd = false;
  status = kOk;
  registration = kOk;
  ending: Ending = Ending.cancelled;
  notification: RawNotification | undefined;
  /** The handle that it has opened. */
  opened: Handle | undefined;
  readonly #owner: CallOwner;
  readonly #name: FunctionKey;
  readonly #places: readonly Place[];
  readonly #opens: HandleKind | undefined;
  /** What it ends with, beside its answer: a notification, its operation, or 0 for nothing. */
  readonly #completion: number;
  readonly #watch: Watch | undefined;
  readonly #operates: Place | undefined;
  readonly #extras: OperationExtras | undefined;
  readonly #ownsWatch: boolean;
  /** What the host says of a call that it has not accepted. */
  #refusal: RawNotification | undefined;
  #subject: Handle | undefined;
  #finished = false;
  /** The handles of objects of HCN that last as long as the call. */
  readonly #handles = new Map<Place, unknown>();
  /** What stands in place of what the host wrote: properties of objects, entries, an error record. */
  readonly #given = new Map<Place, unknown>();
  /** Of what was done for the call, and not by it. */
  #record: unknown = null;

  /** Throws when it is not given what it needs. `paired`: a pending answer waits for its notification. */
  constructor(
    owner: CallOwner,
    readonly id: number,
    name: FunctionKey,
    input: Readonly<Record<string, unknown>>,
    paired: boolean,
  ) {
    if (calledByBackend(name)) refuse(`${name} is called by the backend alone`);
    this.#owner = owner;
    this.#name = name;
    this.#places = parametersOf(name).map((parameter) => ({
      parameter,
      slot: parameter.direction === 'Out' ? makeOutput(parameter.kind) : this.#read(parameter, input),
    }));
    this.#operates = this.#places.find(isOperation);
    this.#extras = input.operation as OperationExtras | undefined;
    const notification = paired ? functions[name].completion : 0;
    this.#completion = notification === 0 && this.#operates !== undefined ? itsOperation : notification;
    const opens = this.#places.find(isOpened)?.parameter.kind as HandleKind | undefined;
    this.#opens = opens;
    if (this.#subject?.acquire() === false) refuse('the handle is closed');
    const ofItsOwn = opens !== undefined || (this.#operates !== undefined && this.#subject === undefined);
    this.#ownsWatch = ofItsOwn;
    this.#watch = ofItsOwn ? owner.makeWatch(id) : this.#subject?.watch;
  }

  #read(parameter: Parameter, input: Readonly<Record<string, unknown>>): Slot {
    const { shape, kind, name } = parameter;
    if (kind === 'Callback') return { values: [this.#owner.callback] };
    if (kind === 'Context') return { values: [this.id] };
    if (kind === 'TextOperation') return { values: [null] };
    // The operation is put in its place when there is one; what comes with its result is read here.
    if (kind === 'ProcessOperation') return { ...makeOutput('ProcessInfo') };
    if (shape !== 'Handle') return readInput(parameter, input[name]);
    if (kind === 'OptionalDisk' && input[name] === null) return { values: [null] };
    this.#subject = this.#owner.find(input[name], kind === 'OptionalDisk' ? 'VirtualDisk' : (kind as HandleKind));
    if (this.#subject === undefined) refuse(`expected the handle of an open ${kind.toLowerCase()}`);
    if (this.#subject.of !== openerOf(this.#name)) refuse(`${this.#name}: another library has opened the handle`);
    return { values: [this.#subject.value] };
  }

  async run(): Promise<void> {
    try {
      await this.#makeCall();
    } catch (error) {
      this.status = unexpected(error);
      if (!this.#finished) {
        if (this.#completion !== 0) this.#watch!.unexpect(this.id, true);
        this.finish(Ending.returned);
      }
    } finally {
      this.#leave();
    }
  }

  async #makeCall(): Promise<void> {
    const watch = this.#watch;
    const pairs = this.#completion !== 0;
    if (pairs) watch!.expect(this.id, this.#completion);
    await this.#invoke();
    const pending = this.status === operationPending || (this.#operates !== undefined && !failed(this.status));
    const refused = failed(this.status) && !pending;
    if (this.#opens !== undefined && !refused) await this.#open();
    const opened = this.#opens === undefined || this.opened !== undefined;
    if (pairs && pending && !failed(this.registration) && opened) {
      watch!.await(this);
    } else {
      if (pairs) watch!.unexpect(this.id, refused);
      const refusal = this.#refusal;
      this.finish(refusal === undefined ? Ending.returned : Ending.notified, refusal);
    }
  }

  async #invoke(): Promise<void> {
    const { library } = this.#owner;
    const objects = this.#places.filter(({ parameter: { shape } }) => shape === 'Object');
    for (const place of objects.filter(({ parameter: { direction } }) => direction === 'In')) {
      const { status, value, record } = await openObject(library, place.parameter.kind, place.slot.values[0]);
      this.status = status;
      this.#record = record;
      if (failed(status)) break;
      this.#handles.set(place, value);
    }
    if (!failed(this.status)) await (this.#operates === undefined ? this.#callHost() : this.#operate(this.#operates));
    for (const place of objects.filter(({ parameter: { direction } }) => direction === 'Out')) await this.#ask(place);
    for (const [{ parameter }, handle] of this.#handles) await closeObject(library, parameter.kind, handle);
    const place = this.#places.find(({ parameter: { kind } }) => kind === 'ErrorRecord');
    if (place !== undefined && this.#record !== null) this.#given.set(place, this.#record);
  }

  // An operation is made for the call; one that the host has not accepted is closed here, else by its completion.
  async #operate(place: Place): Promise<void> {
    const { library, koffi } = this.#owner;
    const information = place.parameter.kind === 'ProcessOperation' ? place.slot : undefined;
    const opened = await openOperation(koffi, this.id, { library, watch: this.#watch!, information }, this.#extras);
    this.status = opened.status;
    if (opened.operation === null) return;
    this.#handles.set(place, opened.operation);
    await this.#callHost();
    this.#handles.delete(place);
    if (this.status === computecorePending || this.status === operationPending) this.status = kOk;
    if (!failed(this.status)) return;
    const data = await closeRefused(this.id, opened.operation);
    this.#refusal = { type: 0, status: this.status, data };
  }

  async #callHost(): Promise<void> {
    const { library } = this.#owner;
    do {
      this.status = await library.call(
        this.#name,
        this.#places.flatMap((place) => (this.#handles.has(place) ? [this.#handles.get(place)] : place.slot.values)),
      );
    } while (!failed(this.status) && this.#places.some(({ slot }) => slot.grows?.()));
    const entries = this.#places.find(({ parameter: { shape } }) => shape === 'PortEntries');
    if (entries !== undefined) await this.#readEntries(entries);
  }

  // An object exists whether or not it can be asked.
  async #ask(place: Place): Promise<void> {
    const { library } = this.#owner;
    const { kind } = place.parameter;
    const handle = failed(this.status) ? null : place.slot.read!(false);
    this.#given.set(place, null);
    if (handle === null) return;
    const { status, value, record } = await queryObject(library, kind, handle);
    this.registration = status;
    this.#given.set(place, value);
    if (record !== null) this.#record = record;
    await closeObject(library, kind, handle);
  }

  async #readEntries(place: Place): Promise<void> {
    const { library } = this.#owner;
    const [count, entries] = (place.slot.read!(failed(this.status)) ?? [0, null]) as [number, unknown];
    this.#given.set(place, failed(this.status) ? null : library.abi.readPortEntries(entries, count));
    if (entries !== null) await library.call('computenetwork.HcnFreeGuestNetworkPortReservations', [entries]);
  }

  // The handle is watched and owned before its caller gets it. Where the host was closed meanwhile it is closed at once.
  async #open(): Promise<void> {
    const value = this.#places.find(isOpened)!.slot.read!(false);
    if (value === null) return;
    const of = openerOf(this.#name);
    const handle = new Handle(this.#owner, this.#opens!, of, value, this.#watch!, creates.has(this.#name));
    this.registration = await handle.register(this.#owner);
    if (this.#owner.adopt(handle)) this.opened = handle;
    else await handle.closeNow();
  }

  /** It is over, on the side of the host. */
  finish(ending: Ending, notification?: RawNotification): void {
    this.#finished = true;
    this.ending = ending;
    this.notification = notification;
    // What an operation has brought before its call ended otherwise is nobody's.
    if (this.#isOfProcess && notification?.type !== 0) closeStreams(this.#owner.library, this.#operates!.slot);
    this.#forgetWatch();
    this.#owner.finished(this);
  }

  get #isOfProcess(): boolean {
    return this.#operates?.parameter.kind === 'ProcessOperation';
  }

  // That of a handle lasts as long as it.
  #forgetWatch(): void {
    if (this.#ownsWatch && this.opened === undefined) removeWatch(this.id);
  }

  /** It was taken out of the queue: the host never sees it. */
  dropped(): void {
    this.#forgetWatch();
    this.#leave();
  }

  #leave(): void {
    this.#subject?.release();
    this.#subject = undefined;
  }

  /** What it gives its caller, who has the handle and the streams from now on. */
  takeOutputs(): Record<string, unknown> {
    const outputs: Record<string, unknown> = {};
    for (const place of this.#places) {
      const { direction, kind } = place.parameter;
      if (direction !== 'Out' && kind !== 'ProcessOperation') continue;
      const name = direction === 'Out' ? place.parameter.name : 'processInformation';
      try {
        outputs[name] = this.#take(place);
      } catch (error) {
        // Its caller gets the rest, and the handle among it to close.
        this.status = unexpected(error);
        outputs[name] = null;
      }
    }
    return outputs;
  }

  #take(place: Place): unknown {
    const {
      parameter: { shape },
      slot,
    } = place;
    if (this.ending === Ending.cancelled) return null;
    if (this.#given.has(place)) return this.#given.get(place);
    if (shape === 'Handle') return this.#handOver();
    if (shape === 'Streams' || place === this.#operates) return this.#takeStreams(slot);
    return slot.read!(failed(this.status));
  }

  #handOver(): number | null {
    if (this.opened === undefined) return null;
    this.opened.terminateOnClose = false;
    return this.id;
  }

  #takeStreams(slot: Slot): unknown {
    const { system } = this.#owner.library;
    const open = (stream: number | bigint): number | null => {
      if (!present(stream)) return null;
      const descriptor = system.descriptorOf(stream);
      if (descriptor >= 0) return descriptor;
      system.closeStream(stream);
      return -1;
    };
    const information = this.#information(slot);
    if (information === undefined) return null;
    const { processId, stdInput, stdOutput, stdError } = information;
    return [processId, open(stdInput), open(stdOutput), open(stdError)];
  }

  // What a call that failed has left there means nothing.
  #information(slot: Slot): RawProcessInformation | undefined {
    const { status, notification } = this;
    if (failed(status) && status !== operationPending) return undefined;
    // That of an operation comes with its result.
    const isOfOperation = slot === this.#operates?.slot;
    if (isOfOperation && (notification?.type !== 0 || failed(notification.status))) return undefined;
    return slot.read!(false) as RawProcessInformation;
  }

  /** Nobody gets what it has brought. */
  discardStreams(): void {
    if (this.ending === Ending.cancelled) return;
    for (const { parameter, slot } of this.#places) {
      const has = parameter.shape === 'Streams' || parameter.kind === 'ProcessOperation';
      if (has && this.#information(slot) !== undefined) closeStreams(this.#owner.library, slot);
    }
  }
}
