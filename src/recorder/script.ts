/**
 * Where a replay is in its recording: what the program has done, and what the host does next.
 *
 * @module
 */
import type { Difference, RecordedCall, ReplayCall } from './errors.js';
import type { CallLine, ClosedLine, CloseLine, CompletionLine, DeliveredLine, GiveUpLine, Line } from './format.js';
import { isPlain, parameters } from './format.js';
import type { Given, Identities } from './matching.js';
import { valueOf } from './matching.js';
import type { Recording } from './reader.js';

function handleOf(line: CallLine): number | undefined {
  const shape = parameters.get(line.function)!;
  const handle = shape.inputs.find(({ shape }) => shape === 'Handle');
  return handle && (line.input[handle.name] as number);
}

export class Script {
  /** The program's part is skipped where it has not been played. */
  hurried = false;
  /** Whether the recording goes on until the host was closed. */
  readonly whole: boolean;
  readonly #recording: Recording;
  readonly #identities: Identities;
  // When each line was played, on the clock of `performance.now()`.
  readonly #played = new Map<Line, number>();
  readonly #places = new Map<Line, number>();
  readonly #calls = new Map<number, CallLine>();
  readonly #ends = new Map<number, CompletionLine | ClosedLine>();
  readonly #closes = new Map<number, CloseLine[]>();
  readonly #givenUp: readonly GiveUpLine[];
  // The calls that have not been made, by what they are made on: a handle, or a function where there is none.
  readonly #lanes = new Map<number | string, Set<CallLine>>();
  #head = 0;
  #lastT = 0;
  #lastAt = performance.now();

