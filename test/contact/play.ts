// Makes the calls of a recording on the simulated host, in the recorded order, and gives back what it answers as the lines
// that a recording of it would have. A call is not made before the simulated host has done what the recorded host had done by
// then, or has nothing left to do.
import type {
  Backend,
  CallableKey,
  Completion,
  HandleKind,
  Input,
  OpenHandle,
  Shape,
  Sink,
} from '#dist/backend/backend.js';
import { functions } from '#dist/backend/functions.js';
import { locateHost } from '#dist/host/host-choice.js';
import type { CallLine, CloseLine, CompletionLine, DeliveredLine, Line, RecordedText } from '#dist/recorder/format.js';
import { decodeText, encodeText, endingName, isTextual, parameters, redacted } from '#dist/recorder/format.js';
import type { Recording } from '#dist/recorder/reader.js';

import { control, isQuiet } from './control.js';
import { needsFiles, PlayedLayers } from './played-layers.js';
import { PlayedStreams } from './played-streams.js';

/** A call that was not made on the simulated host, and why. */
export interface NotPlayed {
  /** Of the recording. */
  readonly line: number;
  readonly function: string;
  readonly reason: string;
}

export interface Played {
  /** What the simulated host answered and said; ids and handles are those of the recording. */
  readonly lines: readonly DeliveredLine[];
  readonly notPlayed: readonly NotPlayed[];
  /** What the simulated host exports. */
  readonly functions: readonly string[];
}

/** How long the simulated host may take where the recorded one did something, in milliseconds. */
const longestWait = 2000;
/** How long it is left alone before it is looked at again. */
const pause = 20;

/** Plays a recording on a simulated host that has nothing else in it. */
export async function playOnSimulatedHost(recording: Recording): Promise<Played> {
  const { libraries, openBackend } = await locateHost('simulated', {});
  const player = new Player(recording);
  const backend = openBackend(libraries, player, { maxWorkers: 16 });
  try {
    await player.play(backend);
  } finally {
    await player.end();
  }
  return player;
}

class Player implements Played, Sink {
  readonly lines: DeliveredLine[] = [];
  readonly notPlayed: NotPlayed[] = [];
  functions: readonly string[] = [];
  readonly #recording: Recording;
  readonly #calls = new Map<number, CallLine>();
  readonly #completions = new Map<number, CompletionLine>();
  // The calls of the recording, as the simulated host numbers them, and back.
  readonly #actual = new Map<number, number>();
  readonly #recorded = new Map<number, number>();
  readonly #ended = new Set<number>();
  readonly #open = new Map<number, HandleKind>();
  readonly #notified = new Map<number, number>();
  // How many notifications of each watch the recorded host had sent by now, as far as the simulated one sends them.
  readonly #expected = new Map<number, number>();
  readonly #pids = new Map<number, number>();
  readonly #streams = new PlayedStreams();
  readonly #layers = new PlayedLayers();
  #backend!: Backend;
  #batch = 0;

  constructor(recording: Recording) {
    this.#recording = recording;
    for (const line of recording.lines) {
      if (line.kind === 'call') this.#calls.set(line.id, line);
      else if (line.kind === 'completion') this.#completions.set(line.id, line);
    }
  }

