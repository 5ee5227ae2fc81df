/**
 * How a process ends, as the host tells it.
 *
 * @module
 */
import type { HcsError, Subject } from './errors.js';
import { hostError } from './errors.js';
import { failed } from './operation.js';

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
export interface ProcessStatus {
  readonly ProcessId?: number;
  readonly Exited?: boolean;
  /** Means something only if `Exited` is true and `LastWaitResult` is 0. */
  readonly ExitCode?: number;
  readonly LastWaitResult?: number;
}

/** The exit that a `ProcessStatus` tells of; undefined when it is none, or of a process that runs. */
export function exitOf(document: unknown, status: number, subject: Subject): ProcessExit | undefined {
  if (typeof document !== 'object' || document === null) return undefined;
  const { Exited, ExitCode = 0, LastWaitResult = 0 } = document as Record<keyof ProcessStatus, unknown>;
  if (Exited !== true || !Number.isInteger(ExitCode) || !Number.isInteger(LastWaitResult)) return undefined;
  const wait = (LastWaitResult as number) >>> 0;
  const wrong = failed(status) ? status : wait;
  return {
    exitCode: wait === 0 ? (ExitCode as number) >>> 0 : null,
    status,
    ...(wrong !== 0 && { error: hostError({ operation: 'ProcessExited', ...subject, status: wrong }) }),
  };
}
