import { FormatError } from '../formats/format-error.js';
import { LayerError } from '../layer-error.js';

const remedy = 'Import the layer again, and do not write into its folder.';

/** An entry of a tree that is not as a layer has it. */
export function invalidEntry(entry: string, reason: string): LayerError {
  return new LayerError({ entry, reason, remedy });
}

/** What went wrong with an entry, with its name. */
export function inEntry(entry: string, error: unknown): unknown {
  if (error instanceof LayerError) return error;
  if (error instanceof FormatError) {
    return new LayerError({ entry, reason: `is malformed: ${error.message}`, remedy, cause: error });
  }
  if (!(error instanceof Error)) return error;
  return new LayerError({ entry, reason: `cannot be read: ${error.message}`, remedy, cause: error });
}
