/**
 * How a process ends: as the host tells it, and found out where it does not.
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
  /** Unsigned, as Windows has it: 3221225786 is 0xC000013A, the end by Ctrl-C. Null when nobody knows: see `error`. */
  readonly exitCode: number | null;
  /** The HRESULT of the exit, unsigned; 0 when nothing went wrong. */
  readonly status: number;
  /** Why there is no exit code, or what the host says went wrong. */
  readonly error?: HcsError;
  /** The host never sent the notification; that the process has ended was found out otherwise. */
  readonly inferred?: true;
}

/** `ProcessStatus` in HCS's own spelling. Members that are zero may be missing. */
export type ProcessStatus = Readonly<Schema2.ProcessStatus>;

// After a sign that the process has ended: how long its notification may take before the host is asked. It is asked again,
// twice as late each time, while it says that the process runs.
const lostExitMs = 1000;
const longestLostExitMs = 64_000;
// How long the host may take to say.
const statusLimitMs = 5000;

/** Finds out how one process ended. */
export class ExitFinder {
  readonly #life: Lifetime<ProcessExit>;
  #timer: NodeJS.Timeout | undefined;
  #due = 0;
  #gone = false;

  constructor(life: Lifetime<ProcessExit>) {
    this.#life = life;
  }

  /** What the host knows of the process. */
  async ask(options: OperationOptions): Promise<ProcessStatus> {
    const name = 'HcsGetProcessProperties';
    const { handle, subject } = this.#life;
    const { outputs } = await run(this.#life.call(name, { process: handle as ProcessHandle }, options));
    const text = outputs.processProperties;
    const status = parseDocument(text);
    if (typeof status === 'object' && status !== null && !Array.isArray(status)) return status;
    throw new HcsDocumentError({ operation: name, ...subject, what: 'process status', text });
  }

  /** Whether the host confirms that it has ended. */
  async confirmed(options: OperationOptions): Promise<boolean> {
    try {
      return (await this.ask(options)).Exited === true;
    } catch (error) {
      return error instanceof HcsError && isGone(error);
    }
  }

  /** The notification has come. Those of some hosts do not say how it ended: then it is asked at once. */
  told({ data, status }: Notification): void {
    const exit = exitOf(parseDocument(data ?? null), status, this.#life.subject);
    if (exit === undefined) void this.#askHow(status, data ?? null);
    else this.#life.finish({ exit: () => exit });
  }

  async #askHow(status: number, data: string | null): Promise<void> {
    const { subject } = this.#life;
    let exit: ProcessExit;
    // Whatever comes between: that it has exited is known.
    const unsaid = (operation: string, text: string | null): ProcessExit => {
      const error = new HcsDocumentError({ operation, ...subject, what: 'exit status', text });
      return { exitCode: null, status, error };
    };
    this.#life.exitSoFar = () => unsaid('ProcessExited', data);
    try {
      const properties = await this.ask({ timeoutMs: statusLimitMs });
      exit = exitOf(properties, status, subject) ?? unsaid('HcsGetProcessProperties', printJson(properties) ?? null);
    } catch (error) {
      exit = { exitCode: null, status, error: error as HcsError };
    }
    this.#life.finish({ exit: () => exit });
  }

  /**
   * Something says that the process has ended (`gone`: the host itself). Should the notification not come, the host is
   * asked; one that cannot say any more is believed. A later sign brings the question nearer and never puts it off.
   */
  expect(gone: boolean): void {
    if (this.#life.end.ended) return;
    this.#gone ||= gone;
    if (this.#timer === undefined || this.#due > performance.now() + lostExitMs) this.#askIn(lostExitMs);
  }

  #askIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#due = performance.now() + ms;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#find().then((found) => {
        if (!found && this.#timer === undefined) this.#askIn(Math.min(2 * ms, longestLostExitMs));
      });
    }, ms).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  async #find(): Promise<boolean> {
    const { end, subject, session, handle } = this.#life;
    const input = { process: handle as ProcessHandle };
    if (session.backend.expects?.('HcsGetProcessProperties', input) === false) return end.ended;
    try {
      const exit = exitOf(await this.ask({ timeoutMs: statusLimitMs }), 0, subject);
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

/** The exit that a `ProcessStatus` tells of; undefined when it is none, or of a process that runs. */
export function exitOf(document: unknown, status: number, subject: Subject): ProcessExit | undefined {
  if (typeof document !== 'object' || document === null) return undefined;
  const { Exited, ExitCode = 0, LastWaitResult = 0 } = document as Record<keyof ProcessStatus, unknown>;
  if (Exited !== true || !isDword(ExitCode) || !isDword(LastWaitResult)) return undefined;
  const wait = LastWaitResult >>> 0;
  const wrong = failed(status) ? status : wait;
  return {
    exitCode: wait === 0 ? ExitCode >>> 0 : null,
    status,
    ...(wrong !== 0 && { error: hostError({ operation: 'ProcessExited', ...subject, status: wrong }) }),
  };
}

// 32 bits, signed or not.
function isDword(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= -0x80000000 && (value as number) <= 0xffffffff;
}
