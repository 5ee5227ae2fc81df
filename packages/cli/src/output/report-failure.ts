/**
 * Reports a failure: text on stderr and, with `--json`, an object as the last line of stdout.
 *
 * @module
 */
import type { HcsErrorFields } from 'hostcompute';

import type { GlobalOptions } from '../command-line/global-options.js';
import { exitCodes } from '../exit-codes.js';
import { Failure, givenExitCode } from '../failure.js';
import { Output } from './output.js';
import { printable } from './printable.js';

/** What errors of hostcompute, of its images and of this command have, as far as one has it. */
type Known = Partial<HcsErrorFields> & { readonly message: string };

/** @returns the exit code */
export function reportFailure(caught: unknown, globals: GlobalOptions): number {
  const thrown = reasonOf(caught);
  // Nothing has failed, such as when nobody reads the output any more.
  if (thrown instanceof Failure && thrown.exitCode === exitCodes.done) return exitCodes.done;
  const error: Known = thrown instanceof Error ? thrown : new Error(String(thrown));
  const { code = 'ERR_HC_FAILED' } = error;
  const { message, remedy } = worded(error);
  // The remedy of some is a part of their message.
  const cure = remedy === null || message.includes(remedy) ? '' : ` ${remedy}`;
  const text = `${message.trimEnd()}${/[.!?]$/.test(message) ? '' : '.'}${cure}`;
  process.stderr.write(`hostcompute: ${printable(text)}\n`);
  if (globals.verbose === true && thrown instanceof Error) process.stderr.write(`${printable(thrown.stack ?? '')}\n`);
  printFailure(error, globals);
  return exitCodeOf(thrown, code);
}

/** With `--json` the object; nothing without. */
export function printFailure(error: Known, globals: GlobalOptions): void {
  const output = new Output(globals);
  if (!output.isJson) return;
  const { code = 'ERR_HC_FAILED', status = 0, operation = null, systemId = null } = error;
  const { message, remedy } = worded(error);
  const { events = [], attribution = [] } = error;
  const shown = status === 0 ? null : `0x${status.toString(16).padStart(8, '0')}`;
  const details = { code, status: shown, operation, id: systemId, message, remedy, events, attribution };
  output.json({ kind: 'error', ...details });
}

/** What another process needs to report a failure of this one. */
export interface FailureFields {
  readonly message: string;
  readonly code: string;
  readonly exitCode: number;
  readonly remedy: string | null;
}

export function failureFields(caught: unknown): FailureFields {
  const thrown = reasonOf(caught);
  const error: Known = thrown instanceof Error ? thrown : new Error(String(thrown));
  const { code = 'ERR_HC_FAILED' } = error;
  return { ...worded(error), code, exitCode: exitCodeOf(thrown, code) };
}

/** What to type, where a library says what to call. */
const typedRemedies: Readonly<Record<string, string>> = {
  ERR_HC_IMAGE_NOT_FOUND: 'Pull or load it first; "hostcompute images ls" lists what is there.',
  ERR_HC_TIMEOUT: 'The host may still complete it. Try again, with a longer --timeout where one was given.',
};

function worded(error: Known): { readonly message: string; readonly remedy: string | null } {
  const { message, code = '', remedy } = error;
  const typed = error instanceof Failure ? undefined : typedRemedies[code];
  if (typed === undefined) return { message, remedy: remedy ?? null };
  return { message: message.replace(remedy ?? '', '').trimEnd(), remedy: typed };
}

// What was cancelled by the deadline, or by a signal, failed for that reason. What then failed while it was undone is a consequence.
function reasonOf(caught: unknown): unknown {
  if (caught instanceof Error && caught.name === 'SuppressedError' && 'suppressed' in caught)
    return reasonOf(caught.suppressed);
  const isAbort = caught instanceof Error && caught.name === 'AbortError';
  return isAbort && caught.cause instanceof Failure ? caught.cause : caught;
}

function exitCodeOf(thrown: unknown, code: string): number {
  const given = givenExitCode(thrown);
  if (given !== undefined) return given;
  if (thrown instanceof Failure) return thrown.exitCode;
  if (code === 'ERR_HC_TIMEOUT') return exitCodes.deadline;
  if (code === 'ERR_HC_LIBRARY' || code === 'ERR_HC_SYMBOL') return exitCodes.host;
  return exitCodes.failed;
}
