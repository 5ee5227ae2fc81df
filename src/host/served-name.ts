/**
 * The names at which hosts are served to other processes.
 *
 * @module
 */
import { isAbsolute } from 'node:path';

import { HcsArgumentError } from '../errors/errors.js';

/** Checks the path of a socket, or the name of a pipe on Windows. */
export function checkServedName(field: string, name: unknown): asserts name is string {
  const onWindows = process.platform === 'win32';
  if (typeof name === 'string' && (onWindows ? isPipe : isAbsolute)(name) && !name.includes('\0')) return;
  const windows = 'must be the name of a pipe, such as \\\\.\\pipe\\simulator';
  throw new HcsArgumentError(field, onWindows ? windows : 'must be the absolute path of a socket', name);
}

function isPipe(name: string): boolean {
  return /^\\\\\.\\pipe\\./i.test(name);
}
