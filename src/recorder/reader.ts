/**
 * Reads and validates a recording. Errors name the line.
 *
 * @module
 */
import { readFile, stat } from 'node:fs/promises';
import { shortened } from '../shortened.js';

import type { FunctionKey, HandleKind } from '../backend/backend.js';
import { Ending } from '../backend/backend.js';
import type { Parameter } from '../backend/parameters.js';
import { HcsRecordingError } from './errors.js';
import type { HeaderLine, Line } from './format.js';
import { formatVersion, isTextual, parameters } from './format.js';
import { deepestNesting, isTooDeep } from '../nesting.js';

/** A recording that has been read. The line of `lines[i]` in the file is `i + 2`. */
export interface Recording {
  readonly file: string;
  readonly header: HeaderLine;
  readonly lines: readonly Line[];
}

// The lines that are parsed from a file are larger than it is.
const handleKinds: ReadonlySet<unknown> = new Set<HandleKind>([
  'System',
  'Process',
  'GuestNetworkService',
  'ServiceRegistration',
  'PortReservation',
]);
const largestFile = 256 * 2 ** 20;
/** How much is parsed before the event loop turns. */
const pieceSize = 64 * 2 ** 10;
const newline = 0x0a;

/** Reads a recording. Throws an {@link HcsRecordingError}. */
export async function readRecording(file: string): Promise<Recording> {
  const bytes = await bytesOf(file);
  const lines: Line[] = [];
  const calls: Calls = new Map();
  let header: HeaderLine | undefined;
  let [number, turned] = [0, 0];
  for (let start = 0; ;) {
    // What follows the last end of a line was cut off when the program that recorded ended.
    const end = bytes.indexOf(newline, start);
    if (end < 0) break;
    number++;
    try {
      // White space before the end of a line, as Windows may have it, is none of its JSON.
      const value = parse(bytes.toString('utf8', start, end));
      if (header === undefined) header = headerOf(value);
      else lines.push(lineOf(header.version === oldVersion ? withKey(value) : value, calls));
    } catch (error) {
      throw new HcsRecordingError(file, number, `is malformed: ${(error as Error).message}`, error);
    }
    start = end + 1;
    if (start - turned < pieceSize) continue;
    turned = start;
    await new Promise(setImmediate);
  }
  if (header === undefined) throw new HcsRecordingError(file, 1, 'is malformed: it has no complete line');
  return { file, header, lines };
}

async function bytesOf(file: string): Promise<Buffer> {
  try {
    const stats = await stat(file);
    if (!stats.isFile()) throw new Error('it must be a file');
    const { size } = stats;
    if (size > largestFile) throw new Error(`it has ${size} bytes, more than ${largestFile}`);
    return await readFile(file);
  } catch (error) {
    throw new HcsRecordingError(file, undefined, `cannot be read: ${(error as Error).message}`, error);
  }
}

const oldVersion = 1;

function keyIn(version: number, name: unknown): unknown {
  return version === oldVersion && typeof name === 'string' ? `vmcompute.${name}` : name;
}

type Fields = Record<string, unknown>;

// What has begun: a function, or a close. Ended when its completion has been read.
type Calls = Map<number, { readonly name: string; ended: boolean }>;

