/**
 * Failures of the command line itself, with the code that it ends with.
 *
 * @module
 */
import { exitCodes } from './exit-codes.js';

export interface FailureDetails {
  /** Stable, for `--json`. */
  readonly code: string;
  readonly exitCode?: number;
  readonly remedy?: string;
  readonly cause?: unknown;
}

/** What the command could not do. */
export class Failure extends Error {
  readonly code: string;
  readonly exitCode: number;
  declare readonly remedy?: string;

  static {
    this.prototype.name = 'Failure';
  }

  constructor(message: string, { code, exitCode = exitCodes.failed, remedy, cause }: FailureDetails) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.exitCode = exitCode;
    if (remedy !== undefined) this.remedy = remedy;
  }
}

/** What was typed is wrong. */
export function usageFailure(message: string, remedy?: string): Failure {
  return new Failure(message, {
    code: 'ERR_HC_USAGE',
    exitCode: exitCodes.usage,
    ...(remedy !== undefined && { remedy }),
  });
}

const codes = new WeakMap<Error, number>();

/** Has the command end with a code for an error of a library, which is reported as it is. */
export function endWith(exitCode: number, error: unknown): unknown {
  if (error instanceof Error) codes.set(error, exitCode);
  return error;
}

/** The code of {@link endWith}. */
export function givenExitCode(error: unknown): number | undefined {
  return error instanceof Error ? codes.get(error) : undefined;
}

/** A whole sentence of what was thrown. */
export function messageOf(error: unknown): string {
  const text = (error instanceof Error ? error.message : String(error)).trimEnd();
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
