/**
 * How a process ended: from the notification of its exit, or by queries where that is lost or incomplete.
 *
 * @module
 */
import type * as Schema2 from '../../types/schema2/index.js';
import type { ProcessHandle } from '../backend/backend.js';
import { parseDocument } from '../documents/document-text.js';
import { printJson } from '../documents/json.js';
import type { Subject } from '../errors/errors.js';
import { HcsDocumentError, HcsError, hostError, isServiceGone } from '../errors/errors.js';
import type { Notification } from '../host/notification.js';
import type { Lifetime } from '../host/handle-lifetime.js';
import { run } from '../host/operation.js';
import { failed } from '../errors/result-codes.js';
import { isGone } from './process-kill.js';
import { serviceDisconnectError } from '../host/service-disconnect.js';
import type { OperationOptions } from '../host/operation-options.js';

/** How a process ended. */
export interface ProcessExit {
  /** Unsigned, as Windows has it: 3221225786 is 0xC000013A, the end by Ctrl-C. Null when it cannot be known: see `error`. */
  readonly exitCode: number | null;
  /** The HRESULT of the exit, unsigned; 0 for success. */
  readonly status: number;
  /** Why there is no exit code, or the failure that the host reported with the exit. */
  readonly error?: HcsError;
  /** The notification was lost, and the exit was inferred from queries. */
  readonly inferred?: true;
}

/** `ProcessStatus` in HCS's own spelling. Members that are zero may be missing. */
export type ProcessStatus = Readonly<Schema2.ProcessStatus>;

// How long after a sign of the exit its notification may arrive before the host is queried. While the host says that the
// process runs, the query is repeated after twice the time.
const lostExitMs = 1000;
const longestLostExitMs = 64_000;
// The timeout of such a query.
const statusLimitMs = 5000;

/** Finds the exit of one process. */
export class ExitFinder {
  readonly #life: Lifetime<ProcessExit>;
  #timer: NodeJS.Timeout | undefined;
  #due = 0;
  #gone = false;

  constructor(life: Lifetime<ProcessExit>) {
    this.#life = life;
  }

  /** The status of the process, as the host returns it. */
  async query(options: OperationOptions): Promise<ProcessStatus> {
    const name = 'HcsGetProcessProperties';
    const { handle, subject } = this.#life;
    const { outputs } = await run(this.#life.call(name, { process: handle as ProcessHandle }, options));
    const text = outputs.processProperties;
    const status = parseDocument(text);
    if (typeof status === 'object' && status !== null && !Array.isArray(status)) return status;
    throw new HcsDocumentError({ operation: name, ...subject, what: 'process status', text });
  }

  /** The same; what the exit said, where the host no longer knows the process. */
  async status(options: OperationOptions): Promise<ProcessStatus> {
    try {
      return await this.query(options);
    } catch (error) {
      const { end, subject } = this.#life;
      const ExitCode = end.exited ? end.exit.exitCode : null;
      if (ExitCode === null || !(error instanceof HcsError && isGone(error))) throw error;
      return { ProcessId: subject.processId ?? 0, Exited: true, ExitCode, LastWaitResult: 0 };
    }
  }

  /** Whether the host confirms that the process has ended. */
  async confirmed(options: OperationOptions): Promise<boolean> {
    try {
      return (await this.query(options)).Exited === true;
    } catch (error) {
      return error instanceof HcsError && isGone(error);
    }
  }

  /** The notification has arrived. On some hosts it has no exit status, and the host is queried at once. */
  notified({ data, status }: Notification): void {
    const exit = exitOf(parseDocument(data ?? null), status, this.#life.subject);
    if (exit === undefined) void this.#queryExit(status, data ?? null);
    else this.#life.finish({ exit: () => exit });
  }

  async #queryExit(status: number, data: string | null): Promise<void> {
    const { subject } = this.#life;
    let exit: ProcessExit;
    // Whatever fails from here on, it is known that the process has exited.
    const unknownExit = (operation: string, text: string | null): ProcessExit => {
      const error = new HcsDocumentError({ operation, ...subject, what: 'exit status', text });
      return { exitCode: null, status, error };
    };
    this.#life.exitSoFar = () => unknownExit('ProcessExited', data);
    try {
      const properties = await this.query({ timeoutMs: statusLimitMs });
      exit =
        exitOf(properties, status, subject) ?? unknownExit('HcsGetProcessProperties', printJson(properties) ?? null);
    } catch (error) {
      exit = { exitCode: null, status, error: error as HcsError };
    }
    this.#life.finish({ exit: () => exit });
  }

  /**
   * There is a sign that the process has ended (`gone`: the host said so). If the notification does not arrive, the host is
   * queried; when it no longer knows the process, the exit is inferred. A later sign may only bring the query forward.
   */
  expect(gone: boolean): void {
    if (this.#life.end.ended) return;
    this.#gone ||= gone;
    if (this.#timer === undefined || this.#due > performance.now() + lostExitMs) this.#queryIn(lostExitMs);
  }

  #queryIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#due = performance.now() + ms;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#infer().then((found) => {
        if (!found && this.#timer === undefined) this.#queryIn(Math.min(2 * ms, longestLostExitMs));
      });
    }, ms).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  async #infer(): Promise<boolean> {
    const { end, subject, session, handle } = this.#life;
    const input = { process: handle as ProcessHandle };
    if (session.backend.expects?.('vmcompute.HcsGetProcessProperties', input) === false) return end.ended;
    try {
      const exit = exitOf(await this.query({ timeoutMs: statusLimitMs }), 0, subject);
      if (exit !== undefined) this.#life.finish({ exit: () => ({ ...exit, inferred: true }) });
    } catch (reason) {
      const error = reason as HcsError;
      if (isServiceGone(error)) this.#life.finish({ error: () => serviceDisconnectError(subject) });
      else if (this.#gone || isGone(error)) {
        this.#life.finish({ exit: () => ({ exitCode: null, status: 0, error, inferred: true }) });
      }
    }
    return end.ended;
  }
}

/** The exit in a `ProcessStatus`; undefined when the document is none, or the process still runs. */
export function exitOf(document: unknown, status: number, subject: Subject): ProcessExit | undefined {
  if (typeof document !== 'object' || document === null) return undefined;
  const { Exited, ExitCode = 0, LastWaitResult = 0 } = document as Record<keyof ProcessStatus, unknown>;
  if (Exited !== true || !isDword(ExitCode) || !isDword(LastWaitResult)) return undefined;
  const wait = LastWaitResult >>> 0;
  const failure = failed(status) ? status : wait;
  return {
    exitCode: wait === 0 ? ExitCode >>> 0 : null,
    status,
    ...(failure !== 0 && { error: hostError({ operation: 'ProcessExited', ...subject, status: failure }) }),
  };
}

// 32 bits, signed or not.
function isDword(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= -0x80000000 && (value as number) <= 0xffffffff;
}
