// Which files of a layer are left out of its tar: those whose names no import accepts.
import { folded, partProblem } from '../formats/entry-name.js';
import { quoted } from '../../shortened.js';

export const notUnicode = 'has a name that is not valid Unicode';

/** Why a file with this name, or a folder with all that is in it, is left out; `undefined` when it is not. */
export function whyPassedOver(name: string): string | undefined {
  if (name.startsWith('.wh.')) return 'has a name that means a deletion in a layer tar';
  return partProblem(name);
}

/** The names of one folder: Windows tells them apart by more than case only where a folder is case-sensitive. */
export class Spellings {
  readonly #names = new Map<string, string>();

  /** Why a name cannot be there beside those before it. */
  problem(name: string): string | undefined {
    const key = folded(name);
    const before = this.#names.get(key);
    if (before !== undefined) return `differs from ${quoted(before)} beside it in case only`;
    this.#names.set(key, name);
    return undefined;
  }
}
