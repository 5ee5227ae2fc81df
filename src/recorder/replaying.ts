/**
 * The backend that answers from a recording.
 *
 * What the program does (calls and cancellations) is compared with the recording; what the host did (completions and
 * notifications) follows, in the order of the file, as soon as the program has done all that is before it there.
 *
 * @module
 */
import type {
  Backend,
  CallableKey,
  Caller,
  Completion,
  FunctionKey,
  HandleKind,
  Input,
  OpenHandle,
  Output,
  ProcessInformation,
  RawNotification,
  Sink,
} from '../backend/backend.js';
import { emptyStream, Ending } from '../backend/backend.js';
import { computecoreNames } from '../backend/computecore-functions.js';
import { HcsReplayError } from './errors.js';
import type {
  CompletionLine,
  DeliveredLine,
  RecordedNotification,
  RecordedProcess,
  RecordedStream,
  RecordedText,
} from './format.js';
import { givenOf, isStructured, isTextual, parameters } from './format.js';
import { Identities } from './matching.js';
import type { Recording } from './reader.js';
import { Script } from './script.js';
import type { WaitingCall } from '../backend/waiting-calls.js';
import { WaitingCalls } from '../backend/waiting-calls.js';

interface Waiting extends WaitingCall {
  /** Whether the recording has its end. */
  readonly ends: boolean;
}

const longestTimerMs = 0x7fffffff;

const parsedArray = (text: string | null): unknown => (text === null ? null : JSON.parse(text));

