/**
 * The errors of this package. `HcsError` is the base of all but `HcsArgumentError`, which is a `TypeError` with the same
 * fields. An error that the host reported is an `HcsError` itself; what went wrong on this side has a subclass.
 *
 * @module
 */
import type * as Schema2 from '../../types/schema2/index.js';
import { describeValue, messageOf } from './received.js';
import { longestMessage, shortened } from '../shortened.js';
import type { ResultClass } from './result-codes.js';
import { describeStatus, failed } from './result-codes.js';

/** One entry of `ErrorEvents` in a result document, in HCS's own spelling. */
export type ErrorEvent = Readonly<Schema2.ErrorEvent>;

/** One entry of `Attribution` in a result document: an object with one member that says who failed, and how. */
export type AttributionRecord = Readonly<Schema2.AttributionRecord>;

/** What the network service has. */
export type NetworkObjectKind =
  'network' | 'endpoint' | 'namespace' | 'load balancer' | 'route' | 'guest network service';

/** An object of the network service. */
export interface NetworkObject {
  readonly kind: NetworkObjectKind;
  /** A GUID, or the name by which it was looked for. */
  readonly id: string;
}

/** What an operation is about. */
export interface Subject {
  readonly systemId?: string | undefined;
  readonly processId?: number | undefined;
  /** The folder of a layer. */
  readonly layer?: string | undefined;
  /** The file of a virtual disk. */
  readonly disk?: string | undefined;
  /** A file of a virtual machine, or one that it may use. */
  readonly vmFile?: string | undefined;
  readonly object?: NetworkObject | undefined;
}

/** What an {@link HcsError} is made of. */
export interface HcsErrorDetails extends Subject {
  readonly code: string;
  readonly status?: number;
  readonly operation: string;
  readonly events?: readonly ErrorEvent[];
  readonly attribution?: readonly AttributionRecord[];
  readonly remedy?: string | undefined;
  readonly cause?: unknown;
}

/** What {@link HcsError} and {@link HcsArgumentError} have in common; {@link isHcsError} knows both. */
export interface HcsErrorFields {
  readonly name: string;
  readonly message: string;
  readonly code: string;
  readonly status: number;
  readonly operation?: string;
  readonly systemId?: string;
  readonly processId?: number;
  readonly layer?: string;
  readonly disk?: string;
  readonly vmFile?: string;
  readonly object?: NetworkObject;
  readonly events: readonly ErrorEvent[];
  readonly attribution: readonly AttributionRecord[];
  readonly remedy?: string;
}

/** An operation failed. `code` is stable: compare it, and not `message`, which is for people. */
export class HcsError extends Error implements HcsErrorFields {
  /** `HCS_E_SYSTEM_NOT_FOUND`, `E_ACCESSDENIED` ...; `ERR_HC_*` where the host gave no answer. */
  readonly code: string;
  /** The host's HRESULT, unsigned and in the host's own spelling; 0 where the host gave none. */
  readonly status: number;
  /** The host function, such as `HcsStartComputeSystem`, or the method of this package. */
  readonly operation: string;
  /** The system that the operation was on. Absent where there is none, as the next two are. */
  declare readonly systemId?: string;
  declare readonly processId?: number;
  /** The folder of the layer that the call was about. */
  declare readonly layer?: string;
  /** The file of the virtual disk that the call was about. */
  declare readonly disk?: string;
  /** The file of a virtual machine, or for one, that the call was about. */
  declare readonly vmFile?: string;
  /** The network, endpoint or other object of the network service that the call was about. */
  declare readonly object?: NetworkObject;
  /** `ErrorEvents` of the host's result document. Their text is localised. */
  readonly events: readonly ErrorEvent[];
  readonly attribution: readonly AttributionRecord[];
  /** What to do next. */
  declare readonly remedy?: string;

  static {
    this.prototype.name = 'HcsError';
  }

