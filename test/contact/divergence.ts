// What a divergence is, and those of texts.
import type { RecordedText } from '#dist/recorder/format.js';

import { memberDifferences } from './members.js';

/** `code`: a status, or no answer. `order`: which notifications came, and in which order. `state`: that of a system. */
export type DivergenceKind = 'code' | 'order' | 'state' | 'members';

/** Something that the recorded host did and the simulated one does not, or the other way round. */
export interface Divergence {
  readonly kind: DivergenceKind;
  readonly function: string;
  /** What of the call: `status`, `result.ErrorMessage`, `notifications`. */
  readonly what: string;
  readonly real: unknown;
  readonly simulated: unknown;
  /** Of the recording. */
  readonly line: number;
}

/** A divergence that is not placed yet. */
export type Found = Omit<Divergence, 'function' | 'line'>;

/** Compares two texts; a difference of a member `State` is one of the state. */
export function compareTexts(
  what: string,
  real: RecordedText,
  simulated: RecordedText,
  ids: readonly string[],
): Found[] {
  return memberDifferences(real, simulated, ids).map(({ path, ...values }) => {
    const kind = /(^|\.)State$/.test(path) ? 'state' : 'members';
    return { kind, what: what + (path === '' || path.startsWith('[') ? path : `.${path}`), ...values };
  });
}
