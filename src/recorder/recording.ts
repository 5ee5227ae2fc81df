/**
 * The backend that writes down what another one does.
 *
 * @module
 */
import type { WriteStream } from 'node:fs';
import { createWriteStream } from 'node:fs';
import { resolve } from 'node:path';

import type {
  Backend,
  CallableKey,
  Caller,
  Completion,
  FunctionKey,
  HandleKind,
  Input,
  OpenHandle,
  ProcessInformation,
  RawNotification,
  Sink,
} from '../backend/backend.js';
import { HcsRecordingError } from './errors.js';
import type { HeaderLine, Line, RecordedNotification, RecordedStream } from './format.js';
import { endingName, givenOf, isPlain, parameters } from './format.js';
import { openPrivate } from './private-file.js';
import type { Redactor } from './redaction.js';

// Lines that the disk has not taken yet. More than this, and the recording ends: it never has a gap.
const longestBacklog = 64 * 2 ** 20;

type WithoutTime<L> = L extends Line ? Omit<L, 't'> : never;

/** The files that this program records into. */
const openFiles = new Set<string>();

/** The file of a recording that is being made. */
export class Tape {
  readonly file: string;
  #stream: WriteStream | undefined;
  #started = 0;
  #failure: Error | undefined;
  #ended = false;

  constructor(file: string) {
    this.file = file;
  }

  /** Begins the file, in place of what it held. Only its owner can read it. */
  async begin(header: HeaderLine): Promise<void> {
    const path = resolve(this.file);
    if (openFiles.has(path)) {
      throw new HcsRecordingError(this.file, undefined, 'cannot be written: another recording writes into it');
    }
    openFiles.add(path);
    try {
      const stream = createWriteStream(this.file, { fd: await openPrivate(this.file) });
      stream.on('error', (error) => {
        this.#failure ??= error;
      });
      await new Promise<void>((written, reject) => {
        stream.write(`${JSON.stringify(header)}\n`, (error) => (error ? reject(error) : written()));
      });
      this.#stream = stream;
    } catch (error) {
      openFiles.delete(path);
      throw new HcsRecordingError(this.file, undefined, `cannot be written: ${(error as Error).message}`, error);
    }
    this.#started = performance.now();
  }

