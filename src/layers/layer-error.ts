import { HcsError } from '../errors/errors.js';
import { quoted } from '../shortened.js';

/** What a {@link LayerError} is made of. */
export interface LayerErrorDetails {
  /** The entry of the archive, or the file of the layer, that it is about. */
  readonly entry?: string | undefined;
  /** What is wrong with it, as the rest of a sentence that begins with the entry, or with "the layer". */
  readonly reason: string;
  readonly remedy: string;
  readonly cause?: unknown;
}

/** A layer could not be imported or exported. `entry` names the file; `reason` and `remedy` are for people. */
export class LayerError extends HcsError {
  /** The entry of the archive, or the file of the layer, that it is about. */
  declare readonly entry?: string;
  readonly reason: string;
  declare readonly remedy: string;

  static {
    this.prototype.name = 'LayerError';
  }

  constructor({ entry, reason, remedy, cause }: LayerErrorDetails) {
    super(`${entry === undefined ? 'the layer' : quoted(entry)} ${reason}. ${remedy}`, {
      code: 'ERR_HC_LAYER',
      operation: 'layer',
      remedy,
      cause,
    });
    if (entry !== undefined) this.entry = entry;
    this.reason = reason;
  }
}
