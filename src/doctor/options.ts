// The options of doctor() and recordMachine(), checked.
import { win32 } from 'node:path';

import { HcsArgumentError } from '../errors/errors.js';
import { Host } from '../host/host.js';
import type { OperationOptions } from '../host/operation-options.js';
import { readOperationOptions } from '../host/operation-options.js';
import { readOptions } from '../known-options.js';
import type { Answers } from './answer.js';
import type { CheckedImage, Goal } from './check.js';
import { goals as allGoals } from './check.js';

/** What both take. `timeoutMs` are the milliseconds for all questions together: what is not answered by then is `hung`. */
export interface ExaminedMachine extends OperationOptions {
  /** Where layers are to lie: an absolute path of Windows. Default: that of the recording, else `%ProgramData%\hostcompute`. */
  readonly root?: string;
  /** Whose systems and networks are asked for; default that of this machine, or the one that `HOSTCOMPUTE_HOST` names, opened for it alone. */
  readonly host?: Host;
}

/** Options of {@link doctor}. */
export interface DoctorOptions extends ExaminedMachine {
  /** What this machine is to be used for; default `process`, `layers` and `network`. What stands in the way of others is a warning. */
  readonly goals?: readonly Goal[];
  /** An image that is to run: its check compares it with the host. */
  readonly image?: CheckedImage;
  /** Who answers in place of this machine: a recording (`replay()`), or an object of your own. */
  readonly answers?: Answers;
  /** Makes, starts and terminates a tiny system in the end, which leaves nothing. Not with `answers`. */
  readonly probe?: boolean;
}

export interface CheckedOptions {
  readonly goals: readonly Goal[];
  readonly root: string | undefined;
  readonly image: CheckedImage | undefined;
  readonly answers: Answers | undefined;
  readonly host: Host | undefined;
  readonly probe: boolean;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** Options of {@link recordMachine}. */
export interface RecordMachineOptions extends ExaminedMachine {
  /** Who answers in place of this machine: an object of your own. */
  readonly answers?: Answers;
}

/** Of all questions together; each alone has no more. A recording waits for what takes longer, such as DISM. */
const defaultTimeoutMs = 2000;
const recordTimeoutMs = 15_000;

const defaultGoals: readonly Goal[] = ['process', 'layers', 'network'];

/** Throws an {@link HcsArgumentError}. */
export function checkDoctorOptions(given: DoctorOptions): CheckedOptions {
  const options = readOperationOptions(given, ['goals', 'root', 'image', 'answers', 'host', 'probe']);
  const { image, answers, host, probe = false, timeoutMs = defaultTimeoutMs, signal } = options;
  if (answers !== undefined) checkAnswers(answers);
  if (typeof probe !== 'boolean') throw new HcsArgumentError('options.probe', 'must be a boolean', probe);
  if (answers !== undefined && (probe || host !== undefined)) {
    const field = probe ? 'options.probe' : 'options.host';
    throw new HcsArgumentError(
      field,
      'must be absent where "options.answers" is given',
      probe || host,
      'A recording has no host.',
    );
  }
  return {
    goals: goalsOf(options.goals),
    root: rootOf(options.root),
    image: image === undefined ? undefined : imageOf(image),
    answers,
    host: hostOf(host),
    probe,
    timeoutMs,
    signal,
  };
}

/** Throws an {@link HcsArgumentError}. */
export function checkRecordOptions(given: RecordMachineOptions): Omit<CheckedOptions, 'goals' | 'image' | 'probe'> {
  const options = readOperationOptions(given, ['root', 'host', 'answers']);
  const { answers, host, timeoutMs = recordTimeoutMs, signal } = options;
  if (answers !== undefined) checkAnswers(answers);
  return { root: rootOf(options.root), host: hostOf(host), answers, timeoutMs, signal };
}

function goalsOf(given: unknown): readonly Goal[] {
  if (given === undefined) return defaultGoals;
  const one = `one or more of ${allGoals.join(', ')}`;
  if (!Array.isArray(given) || given.length === 0) {
    throw new HcsArgumentError('options.goals', `must be an array of ${one}`, given);
  }
  for (const [at, goal] of given.entries()) {
    if (!allGoals.includes(goal as Goal)) throw new HcsArgumentError(`options.goals[${at}]`, `must be ${one}`, goal);
  }
  return allGoals.filter((goal) => given.includes(goal));
}

/** Of the command as well. */
export const defaultRoot = (): string => win32.join(process.env.ProgramData ?? 'C:\\ProgramData', 'hostcompute');

function rootOf(given: unknown): string | undefined {
  if (given === undefined) return undefined;
  if (typeof given === 'string' && isAbsolutePath(given)) return given;
  throw new HcsArgumentError(
    'options.root',
    'must be an absolute path of Windows, or begin with a variable',
    given,
    'Such as C:\\layers.',
  );
}

// A recording has %USERPROFILE%; a path of this system is one as well where that is not Windows.
function isAbsolutePath(path: string): boolean {
  return path.length <= 1024 && !path.includes('\0') && (win32.isAbsolute(path) || /^%\w+%/.test(path));
}

function imageOf(given: unknown): CheckedImage {
  const names = ['os', 'architecture', 'osVersion', 'name'] as const;
  const image = readOptions(given as CheckedImage, names, 'options.image');
  for (const name of names) {
    const value: unknown = image[name];
    if (typeof value === 'string' || (value === undefined && name !== 'os')) continue;
    throw new HcsArgumentError(
      `options.image.${name}`,
      'must be a string',
      value,
      'As in the configuration of the image.',
    );
  }
  return image;
}

function checkAnswers(answers: Answers): void {
  if (typeof answers === 'object' && (answers as Partial<Answers> | null) !== null && typeof answers.ask === 'function')
    return;
  throw new HcsArgumentError(
    'options.answers',
    'must be an object with ask()',
    answers,
    'Pass what replay() returned.',
  );
}

function hostOf(host: unknown): Host | undefined {
  if (host === undefined || host instanceof Host) return host;
  throw new HcsArgumentError('options.host', 'must be a Host', host, 'Pass what Host.open() returned.');
}