  constructor(message: string, details: HcsErrorDetails) {
    super(shortened(message, longestMessage), details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.status = (details.status ?? 0) >>> 0;
    this.operation = details.operation;
    if (details.systemId !== undefined) this.systemId = details.systemId;
    if (details.processId !== undefined) this.processId = details.processId;
    if (details.layer !== undefined) this.layer = details.layer;
    if (details.disk !== undefined) this.disk = details.disk;
    if (details.vmFile !== undefined) this.vmFile = details.vmFile;
    if (details.object !== undefined) this.object = details.object;
    this.events = details.events ?? [];
    this.attribution = details.attribution ?? [];
    if (details.remedy !== undefined) this.remedy = details.remedy;
  }
}

/** The last notification that arrived before a wait timed out or was cancelled. */
export interface LastNotification {
  readonly type: string;
  readonly status: number;
}

/** What is known of a call whose wait timed out or was cancelled. */
export interface UnfinishedDetails extends Subject {
  readonly operation: string;
  readonly elapsedMs: number;
  readonly lastNotification?: LastNotification | undefined;
  readonly cause?: unknown;
}

/** The wait timed out. The call itself continues inside the host and counts in `host.stuckCalls`. */
export class HcsTimeoutError extends HcsError {
  /** Milliseconds from the call to the deadline. */
  readonly elapsedMs: number;
  declare readonly lastNotification?: LastNotification;

  static {
    this.prototype.name = 'TimeoutError';
  }

  constructor(details: UnfinishedDetails) {
    super(`${describeOperation(details)} timed out after ${details.elapsedMs} ms${lastNotificationOf(details)}`, {
      ...details,
      code: 'ERR_HC_TIMEOUT',
      remedy:
        'The host may still complete it: see host.stuckCalls. Raise timeoutMs' +
        (hasNotifications(details) ? ', or end the system with stop() or terminate().' : '.'),
    });
    this.elapsedMs = details.elapsedMs;
    if (details.lastNotification) this.lastNotification = details.lastNotification;
  }
}

/** The caller's `AbortSignal` cancelled the wait. `cause` is its reason. The call itself continues inside the host. */
export class HcsAbortError extends HcsError {
  /** Milliseconds from the call to the cancellation. */
  readonly elapsedMs: number;
  declare readonly lastNotification?: LastNotification;

  static {
    this.prototype.name = 'AbortError';
  }

  constructor(details: UnfinishedDetails) {
    super(`${describeOperation(details)} was cancelled after ${details.elapsedMs} ms${lastNotificationOf(details)}`, {
      ...details,
      code: 'ABORT_ERR',
    });
    this.elapsedMs = details.elapsedMs;
    if (details.lastNotification) this.lastNotification = details.lastNotification;
  }
}

/** What can be closed. */
export type Closable =
  'host' | 'system' | 'process' | 'network events' | 'port reservation' | 'virtual disk' | NetworkObjectKind;

const reopening: Readonly<Record<Closable, string>> = {
  host: 'Open a host with Host.open().',
  system: 'Open it again with ComputeSystem.open(id).',
  process: 'Open it again with system.openProcess(pid), if it still runs.',
  'virtual disk': 'Open it again with VirtualDisk.open(path).',
  network: 'Open it again with Network.open(id).',
  endpoint: 'Open it again with Endpoint.open(id).',
  namespace: 'Open it again with Namespace.open(id).',
  'load balancer': 'Open it again with LoadBalancer.open(id).',
  route: 'Open it again with Route.open(id).',
  'guest network service': 'Open it again with GuestNetworkService.open(id).',
  'network events': 'Call networkEvents() again.',
  'port reservation': 'Reserve the port again.',
};

/** The host, system or process was closed before or during the operation. */
export class HcsClosedError extends HcsError {
  constructor(details: Subject & { operation: string; what: Closable }) {
    const { what } = details;
    super(`${describeOperation(details)}: the ${what} is closed`, {
      ...details,
      code: 'ERR_HC_CLOSED',
      remedy: reopening[what],
    });
  }
}

/** A stream of a process failed. `code` is that of the operating system, such as `EPIPE`; `cause` is Node's error. */
export class HcsStreamError extends HcsError {
  /** `stdin`, `stdout` or `stderr`. */
  readonly stream: string;

  constructor(details: Subject & { stream: string; cause: Error }) {
    const { stream, cause } = details;
    super(`${stream}${aboutSubject(details)}: ${messageOf(cause)}`, {
      ...details,
      code: (cause as NodeJS.ErrnoException | null)?.code ?? 'ERR_HC_STREAM',
      operation: stream,
    });
    this.stream = stream;
  }
}

/** A process wrote more output than exec() was to collect, and was killed. */
export class HcsMaxBufferError extends HcsError {
  /** `stdout` or `stderr`. */
  readonly stream: string;
  /** The limit in bytes. */
  readonly maxBuffer: number;

  static {
    this.prototype.name = 'HcsMaxBufferError';
  }