  async play(backend: Backend): Promise<void> {
    this.#backend = backend;
    this.functions = [...backend.present].filter((name) => functions[name].library !== 'simulator');
    await control(this.#backend, { Reset: {} });
    for (const folder of this.#layers.begin([...this.#calls.values()])) {
      await new Promise((settle) => backend.call('vmcompute.ProcessBaseImage', { folder }, { settle }));
    }
    const before: DeliveredLine[] = [];
    for (const [place, line] of this.#recording.lines.entries()) {
      if ('batch' in line) {
        before.push(line);
        continue;
      }
      await this.#catchUp(before.splice(0));
      this.#make(line, place + 2);
    }
    await this.#catchUp(before);
    await this.#settle();
  }

  async end(): Promise<void> {
    for (const [id, kind] of this.#open) this.#discard(kind, id);
    await this.#settle();
    this.#streams.end();
    await control(this.#backend, { Reset: {} });
    this.#backend.end();
    this.#layers.end();
  }

  #make(line: Line, place: number): void {
    if (line.kind === 'call') this.#call(line, place);
    else if (line.kind === 'close') this.#close(line);
    else if (line.kind === 'cancel' || line.kind === 'abandon') {
      const [call, watch] = [this.#actual.get(line.id), this.#actual.get(line.watch)];
      if (call === undefined || this.#ended.has(line.id)) return;
      this.#backend[line.kind](call, watch ?? call);
    }
  }

  #call(line: CallLine, place: number): void {
    try {
      this.#begin(line, this.#inputOf(line));
    } catch (error) {
      this.notPlayed.push({ line: place, function: line.function, reason: (error as Error).message });
    }
  }

  /** What the call gets here. Throws why it cannot be made. */
  #inputOf(line: CallLine): Record<string, unknown> {
    if (!this.#backend.present.has(line.function)) throw new Error('the simulated host does not export it');
    if (needsFiles(line))
      throw new Error('it works on the files of layers, and those of the recorded host are not here');
    const input: Record<string, unknown> = {};
    for (const { name, shape } of parameters.get(line.function)!.inputs) {
      const value = line.input[name] ?? null;
      if (value === redacted) throw new Error(`"${name}" is redacted`);
      if (shape === 'Handle') {
        if (!this.#open.has(value as number))
          throw new Error('the simulated host has not opened the system or process that it is made on');
        input[name] = this.#actual.get(value as number);
      } else if (name === 'processId') input[name] = this.#pids.get(value as number) ?? value;
      else input[name] = isTextual(shape) && typeof value !== 'number' ? this.#text(value, name, shape) : value;
    }
    return input;
  }

  #text(value: RecordedText, name: string, shape: Shape): unknown {
    const text = decodeText(value);
    if (text === null) return shape === 'Layers' ? [] : text;
    if (shape === 'Layers') return this.#layers.listOf(text);
    return name === 'layer' ? this.#layers.pathOf(text) : this.#layers.toPlayed(text);
  }

  #begin(line: CallLine, input: Record<string, unknown>): void {
    const id: number = this.#backend.call(
      line.function,
      input as Input<CallableKey>,
      { settle: (completion) => this.#complete(line, completion) },
      line.paired,
    );
    this.#actual.set(line.id, id);
    this.#recorded.set(id, line.id);
  }

  #complete(line: CallLine, completion: Completion<CallableKey>): void {
    const { status, ending, registration, notification } = completion;
    const values = completion.outputs as Readonly<Record<string, string | number | null>>;
    const outputs: Record<string, CompletionLine['outputs'][string]> = {};
    for (const { name, shape, kind } of parameters.get(line.function)!.outputs) {
      const value = values[name] ?? null;
      if (shape === 'Streams') {
        const information = value as unknown as Parameters<PlayedStreams['take']>[1] | null;
        outputs[name] = information && this.#streams.take(line.id, information);
        this.#rememberPid(line, name, information?.[0]);
      } else if (typeof value === 'number') {
        outputs[name] = kind === 'System' || kind === 'Process' ? line.id : value;
        if (kind === 'System' || kind === 'Process') this.#opened(kind, line.id);
      } else outputs[name] = this.#given(line, name, value);
    }
    this.#ended.add(line.id);
    this.#streams.answered(line);
    this.lines.push({
      kind: 'completion',
      t: 0,
      batch: this.#batch,
      id: line.id,
      status,
      ending: endingName(ending),
      registration,
      ...(notification && { notification: { ...notification, data: this.#data(notification.data) } }),
      outputs,
    });
  }

  #given(line: CallLine, name: string, text: string | null): RecordedText {
    if (name === 'mountPath') {
      const recorded = this.#completions.get(line.id)?.outputs[name];
      this.#layers.learn(typeof recorded === 'string' ? recorded : null, text);
    }
    return this.#data(text);
  }

  // What the recorded host has not opened is not there for the calls that follow.
  #opened(kind: HandleKind, id: number): void {
    this.#open.set(id, kind);
    const completion = this.#completions.get(id);
    if (completion === undefined) return;
    const handle = parameters.get(this.#calls.get(id)!.function)!.outputs.find(({ shape }) => shape === 'Handle')!;
    if (completion.outputs[handle.name] === null) this.#discard(kind, id);
  }

  #rememberPid(line: CallLine, name: string, pid: number | undefined): void {
    const recorded = this.#completions.get(line.id)?.outputs[name];
    if (pid === undefined || typeof recorded !== 'object' || recorded === null || !('pid' in recorded)) return;
    this.#pids.set(recorded.pid, pid);
  }

  #close(line: CloseLine): void {
    const kind = this.#open.get(line.handle);
    if (kind === undefined) return;
    this.#open.delete(line.handle);
    this.#streams.close(line.handle);
    const settle = (status: number): void => {
      this.#ended.add(line.id);
      this.lines.push({ kind: 'closed', t: 0, batch: this.#batch, id: line.id, status });
    };
    const handle = this.#actual.get(line.handle) as OpenHandle;
    this.#actual.set(line.id, this.#backend.close(kind, handle, { settle }, line.discard));
  }

  #discard(kind: HandleKind, id: number): void {
    this.#open.delete(id);
    this.#streams.close(id);
    this.#backend.close(kind, this.#actual.get(id) as OpenHandle, { settle: () => undefined }, true);
  }

  /** Waits until the simulated host has done what the recorded one did, as far as it does it. */
  async #catchUp(before: readonly DeliveredLine[]): Promise<void> {
    const ids = before.flatMap((line) => (line.kind === 'completion' || line.kind === 'closed' ? [line.id] : []));
    const expected = this.#expected;
    for (const line of before) if (line.kind === 'notification') add(expected, line.watch, 1);
    const done = (): boolean =>
      ids.every((id) => !this.#actual.has(id) || this.#ended.has(id)) &&
      [...expected].every(([watch, count]) => !this.#actual.has(watch) || (this.#notified.get(watch) ?? 0) >= count);
    const end = performance.now() + longestWait;
    while (!done() && performance.now() < end) if (await this.#isIdle()) break;
    // What has not come is not waited for again.
    for (const [watch, count] of expected) expected.set(watch, Math.min(count, this.#notified.get(watch) ?? 0));
  }

  /** Waits until the simulated host has answered everything, and has nothing left to do. */
  async #settle(): Promise<void> {
    const end = performance.now() + longestWait;
    while (performance.now() < end) if (await this.#isIdle()) return;
  }

  // A call that was made may not have reached the host, which is quiet then.
  async #isIdle(): Promise<boolean> {
    const areAllAnswered = this.#backend.callsInFlight === 0;
    return (await isQuiet(this.#backend, pause)) && areAllAnswered;
  }

  notification(watch: number, { type, status, data }: Parameters<Sink['notification']>[1]): void {
    const id = this.#recorded.get(watch);
    if (id === undefined) return;
    add(this.#notified, id, 1);
    this.lines.push({
      kind: 'notification',
      t: 0,
      batch: this.#batch,
      watch: id,
      type,
      status,
      data: encodeText(data),
    });
  }

  #data(text: string | null): RecordedText {
    return encodeText(text && this.#layers.toRecorded(text));
  }

  overflow(watch: number, count: number): void {
    const id = this.#recorded.get(watch);
    if (id !== undefined) this.lines.push({ kind: 'overflow', t: 0, batch: this.#batch, watch: id, count });
  }

  delivered(): void {
    this.#batch++;
  }
}

function add(counts: Map<number, number>, key: number, more: number): void {
  counts.set(key, (counts.get(key) ?? 0) + more);
}
