/**
 * The file of a recording: lines of JSON, the first of which says what was recorded, and each other one event.
 *
 * @module
 */
import type { CallableKey, FunctionKey, HandleKind, Shape } from '../backend/backend.js';
import { Ending } from '../backend/backend.js';
import { functions } from '../backend/functions.js';
import type { Parameter } from '../backend/parameters.js';
import { calledByBackend, inputsOf, outputsOf } from '../backend/parameters.js';
import { deepestNesting, isTooDeep } from '../nesting.js';

/** How deep a document may be nested that is a value of its line. */
export const deepestDocument = deepestNesting - 8;

/** 1 had the functions of vmcompute by their names alone. */
export const formatVersion = 2;

/** What stands in a recording for what must not be in it. In a replay it is equal to anything. */
export const redacted = '<redacted>';

/** A text to the letter, or the value of one that `JSON.stringify` writes in the same way. */
export type RecordedText = string | null | { readonly json: unknown };

/** `true`: there was such a stream. -1: it could not be opened. */
export type RecordedStream = boolean | -1;

export interface RecordedProcess {
  readonly pid: number;
  readonly stdin: RecordedStream;
  readonly stdout: RecordedStream;
  readonly stderr: RecordedStream;
}

export interface RecordedNotification {
  readonly type: number;
  readonly status: number;
  readonly data: RecordedText;
}

export interface HeaderLine {
  readonly kind: 'recording';
  readonly version: number;
  readonly package: string;
  readonly date: string;
  readonly platform: string;
  readonly release: string;
  readonly node: string;
  readonly host: string;
  readonly functions: readonly FunctionKey[];
  /** Whose numbers the notifications have; absent for vmcompute. Calls are those of vmcompute in either case. */
  readonly api?: 'computecore';
  readonly redaction: Readonly<Record<string, boolean>> | false;
}

/** `t`: milliseconds since the host was opened. */
interface Happening {
  readonly t: number;
}

/** What was delivered in one turn of the event loop has one number of a batch. */
interface Delivered extends Happening {
  readonly batch: number;
}

/** Handles are the numbers of the calls that opened them. */
export interface CallLine extends Happening {
  readonly kind: 'call';
  readonly id: number;
  readonly function: CallableKey;
  readonly input: Readonly<Record<string, number | RecordedText>>;
  readonly paired?: false;
}

export interface CompletionLine extends Delivered {
  readonly kind: 'completion';
  readonly id: number;
  readonly status: number;
  readonly ending: keyof typeof Ending;
  readonly registration: number;
  readonly notification?: RecordedNotification;
  readonly outputs: Readonly<Record<string, RecordedText | number | RecordedProcess>>;
}

export interface NotificationLine extends Delivered, RecordedNotification {
  readonly kind: 'notification';
  readonly watch: number;
}

export interface OverflowLine extends Delivered {
  readonly kind: 'overflow';
  readonly watch: number;
  readonly count: number;
}

export interface CloseLine extends Happening {
  readonly kind: 'close';
  readonly id: number;
  readonly of: HandleKind;
  readonly handle: number;
  readonly discard?: true;
  readonly collected?: true;
}

export interface ClosedLine extends Delivered {
  readonly kind: 'closed';
  readonly id: number;
  readonly status: number;
}

/** A call that timed out or was cancelled. */
export interface GiveUpLine extends Happening {
  readonly kind: 'cancel' | 'abandon';
  readonly id: number;
  readonly watch: number;
}

export interface EndLine extends Happening {
  readonly kind: 'end';
}

export type DeliveredLine = CompletionLine | NotificationLine | OverflowLine | ClosedLine;
export type Line = CallLine | CloseLine | GiveUpLine | DeliveredLine | EndLine;

interface Parameters {
  readonly inputs: readonly Parameter[];
  readonly outputs: readonly Parameter[];
}

const called = (Object.keys(functions) as FunctionKey[]).filter((name) => !calledByBackend(name));

/** What a recording can hold: the functions that are called through a host. Those that steer the simulator are none. */
export const parameters: ReadonlyMap<string, Parameters> = new Map(
  called
    .filter((name) => functions[name].library !== 'simulator')
    .map((name) => [name, { inputs: inputsOf(name), outputs: outputsOf(name) }]),
);

// Ids, names and paths.
const plain: ReadonlySet<string> = new Set([
  'id',
  'layer',
  'parent',
  'folder',
  'copy',
  'mountPath',
  'name',
  'guid',
  'vmId',
  'file',
]);

/** Texts that are not documents. */
export function isPlain(parameter: string): boolean {
  return plain.has(parameter);
}

/** Whether values of this shape are recorded as texts: what is none becomes a document. */
export function isTextual(shape: Shape): boolean {
  return ['Text', 'SizedText', 'Guid', 'Layers', 'Object'].includes(shape) || isStructured(shape);
}

/** Whether values of this shape are arrays, which are recorded as documents. */
export function isStructured(shape: Shape): boolean {
  return shape === 'PortRange' || shape === 'PortEntries';
}

/** The inputs of a call as texts and numbers. */
export function givenOf(input: object): Readonly<Record<string, string | number | null>> {
  const values = Object.entries(input) as [string, string | number | null | object][];
  return Object.fromEntries(
    values.map(([name, value]) => [name, typeof value === 'object' && value !== null ? JSON.stringify(value) : value]),
  );
}

/** Records a text: as a value where that loses nothing. */
export function encodeText(text: string | null): RecordedText {
  if (!text || isTooDeep(text, deepestDocument)) return text;
  try {
    const json = JSON.parse(text) as unknown;
    return JSON.stringify(json) === text ? { json } : text;
  } catch {
    return text;
  }
}

export function decodeText(text: RecordedText): string | null {
  return typeof text === 'object' && text !== null ? JSON.stringify(text.json) : text;
}

/** The name of an ending. */
export function endingName(ending: Ending): keyof typeof Ending {
  return (Object.keys(Ending) as (keyof typeof Ending)[]).find((name) => Ending[name] === ending)!;
}
