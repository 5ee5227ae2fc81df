/**
 * Where the symbolic links of a tar lead.
 *
 * @module
 */
import { printableLine } from '../output/printable.js';
import { entryNames, refused } from './entry-names.js';

/**
 * The names on the way to what a link leads to, below the folder that is written. `..` is for its beginning only: behind a name it
 * would be that of whatever this name leads to.
 *
 * @param folder - the names of the folder that the link is in
 */
export function linkNames(
  entry: string,
  target: string | null,
  folder: readonly string[],
  platform = process.platform,
): readonly string[] {
  const separator = platform === 'win32' ? /[\\/]/ : '/';
  const leadsOut = (): Error => refused(entry, `is a link out of its folder, to "${printableLine(target ?? '')}"`);
  if (target === null || target === '') throw leadsOut();
  const names = target.split(separator);
  let up = 0;
  while (names[0] === '..' || names[0] === '.') if (names.shift() === '..') up++;
  if (up > folder.length) throw leadsOut();
  try {
    return [...folder.slice(0, folder.length - up), ...entryNames(names.join('/') || '.', platform)];
  } catch {
    throw leadsOut();
  }
}