function check(holds: boolean, problem: string): asserts holds {
  if (!holds) throw new Error(problem);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(content: string): Fields {
  let value: unknown;
  check(!isTooDeep(content), `its values are nested more than ${deepestNesting} deep`);
  try {
    value = JSON.parse(content);
  } catch (error) {
    throw new Error(`it must be JSON (${(error as Error).message})`, { cause: error });
  }
  check(isFields(value), 'it must be an object');
  return value;
}

// A call of the old version names its function without the library.
function withKey(value: Fields): Fields {
  return value.kind === 'call' ? { ...value, function: keyIn(oldVersion, value.function) } : value;
}

function headerOf(value: Fields): HeaderLine {
  const { kind, version, functions } = value;
  check(kind === 'recording', 'it is not the header of a recording');
  check(
    version === formatVersion || version === oldVersion,
    `it has version ${String(version)}, and this package reads ${oldVersion} and ${formatVersion}`,
  );
  check(
    Array.isArray(functions) && functions.every((name) => typeof name === 'string'),
    '"functions" must be an array of names',
  );
  const keys = functions.map((name: string) => keyIn(version as number, name)) as FunctionKey[];
  return { ...(value as unknown as HeaderLine), functions: keys };
}

function whole(fields: Fields, ...names: string[]): void {
  for (const name of names) {
    const value = fields[name];
    must(Number.isInteger(value) && (value as number) >= 0, name, 'be a whole number', value);
  }
}

function shown(value: unknown): string {
  return value === undefined ? 'undefined' : shortened(JSON.stringify(value));
}

/** Fails with a sentence of the form `"id" must be a whole number; received "x"`. */
function must(holds: boolean, name: string, be: string, value: unknown): asserts holds {
  check(holds, `"${name}" must ${be}; received ${shown(value)}`);
}

function isText(value: unknown): boolean {
  return value === null || typeof value === 'string' || (isFields(value) && 'json' in value);
}

function values(within: unknown, expected: readonly Parameter[], place: string): void {
  must(isFields(within), place, 'be an object', within);
  for (const { shape, name } of expected) {
    const value = within[name];
    if (isTextual(shape)) must(isText(value), `${place}.${name}`, 'be text or null', value);
    else if (shape === 'Streams') must(value === null || isProcess(value), `${place}.${name}`, 'be a process', value);
    else {
      const fits = Number.isInteger(value) || (place === 'outputs' && value === null);
      must(fits, `${place}.${name}`, 'be an integer', value);
    }
  }
}

function isProcess(value: unknown): boolean {
  if (!isFields(value) || !Number.isInteger(value.pid)) return false;
  return [value.stdin, value.stdout, value.stderr].every((stream) => typeof stream === 'boolean' || stream === -1);
}

function checkNotification(value: unknown): void {
  check(isFields(value), 'the notification must be an object');
  whole(value, 'type', 'status');
  must(isText(value.data), 'data', 'be text or null', value.data);
}

function begun(calls: Calls, id: unknown): { readonly name: string; ended: boolean } {
  const call = calls.get(id as number);
  check(call !== undefined, `no call with the id ${shown(id)} has started`);
  return call;
}

function begin(calls: Calls, id: unknown, name: string): void {
  check(!calls.has(id as number), `the id ${shown(id)} is already in use`);
  calls.set(id as number, { name, ended: false });
}

function end(calls: Calls, id: unknown): string {
  const call = begun(calls, id);
  check(!call.ended, `${call.name} with the id ${shown(id)} has already completed`);
  call.ended = true;
  return call.name;
}

function lineOf(value: Fields, calls: Calls): Line {
  must(typeof value.t === 'number' && value.t >= 0, 't', 'be a time in milliseconds', value.t);
  const { id } = value;
  switch (value.kind) {
    case 'call': {
      const shape = parameters.get(value.function as string);
      must(shape !== undefined, 'function', 'be a function that this version of hostcompute knows', value.function);
      whole(value, 'id');
      values(value.input, shape.inputs, 'input');
      begin(calls, id, value.function as string);
      break;
    }
    case 'completion': {
      whole(value, 'batch', 'id', 'status', 'registration');
      must(
        Object.hasOwn(Ending, value.ending as string),
        'ending',
        `be one of ${Object.keys(Ending).join(', ')}`,
        value.ending,
      );
      const shape = parameters.get(end(calls, id));
      check(shape !== undefined, `${shown(id)} is the id of a close`);
      values(value.outputs, shape.outputs, 'outputs');
      if (value.notification !== undefined) checkNotification(value.notification);
      break;
    }
    case 'notification':
      whole(value, 'batch', 'watch');
      begun(calls, value.watch);
      checkNotification(value);
      break;
    case 'overflow':
      whole(value, 'batch', 'watch', 'count');
      begun(calls, value.watch);
      break;
    case 'close':
      whole(value, 'id', 'handle');
      must(handleKinds.has(value.of), 'of', `be one of ${[...handleKinds].join(', ')}`, value.of);
      begun(calls, value.handle);
      begin(calls, id, 'close');
      break;
    case 'closed':
      whole(value, 'batch', 'id', 'status');
      check(end(calls, id) === 'close', `${shown(id)} is not the id of a close`);
      break;
    case 'cancel':
    case 'abandon':
      whole(value, 'id', 'watch');
      begun(calls, id);
      break;
    case 'end':
      break;
    default:
      must(false, 'kind', 'be a kind of line that this version of hostcompute knows', value.kind);
  }
  return value as unknown as Line;
}
