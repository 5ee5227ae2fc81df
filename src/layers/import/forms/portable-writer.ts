// The transport form, which ImportLayer reads: a file holds its attributes and a backup stream, a directory has them in a file
// beside it. Only Windows has four times per file, so they go into a table of their own. The addon writes it.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import type { FileTimes } from '../../formats/file-time.js';
import { timesTableName } from '../../formats/times-table.js';
import { sideFileSuffix } from '../../formats/entry-name.js';
import { baseOf, isWithin } from '../entry-path.js';
import type { Plan } from '../plan.js';
import type { LayerWriter } from './layer-writer.js';
import { PlannedFolders } from './planned-folders.js';

const utilityVM = 'UtilityVM';
const longestPath = process.platform === 'win32' ? Infinity : 4095;
/** Characters that are allowed in any store. */
const shortPath = 256;

/** Where a layer is written. */
export interface WrittenRoots {
  readonly root: string;
  /** What `UtilityVM` is written into. */
  readonly utilityVMRoot: string;
}

export class PortableWriter implements LayerWriter {
  readonly #roots: WrittenRoots;
  readonly #plan: Plan;
  readonly #folders: PlannedFolders;
  readonly #links: string[] = [];

  constructor(roots: WrittenRoots, plan: Plan) {
    this.#roots = roots;
    this.#plan = plan;
    this.#folders = new PlannedFolders(plan);
  }

  open(): void {
    mkdirSync(this.#roots.root, { recursive: true });
    this.#plan.notes(this.#folders.root(this.#roots.root), timesTableName);
  }

  directory(path: string, head: Buffer, times: FileTimes, isThere: boolean): void {
    const parent = this.#parentOf(path);
    const folder = this.#folders.add(path);
    if (isThere) this.#plan.openFolder(parent, folder, baseOf(path));
    else this.#plan.makeFolder(parent, folder, baseOf(path));
    this.#plan.file(parent, baseOf(path) + sideFileSuffix, head);
    this.#note(path, times);
  }

  directoryLink(path: string, head: Buffer, times: FileTimes): void {
    this.#plan.file(this.#parentOf(path), baseOf(path) + sideFileSuffix, head);
    this.#links.push(path);
    this.#note(path, times);
  }

  file(path: string, head: Buffer, times: FileTimes): void {
    this.#plan.file(this.#parentOf(path), baseOf(path), head);
    this.#note(path, times);
  }

  hardLink(path: string, times: FileTimes): void {
    this.#note(path, times);
  }

  stream(header: Buffer): void {
    this.#plan.stream(header);
  }

  copyNextTo(name: string): void {
    this.#plan.copy(this.#folders.root(this.#roots.utilityVMRoot), name);
  }

  finish(): void {
    this.#plan.flush();
  }

  complete(): void {
    for (const path of this.#links) mkdirSync(join(this.#rootOf(path), path));
  }

  close(): void {
    // It has nothing open.
  }

  #rootOf(path: string): string {
    return isWithin(path, utilityVM) ? this.#roots.utilityVMRoot : this.#roots.root;
  }

  #parentOf(path: string): number {
    if (path.length > shortPath) checkLength(join(this.#rootOf(path), path) + sideFileSuffix);
    return this.#folders.parentOf(path, this.#rootOf(path));
  }

  #note(path: string, times: FileTimes): void {
    this.#plan.note(times, JSON.stringify(path));
  }
}

/** The addon could write it, and nobody could remove it by its path. */
function checkLength(path: string): void {
  if (Buffer.byteLength(path) <= longestPath) return;
  throw Object.assign(new Error('ENAMETOOLONG: name too long'), { code: 'ENAMETOOLONG' });
}