  constructor(details: Subject & { stream: string; maxBuffer: number }) {
    const { stream, maxBuffer } = details;
    super(`exec${aboutSubject(details)}: ${stream} exceeded ${maxBuffer} bytes, and the process was killed`, {
      ...details,
      code: 'ERR_HC_MAX_BUFFER',
      operation: 'exec',
      remedy: 'Raise maxBuffer, or read the streams of createProcess().',
    });
    this.stream = stream;
    this.maxBuffer = maxBuffer;
  }
}

/** A host's library, or a part of this package, could not be loaded. */
export class HcsLibraryError extends HcsError {
  constructor(message: string, remedy: string, cause?: unknown, operation = 'Host.open') {
    super(`${message}. ${remedy}`, { code: 'ERR_HC_LIBRARY', operation, remedy, cause });
  }
}

/** The host's library lacks a function that the operation needs. */
export class HcsSymbolError extends HcsError {
  /** The missing export. */
  readonly functionName: string;

  /** `since` is the build of Windows that first had the function. */
  constructor({
    since = 0,
    ...details
  }: Subject & { operation: string; functionName: string; remedy?: string; since?: number }) {
    const first = since > 0 ? ` Windows has it from build ${String(since)} on.` : '';
    super(`${describeOperation(details)}: the host has no function ${details.functionName}`, {
      remedy: `This build of Windows is older than the function.${first} host.functions lists the functions that it has.`,
      ...details,
      code: 'ERR_HC_SYMBOL',
    });
    this.functionName = details.functionName;
  }
}

/** The host returned a text that is not the expected JSON. `text` is what it returned. */
export class HcsDocumentError extends HcsError {
  readonly text: string | null;

  constructor(details: Subject & { operation: string; what: string; text: string | null; cause?: unknown }) {
    super(`${describeOperation(details)}: the host returned ${details.text ? 'malformed' : 'no'} ${details.what}`, {
      ...details,
      code: 'ERR_HC_DOCUMENT',
    });
    this.text = details.text;
  }
}

/** @internal In place of a received value that a message does not show. */
export const notShown = Symbol('not shown');

/** What an argument must be, as the rest of a sentence that begins with its name. */
export type Requirement = `must ${string}`;

/** @internal The requirement, followed by a short description of the value. */
export function problemOf(requirement: Requirement, received: unknown): Requirement {
  return received === notShown ? requirement : `${requirement}; received ${describeValue(received)}`;
}

/**
 * An argument, or a member of a document, is not what it must be. The host was not called.
 *
 * `"options.timeoutMs" must be a number above 0, or Infinity; received -1.`
 */
export class HcsArgumentError extends TypeError implements HcsErrorFields {
  readonly code = 'ERR_HC_ARGUMENT';
  /** 0: the host was not called. */
  readonly status = 0;
  declare readonly operation?: string;
  declare readonly systemId?: string;
  declare readonly processId?: number;
  declare readonly layer?: string;
  declare readonly disk?: string;
  declare readonly vmFile?: string;
  declare readonly object?: NetworkObject;
  readonly events: readonly ErrorEvent[] = [];
  readonly attribution: readonly AttributionRecord[] = [];
  /** The argument, or the member of a document, such as `document.Container.Storage.Path`. */
  readonly field: string;
  /** What it must be, and what was received: the rest of a sentence that begins with the field. */
  readonly problem: Requirement;
  /** What to do next. */
  declare readonly remedy?: string;

  static {
    this.prototype.name = 'HcsArgumentError';
  }

  /** @param received - the value, of which the message shows a short description */
  constructor(field: string, requirement: Requirement, received: unknown, remedy?: string) {
    const problem = problemOf(requirement, received);
    super(shortened(`"${shortened(field)}" ${problem}.${remedy === undefined ? '' : ` ${remedy}`}`, longestMessage));
    this.field = field;
    this.problem = problem;
    if (remedy !== undefined) this.remedy = remedy;
  }