  constructor(recording: Recording, identities: Identities) {
    this.#recording = recording;
    this.#identities = identities;
    const { lines } = recording;
    this.whole = lines.at(-1)?.kind === 'end';
    this.#givenUp = lines.filter((line): line is GiveUpLine => line.kind === 'cancel' || line.kind === 'abandon');
    for (const [place, line] of lines.entries()) {
      this.#places.set(line, place);
      if (line.kind === 'call') {
        this.#calls.set(line.id, line);
        within(this.#lanes, handleOf(line) ?? line.function, () => new Set<CallLine>()).add(line);
      } else if (line.kind === 'close') within(this.#closes, line.handle, (): CloseLine[] => []).push(line);
      else if (line.kind === 'completion' || line.kind === 'closed') this.#ends.set(line.id, line);
    }
  }

  /** The calls that have not been made. */
  get remaining(): RecordedCall[] {
    return [...this.#calls.values()].filter((line) => !this.#played.has(line)).map((line) => this.#described(line));
  }

  functionOf(call: number): string {
    return this.#calls.get(call)!.function;
  }

  ends(call: number): boolean {
    return this.#ends.has(call);
  }

  /**
   * The call of the recording that this one is: the next on its handle, or one of those that were made while the host
   * sent nothing, because their order depends on the scheduler.
   */
  find(name: string, given: Given): CallLine | undefined {
    const next = this.#nextOf(name, given);
    const candidates = next === undefined ? this.#open() : [next, ...this.#open()];
    return candidates.find((line) => line.function === name && this.#identities.differences(given, line).length === 0);
  }

  #nextOf(name: string, given: Given): CallLine | undefined {
    const handle = parameters.get(name)?.inputs.find(({ shape }) => shape === 'Handle');
    const lane = handle === undefined ? name : this.#identities.recordedCall(given[handle.name] as number);
    return lane === undefined ? undefined : this.#lanes.get(lane)?.values().next().value;
  }

  // The calls that are not made, up to the next event of the host.
  #open(): CallLine[] {
    const open: CallLine[] = [];
    const { lines } = this.#recording;
    for (let place = this.#head; place < lines.length; place++) {
      const line = lines[place]!;
      if (this.#played.has(line)) continue;
      if ('batch' in line) break;
      if (line.kind === 'call') open.push(line);
    }
    return open;
  }

  /** What there is to say of a call that is not found. */
  divergence(
    name: string,
    given: Given,
  ): [file: string, actual: ReplayCall, expected: RecordedCall | undefined, differences: Difference[]] {
    const next = this.#nextOf(name, given) ?? [...this.#calls.values()].find((line) => !this.#played.has(line));
    const { file } = this.#recording;
    const input = Object.fromEntries(
      Object.entries(given).map(([at, value]) => [at, isPlain(at) ? value : valueOf(value)]),
    );
    const actual = { function: name, input };
    if (next === undefined) return [file, actual, undefined, []];
    const differences =
      next.function === name
        ? this.#identities.differences(given, next)
        : [{ path: '', expected: next.function, actual: name }];
    return [file, actual, this.#described(next), differences];
  }

  #described(line: CallLine): RecordedCall {
    const input = Object.entries(line.input).map(([at, value]) => [at, isPlain(at) ? value : valueOf(value)]);
    return {
      line: this.#places.get(line)! + 2,
      function: line.function,
      input: Object.fromEntries(input) as Record<string, unknown>,
    };
  }

  made(line: CallLine): void {
    this.#played.set(line, performance.now());
    this.#lanes.get(handleOf(line) ?? line.function)!.delete(line);
  }

  gaveUp(kind: 'cancel' | 'abandon', call: number | undefined): void {
    const line = this.#givenUp.find((each) => each.kind === kind && each.id === call && !this.#played.has(each));
    if (line !== undefined) this.#played.set(line, performance.now());
  }

  findClose(handle: number | undefined): CloseLine | undefined {
    if (handle === undefined) return undefined;
    return this.#closes.get(handle)?.find((line) => !this.#played.has(line));
  }

  /** Returns what is to be delivered at once: what the close has ended, where the order of the file does not lead there. */
  madeClose(line: CloseLine): DeliveredLine[] {
    this.#played.set(line, performance.now());
    const closed = this.#ends.get(line.id);
    const passed = (end: DeliveredLine): boolean => this.#places.get(end)! < this.#head;
    const ended = [...this.#ends.values()].filter((end): end is CompletionLine => {
      if (end.kind !== 'completion' || end.ending !== 'closed' || this.#played.has(end)) return false;
      const call = this.#calls.get(end.id)!;
      return handleOf(call) === line.handle && this.#played.has(call);
    });
    const early: DeliveredLine[] =
      closed === undefined || this.#leadsTo(closed) ? ended.filter(passed) : [...ended, closed];
    for (const each of early) this.#played.set(each, performance.now());
    return early;
  }

  // Whether a line will be reached without the program's doing anything more.
  #leadsTo(target: Line): boolean {
    const place = this.#places.get(target)!;
    if (place < this.#head) return false;
    const between = this.#recording.lines.slice(this.#head, place);
    return this.hurried || !between.some((line) => isProgram(line) && !this.#played.has(line));
  }

  /** What the host does next, if the program has done all that was before; with a batch, what else is of it. */
  next(batch?: number): DeliveredLine | undefined {
    const { lines } = this.#recording;
    for (; this.#head < lines.length; this.#head++) {
      const line = lines[this.#head]!;
      const at = this.#played.get(line);
      if (at !== undefined) {
        if (!('batch' in line)) this.#pass(line, at);
      } else if (batch !== undefined && !('batch' in line && line.batch === batch)) {
        return undefined;
      } else if ('batch' in line) {
        if (!this.#waitsForClose(line)) return line;
      } else if (isProgram(line) && !this.hurried) return undefined;
    }
    return undefined;
  }

  // What a close brings comes with that close. It does not hold up the rest: what was collected in the recording is
  // perhaps not collected in the replay.
  #waitsForClose(line: DeliveredLine): boolean {
    if (line.kind === 'closed') return this.#identities.actualCall(line.id) === undefined;
    if (line.kind !== 'completion' || line.ending !== 'closed') return false;
    const closes = this.#closes.get(handleOf(this.#calls.get(line.id)!) ?? -1) ?? [];
    return !closes.some((close) => this.#played.has(close));
  }

  delivered(line: DeliveredLine): void {
    this.#played.set(line, performance.now());
    this.#pass(line, performance.now());
    this.#head++;
  }

  #pass(line: Line, at: number): void {
    this.#lastT = Math.max(this.#lastT, line.t);
    this.#lastAt = Math.max(this.#lastAt, at);
  }

  /** Milliseconds until it happened, from what was before it. */
  dueIn(line: Line, speed: number): number {
    if (this.hurried) return 0;
    return this.#lastAt + (line.t - this.#lastT) / speed - performance.now();
  }
}

// Whether it is the program that does it, and in a replay again.
function isProgram(line: Line): boolean {
  if (line.kind === 'close') return line.collected !== true;
  return line.kind === 'call' || line.kind === 'cancel' || line.kind === 'abandon';
}

function within<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const present = map.get(key);
  if (present !== undefined) return present;
  const made = make();
  map.set(key, made);
  return made;
}