export class ReplayingBackend implements Backend {
  readonly name = 'replay';
  readonly present: ReadonlySet<FunctionKey>;
  declare readonly notificationType?: NonNullable<Backend['notificationType']>;
  declare readonly exportOf?: NonNullable<Backend['exportOf']>;
  readonly threads = 0;
  readonly script: Script;
  /** The first call that is not in the recording. */
  divergence: HcsReplayError | undefined;
  readonly #identities = new Identities();
  readonly #speed: number;
  readonly #sink: Sink;
  readonly #waiting = new WaitingCalls<Waiting>((alive) => {
    if (alive) this.#alive = setInterval(() => undefined, longestTimerMs);
    else clearInterval(this.#alive);
  });
  // What is delivered in the next turn, whatever is before it in the file.
  #early: (() => void)[] = [];
  #count = 0;
  #alive: NodeJS.Timeout | undefined;
  #turn: NodeJS.Immediate | undefined;
  #timer: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(recording: Recording, speed: number, sink: Sink) {
    this.script = new Script(recording, this.#identities);
    this.present = new Set(recording.header.functions);
    if (recording.header.api === 'computecore') Object.assign(this, computecoreNames);
    this.#speed = speed;
    this.#sink = sink;
  }

  has(key: FunctionKey): boolean {
    return this.present.has(key);
  }

  problemOf(): undefined {
    return undefined;
  }

  get callsInFlight(): number {
    let count = 0;
    for (const { ends } of this.#waiting.values()) if (ends) count++;
    return count;
  }

  call<F extends CallableKey>(name: F, input: Input<F>, caller: Caller<Completion<F>>): number {
    if (this.divergence !== undefined) throw this.divergence;
    const given = givenOf(input);
    const line = this.script.find(name, given);
    if (line === undefined) {
      this.divergence = new HcsReplayError(...this.script.divergence(name, given));
      this.hurry();
      throw this.divergence;
    }
    const id = this.#begin(caller, this.script.ends(line.id));
    this.#identities.begun(id, line.id);
    this.#identities.named(given, line);
    this.script.made(line);
    return id;
  }

  expects<F extends CallableKey>(name: F, input: Input<F>): boolean {
    return this.divergence === undefined && this.script.find(name, givenOf(input)) !== undefined;
  }

  // A close never diverges: systems and processes that were collected are closed whenever that is. One that is not in
  // the recording succeeds, and one that is elsewhere in it does not wait for what is before it there.
  close(_kind: HandleKind, handle: OpenHandle, caller: Caller<number>): number {
    const line = this.script.findClose(this.#identities.recordedCall(handle));
    if (line === undefined || (!this.script.ends(line.id) && !this.script.whole)) {
      const id = this.#begin(caller, true);
      this.#early.push(() => this.#settle(id, 0));
      return id;
    }
    const id = this.#begin(caller, this.script.ends(line.id));
    this.#identities.begun(id, line.id);
    for (const event of this.script.madeClose(line)) this.#early.push(() => this.#deliver(event));
    return id;
  }

  #begin(caller: Caller<never>, ends: boolean): number {
    const id = ++this.#count;
    this.#waiting.add(id, { caller, ends, held: true });
    this.#soon();
    return id;
  }

  release(call: number): void {
    this.#waiting.release(call);
  }

  cancel(call: number): void {
    this.script.gaveUp('cancel', this.#identities.recordedCall(call));
    this.#soon();
  }

  abandon(call: number): void {
    this.script.gaveUp('abandon', this.#identities.recordedCall(call));
    this.#soon();
  }

  hold(): void {
    this.#waiting.hold();
  }

  unhold(): void {
    this.#waiting.unhold();
  }

  end(): void {
    this.#ended = true;
    this.#waiting.end();
    this.#early = [];
    clearImmediate(this.#turn);
    clearTimeout(this.#timer);
    clearInterval(this.#alive);
  }

  /** Nothing waits any longer for what the program has not done, or for its time. */
  hurry(): void {
    this.script.hurried = true;
    this.#soon();
  }

  #soon(): void {
    if (this.#ended) return;
    clearTimeout(this.#timer);
    this.#turn ??= setImmediate(() => {
      this.#turn = undefined;
      this.#deliverBatch();
    });
  }

  // What came in one turn of the event loop comes in one again.
  #deliverBatch(): void {
    const early = this.#early;
    this.#early = [];
    for (const deliver of early) deliver();
    const delivered = early.length > 0 || this.#deliverNext();
    if (!delivered) return;
    this.#sink.delivered();
    this.#soon();
  }

  #deliverNext(): boolean {
    const first = this.script.next();
    if (first === undefined) return false;
    const wait = this.#speed > 0 ? this.script.dueIn(first, this.#speed) : 0;
    if (wait > 0) {
      this.#timer = setTimeout(() => this.#soon(), Math.min(Math.ceil(wait), longestTimerMs)).unref();
      return false;
    }
    for (let line: DeliveredLine | undefined = first; line !== undefined; line = this.script.next(first.batch)) {
      this.script.delivered(line);
      this.#deliver(line);
    }
    return true;
  }

  #deliver(line: DeliveredLine): void {
    const id = this.#identities.actualCall(line.kind === 'completion' || line.kind === 'closed' ? line.id : line.watch);
    if (id === undefined || this.#ended) return;
    if (line.kind === 'notification') this.#sink.notification(id, this.#notification(line));
    else if (line.kind === 'overflow') this.#sink.overflow(id, line.count);
    else if (line.kind === 'closed') this.#settle(id, line.status);
    else this.#settle(id, this.#completion(id, line));
  }

  #settle(id: number, outcome: unknown): void {
    const waiting = this.#waiting.take(id);
    if (waiting === undefined) return;
    (waiting.caller as Caller<unknown>).settle(outcome);
  }

  #completion(id: number, line: CompletionLine): Completion<CallableKey> {
    const outputs = parameters.get(this.script.functionOf(line.id))!.outputs.map(({ shape, name }) => {
      const value = line.outputs[name] ?? null;
      if (shape === 'Streams') return [name, value && informationOf(value as RecordedProcess)];
      if (isStructured(shape)) return [name, parsedArray(this.#identities.actualText(value as RecordedText))];
      if (isTextual(shape)) return [name, this.#identities.actualText(value as RecordedText)];
      if (shape === 'Integer') return [name, value];
      return [name, value === null ? null : id];
    });
    return {
      status: line.status,
      ending: Ending[line.ending],
      registration: line.registration,
      notification: line.notification && this.#notification(line.notification),
      outputs: Object.fromEntries(outputs) as Output<CallableKey>,
    };
  }

  #notification({ type, status, data }: RecordedNotification): RawNotification {
    return { type, status, data: this.#identities.actualText(data) };
  }
}

function informationOf({ pid, stdin, stdout, stderr }: RecordedProcess): ProcessInformation {
  const descriptor = (stream: RecordedStream): number | null => (stream === -1 ? -1 : stream ? emptyStream : null);
  return [pid, descriptor(stdin), descriptor(stdout), descriptor(stderr)];
}
