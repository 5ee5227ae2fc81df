// What failed on this side of Windows, as an answer.
import { HcsError, HcsSymbolError, HcsTimeoutError } from '../errors/errors.js';
import { messageOf } from '../errors/received.js';
import type { Answer } from './answer.js';
import { lacking } from './answer.js';

/** Codes of Node and of this package, and what Windows has for them. */
const codes: Readonly<Record<string, number>> = { ENOENT: 2, ENOTDIR: 3, EACCES: 5, EPERM: 5, ERR_HC_LIBRARY: 126 };

/** The status that the host gave, where it gave one. */
export function errorAnswer(error: unknown, asked: string): Answer {
  if (error instanceof HcsTimeoutError) return { hung: error.elapsedMs };
  if (error instanceof HcsSymbolError) return { error: 127, call: error.functionName };
  const { code = '', syscall = asked } = error as { readonly code?: string; readonly syscall?: string };
  const call = error instanceof HcsError ? error.operation : syscall;
  if (error instanceof HcsError && error.status !== 0) return { error: error.status, call };
  return Object.hasOwn(codes, code) ? { error: codes[code]!, call } : lacking(`${call}: ${messageOf(error)}`);
}
