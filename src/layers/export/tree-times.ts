// The times of entries: of the table of times where there is one, otherwise of the files, with the exceptions of the platform.
import { statSync } from 'node:fs';
import { join } from 'node:path';

import type { FileTimes } from '../formats/file-time.js';
import { fileTimeOfNanoseconds } from '../formats/file-time.js';
import { decodeTimesLine, timesTableName } from '../formats/times-table.js';
import { tableText } from '../table-text.js';

export class TreeTimes {
  readonly #table = new Map<string, FileTimes>();
  readonly #write: bigint | undefined;

  /**
   * @param root - of the tree
   * @param layer - the folder of the layer: has the table where an exported tree has none
   */
  constructor(root: string, layer: string) {
    const text = tableText(join(root, timesTableName)) ?? tableText(join(layer, timesTableName)) ?? '';
    for (const line of text.split('\n')) {
      if (line === '') continue;
      const { path, times } = decodeTimesLine(line);
      this.#table.set(path, times);
    }
    const delta = statSync(join(root, 'Hives', 'System_Delta'), { bigint: true, throwIfNoEntry: false });
    if (delta !== undefined) this.#write = fileTimeOfNanoseconds(delta.mtimeNs);
  }

  /**
   * @param path - of the entry
   * @param own - of its file
   */
  of(path: string, own: () => FileTimes): FileTimes {
    const listed = this.#table.get(path);
    if (listed !== undefined) return listed;
    const times = own();
    if (path.startsWith('Files/')) return times;
    // The host gives the folders at the top the time of the export, and others no times of creation and access.
    const write = path === 'Files' || path === 'Hives' ? (this.#write ?? times.write) : times.write;
    return { creation: write, access: write, write, change: write === times.write ? times.change : write };
  }
}
