// Looking into folders that others have made: a layer has no symbolic links of the file system, and none is followed.
import type { Stats } from 'node:fs';
import { lstatSync } from 'node:fs';
import { join } from 'node:path';

import { Refusal } from '../refusal.js';

/** What is at a path below a folder, `undefined` when nothing is. A link on the way or there is refused. */
export function lookUp(root: string, path: string): Stats | undefined {
  let at = root;
  let stats: Stats | undefined;
  for (const part of path.split('/')) {
    at = join(at, part);
    stats = lstatSync(at, { throwIfNoEntry: false });
    if (stats === undefined) return undefined;
    if (stats.isSymbolicLink()) {
      throw new Refusal(
        'is a symbolic link in the folder of a layer, which leads out of it',
        'Import that layer again: something has changed its folder.',
        at,
      );
    }
    if (!stats.isDirectory()) break;
  }
  return stats !== undefined && at === join(root, path) ? stats : undefined;
}
