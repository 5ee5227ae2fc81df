/**
 * Colour, where a terminal shows it and nobody forbids it.
 *
 * @module
 */
import { styleText } from 'node:util';

import type { GlobalOptions } from '../command-line/global-options.js';

export type Style = 'red' | 'yellow' | 'green' | 'cyan' | 'dim' | 'bold';

/** Colours a text; words say the same, as not everybody sees colour. */
export type Paint = (style: Style, text: string) => string;

/** @param stream - that the text is written to: by default it decides, and `NO_COLOR` and `FORCE_COLOR` before it */
export function painter({ color = 'auto' }: Pick<GlobalOptions, 'color'>, stream: NodeJS.WriteStream): Paint {
  if (color === 'never') return (_, text) => text;
  if (color === 'always') return (style, text) => styleText(style, text, { validateStream: false });
  return (style, text) => styleText(style, text, { stream });
}
