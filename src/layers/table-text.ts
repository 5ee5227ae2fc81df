// The text of a table beside the files of a layer. Whatever lies there in its place is neither waited for nor believed.
import { constants as bufferLimits } from 'node:buffer';
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

import { FormatError } from './formats/format-error.js';

/** Undefined where there is none. Throws {@link FormatError} for what is no file, or is larger than a text can be. */
export function tableText(path: string): string | undefined {
  const descriptor = open(path);
  if (descriptor === undefined) return undefined;
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw new FormatError('it is not a file');
    if (stats.size > bufferLimits.MAX_STRING_LENGTH) throw new FormatError(`it has ${stats.size} bytes`);
    return readFileSync(descriptor, 'utf8');
  } finally {
    closeSync(descriptor);
  }
}

function open(path: string): number | undefined {
  try {
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- Windows has no such flag
    return openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