  /** @internal The same about another field: the one that the caller knows. */
  atField(field: string): HcsArgumentError {
    return new HcsArgumentError(field, this.problem, notShown, this.remedy);
  }
}

/** @internal An operation and what it is about, as messages begin. */
export function describeOperation(details: Subject & { operation: string }): string {
  return details.operation + aboutSubject(details);
}

function aboutSubject({ systemId, processId, layer, disk, vmFile, object }: Subject): string {
  if (disk !== undefined) return ` of disk "${shortened(disk)}"`;
  if (vmFile !== undefined) return ` of file "${shortened(vmFile)}"`;
  if (layer !== undefined) return ` of layer "${shortened(layer)}"`;
  if (object !== undefined) return ` of ${object.kind} "${shortened(object.id)}"`;
  const process = processId === undefined ? '' : ` of process ${processId}`;
  if (systemId === undefined) return process;
  return `${process}${process ? ' in' : ' of'} system "${shortened(systemId)}"`;
}

function hasNotifications({ layer, disk, vmFile, object }: Subject): boolean {
  return layer === undefined && disk === undefined && vmFile === undefined && object === undefined;
}

function lastNotificationOf(details: UnfinishedDetails): string {
  const { lastNotification } = details;
  if (!hasNotifications(details)) return '';
  if (lastNotification === undefined) return '; no notification has arrived';
  return `; the last notification was ${lastNotification.type} (${hex(lastNotification.status)})`;
}

function hex(status: number): string {
  return `0x${(status >>> 0).toString(16).toUpperCase().padStart(8, '0')}`;
}

/** What is known of a failure that the host reported. */
export interface FailureDetails extends Subject {
  readonly status: number;
  readonly operation: string;
  readonly events?: readonly ErrorEvent[];
  readonly attribution?: readonly AttributionRecord[];
  /** The code in the host's result document. */
  readonly error?: number;
  /** What the host says for people to read, in one line. */
  readonly said?: string;
  readonly cause?: unknown;
}

/** The error of a failed HRESULT. The message has its name, its meaning and what the host says, in one line. */
export function hostError(details: FailureDetails): HcsError {
  const { code, message, remedy } = describeStatus(details.status);
  const other = otherCode(code, details.error);
  const said = details.said === undefined ? '' : ` Host: ${details.said}`;
  return new HcsError(`${describeOperation(details)}: ${code} (${hex(details.status)}): ${message}${other}${said}`, {
    ...details,
    code,
    remedy,
  });
}

// A call may fail with a general code, and its result document name the one that matters.
function otherCode(code: string, error = 0): string {
  const described = describeStatus(error);
  if (!failed(error) || described.code === code) return '';
  return ` The result has ${described.code} (${hex(error)}).`;
}

/** Whether this package made the error: an {@link HcsError} or an {@link HcsArgumentError}. */
export function isHcsError(error: unknown): error is HcsError | HcsArgumentError {
  return error instanceof HcsError || error instanceof HcsArgumentError;
}

function isOfClass(error: unknown, ...classes: ResultClass[]): boolean {
  return error instanceof HcsError && error.status !== 0 && classes.includes(describeStatus(error.status).class);
}

/**
 * The host does not know the system, the process, or the object of the network service. Ambiguous: `ERROR_NOT_FOUND` is also
 * returned for a process that exited.
 */
export function isNotFound(error: unknown): boolean {
  return isOfClass(error, 'notFound');
}

/** A system with this id exists already, or an object, a port or an address of the network service. */
export function isAlreadyExists(error: unknown): boolean {
  return isOfClass(error, 'exists');
}

const ambiguousEnds: readonly string[] = ['ERROR_NOT_FOUND', 'STATUS_NOT_FOUND'];

/** The system or process has stopped. Ambiguous in the same way as {@link isNotFound}. */
export function isAlreadyStopped(error: unknown): boolean {
  return isOfClass(error, 'alreadyStopped') || (error instanceof HcsError && ambiguousEnds.includes(error.code));
}

/** The request is not allowed in the system's current state. */
export function isInvalidState(error: unknown): boolean {
  return isOfClass(error, 'invalidState');
}

/** The caller does not have the permission. */
export function isAccessDenied(error: unknown): boolean {
  return isOfClass(error, 'accessDenied');
}

/** The host does not support the request. Four codes mean this, among them those of invalid documents. */
export function isNotSupported(error: unknown): boolean {
  return isOfClass(error, 'notSupported', 'invalidDocument');
}

/** The operation timed out, here or inside the host. */
export function isTimeout(error: unknown): boolean {
  return error instanceof HcsTimeoutError || isOfClass(error, 'timeout');
}

/** The host's service has stopped. Every handle is invalid. */
export function isServiceGone(error: unknown): boolean {
  return isOfClass(error, 'serviceGone');
}

/** Whether what was to be undone is gone with its system, its service, or by itself. */
export function isOver(error: unknown): error is HcsError {
  return isNotFound(error) || isAlreadyStopped(error) || isServiceGone(error);
}

/** Nobody waits any longer for a call that may still succeed. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof HcsTimeoutError || error instanceof HcsAbortError;
}
