/**
 * The errors of recordings and replays.
 *
 * @module
 */
import { HcsError } from '../errors/errors.js';
import { shortened } from '../shortened.js';

/** A recording cannot be written or read. `line` is the line that is at fault, where there is one. */
export class HcsRecordingError extends HcsError {
  readonly file: string;
  declare readonly line?: number;

  static {
    this.prototype.name = 'HcsRecordingError';
  }

  constructor(file: string, line: number | undefined, problem: string, cause?: unknown) {
    const place = line === undefined ? shortened(file) : `${shortened(file)}:${line}`;
    super(`The recording ${place} ${problem}`, { code: 'ERR_HC_RECORDING', operation: 'recording', cause });
    this.file = file;
    if (line !== undefined) this.line = line;
  }
}

/** A call of a host's function, with the documents of its input as values. */
export interface ReplayCall {
  readonly function: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** A call in a recording. */
export interface RecordedCall extends ReplayCall {
  /** Where it is in the file, from 1. */
  readonly line: number;
}

/** Where two calls differ. What one of them does not have is `undefined`. */
export interface Difference {
  /** From the input down, such as `configuration.Container.GuestOs.HostName`; empty for the function itself. */
  readonly path: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

/** A call differs from the recording that is replayed. Later calls reject with the same error. */
export class HcsReplayError extends HcsError {
  readonly file: string;
  /** Of the call that the recording has next; undefined when it has none. */
  declare readonly line?: number;
  declare readonly expected?: RecordedCall;
  readonly actual: ReplayCall;
  readonly differences: readonly Difference[];

  static {
    this.prototype.name = 'HcsReplayError';
  }

  constructor(
    file: string,
    actual: ReplayCall,
    expected: RecordedCall | undefined,
    differences: readonly Difference[],
  ) {
    const place = expected === undefined ? shortened(file) : `${shortened(file)}:${expected.line}`;
    super(`${actual.function} diverges from the recording ${place}: ${what(expected, differences)}`, {
      code: 'ERR_HC_REPLAY',
      operation: actual.function.slice(actual.function.indexOf('.') + 1),
      remedy: 'If the change is intended, record again.',
    });
    this.file = file;
    this.actual = actual;
    this.differences = differences;
    if (expected === undefined) return;
    this.expected = expected;
    this.line = expected.line;
  }
}

function what(expected: RecordedCall | undefined, differences: readonly Difference[]): string {
  if (expected === undefined) return 'it has no further call';
  const [first] = differences;
  if (first === undefined || first.path === '') return `it has ${expected.function} next`;
  const more = differences.length > 1 ? `, and ${differences.length - 1} more` : '';
  return `${shortened(first.path)} is ${shown(first.actual)} instead of ${shown(first.expected)}${more}`;
}

function shown(value: unknown): string {
  const text = value === undefined ? 'absent' : JSON.stringify(value);
  return shortened(text, 100);
}