  write(line: WithoutTime<Line>): void {
    const stream = this.#stream;
    if (stream === undefined || this.#ended || this.#failure !== undefined) return;
    const t = Math.round((performance.now() - this.#started) * 1000) / 1000;
    stream.write(`${JSON.stringify({ t, ...line })}\n`);
    if (stream.writableLength > longestBacklog) {
      this.#failure = new Error('the disk was too slow, and what followed was not recorded');
    }
  }

  /** Waits until the file holds every line. */
  async close(): Promise<void> {
    const stream = this.#stream;
    this.#ended = true;
    if (stream?.closed === false) {
      await new Promise<void>((closed) => {
        stream.once('close', closed).end();
      });
    }
    if (stream === undefined) return;
    openFiles.delete(resolve(this.file));
    if (this.#failure === undefined) return;
    throw new HcsRecordingError(this.file, undefined, `is not whole: ${this.#failure.message}`, this.#failure);
  }
}

/** Records what goes through it. The controls of the simulator are not recorded. */
export class RecordingBackend implements Backend, Sink {
  readonly notificationType?: NonNullable<Backend['notificationType']>;
  readonly exportOf?: NonNullable<Backend['exportOf']>;
  readonly #inner: Backend;
  readonly #sink: Sink;
  readonly #tape: Tape;
  readonly #redactor: Redactor;
  // Calls that are not recorded.
  readonly #apart = new Set<number>();
  #batch = 0;

  constructor(open: (sink: Sink) => Backend, sink: Sink, tape: Tape, redactor: Redactor) {
    this.#sink = sink;
    this.#tape = tape;
    this.#redactor = redactor;
    this.#inner = open(this);
    const { notificationType, exportOf } = this.#inner;
    if (notificationType !== undefined) this.notificationType = notificationType;
    if (exportOf !== undefined) this.exportOf = exportOf;
  }

  get name(): Backend['name'] {
    return this.#inner.name;
  }

  get present(): ReadonlySet<FunctionKey> {
    return this.#inner.present;
  }

  has(key: FunctionKey): boolean {
    return this.#inner.has(key);
  }

  problemOf(key: FunctionKey): string | undefined {
    return this.#inner.problemOf(key);
  }

  get threads(): number {
    return this.#inner.threads;
  }

  get callsInFlight(): number {
    return this.#inner.callsInFlight;
  }

  expects<F extends CallableKey>(name: F, input: Input<F>): boolean {
    return this.#inner.expects?.(name, input) ?? true;
  }

  call<F extends CallableKey>(name: F, input: Input<F>, caller: Caller<Completion<F>>, paired?: boolean): number {
    const shape = parameters.get(name);
    if (shape === undefined) {
      const call = this.#inner.call(
        name,
        input,
        {
          settle: (completion) => {
            this.#apart.delete(call);
            caller.settle(completion);
          },
        },
        paired,
      );
      this.#apart.add(call);
      return call;
    }
    const id: number = this.#inner.call(
      name,
      input,
      {
        settle: (completion) => {
          this.#complete(name, id, completion);
          caller.settle(completion);
        },
      },
      paired,
    );
    const given = givenOf(input);
    this.#tape.write({
      kind: 'call',
      id,
      function: name,
      input: Object.fromEntries(shape.inputs.map(({ name: at }) => [at, this.#value(at, given[at] ?? null)])),
      ...(paired === false && { paired }),
    });
    return id;
  }

  close(kind: HandleKind, handle: OpenHandle, caller: Caller<number>, discard = false, collected = false): number {
    const id: number = this.#inner.close(
      kind,
      handle,
      {
        settle: (status) => {
          this.#tape.write({ kind: 'closed', batch: this.#batch, id, status });
          caller.settle(status);
        },
      },
      discard,
      collected,
    );
    this.#tape.write({
      kind: 'close',
      id,
      of: kind,
      handle,
      ...(discard && { discard }),
      ...(collected && { collected }),
    });
    return id;
  }

  release(call: number): void {
    this.#inner.release(call);
  }

  cancel(call: number, watch: number): void {
    if (!this.#apart.has(call)) this.#tape.write({ kind: 'cancel', id: call, watch });
    this.#inner.cancel(call, watch);
  }

  abandon(call: number, watch: number): void {
    if (!this.#apart.has(call)) this.#tape.write({ kind: 'abandon', id: call, watch });
    this.#inner.abandon(call, watch);
  }

  hold(): void {
    this.#inner.hold();
  }

  unhold(): void {
    this.#inner.unhold();
  }

  end(): void {
    this.#inner.end();
    this.#tape.write({ kind: 'end' });
  }

  notification(watch: number, notification: RawNotification): void {
    this.#tape.write({ kind: 'notification', batch: this.#batch, watch, ...this.#recorded(notification) });
    this.#sink.notification(watch, notification);
  }

  overflow(watch: number, count: number): void {
    this.#tape.write({ kind: 'overflow', batch: this.#batch, watch, count });
    this.#sink.overflow(watch, count);
  }

  delivered(): void {
    this.#batch++;
    this.#sink.delivered();
  }

  #complete<F extends CallableKey>(name: F, id: number, completion: Completion<F>): void {
    const { status, ending, registration, notification } = completion;
    const outputs = completion.outputs as Readonly<Record<string, string | number | null | ProcessInformation>>;
    this.#tape.write({
      kind: 'completion',
      batch: this.#batch,
      id,
      status,
      ending: endingName(ending),
      registration,
      ...(notification && { notification: this.#recorded(notification) }),
      outputs: Object.fromEntries(
        parameters.get(name)!.outputs.map(({ name: at, shape }) => {
          const value = outputs[at] ?? null;
          return [at, shape === 'Streams' ? processOf(value as ProcessInformation | null) : this.#value(at, value)];
        }),
      ),
    });
  }

  #value(name: string, value: unknown) {
    if (typeof value === 'number') return value;
    const text = Array.isArray(value) ? JSON.stringify(value) : (value as string | null);
    return isPlain(name) ? this.#redactor.plain(text, name) : this.#redactor.document(text, name);
  }

  #recorded({ type, status, data }: RawNotification): RecordedNotification {
    return { type, status, data: this.#redactor.document(data, 'data') };
  }
}

function processOf(information: ProcessInformation | null) {
  if (information === null) return null;
  const [pid, ...descriptors] = information;
  const [stdin, stdout, stderr] = descriptors.map((descriptor): RecordedStream => {
    return descriptor === -1 ? -1 : descriptor !== null;
  }) as [RecordedStream, RecordedStream, RecordedStream];
  return { pid, stdin, stdout, stderr };
}
