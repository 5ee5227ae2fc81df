// The form that Windows has layers in. A base layer and a utility VM are files with their security, attributes and streams, which
// BackupWrite applies; everything else goes to ImportLayer, in the transport form. The addon writes both.
import type { FileTimes } from '../../formats/file-time.js';
import { sideFileSuffix } from '../../formats/entry-name.js';
import { openings } from '../../windows/openings.js';
import { baseOf, isWithin } from '../entry-path.js';
import type { Placement, Plan } from '../plan.js';
import type { LayerWriter } from './layer-writer.js';
import { PlannedFolders } from './planned-folders.js';
import type { WindowsSession } from './windows-session.js';

const attributesSize = 4;
const noBytes = Buffer.alloc(0);
const plainFolder: Placement = { opening: openings.newPlainFolder, isBackup: false, attributes: 0 };

export class WindowsWriter implements LayerWriter {
  readonly #session: WindowsSession;
  readonly #plan: Plan;
  readonly #folders: PlannedFolders;
  readonly #links: string[] = [];
  /** The directory that the last entry was, in its final form: it is opened once more for the first of its streams. */
  #openOwner: ((header: Buffer) => void) | undefined;

  constructor(session: WindowsSession, plan: Plan) {
    this.#session = session;
    this.#plan = plan;
    this.#folders = new PlannedFolders(plan);
  }

  open(): void {
    this.#session.open();
  }

  directory(path: string, head: Buffer, times: FileTimes, isThere: boolean): void {
    const [parent, name, attributes] = [this.#parentOf(path), baseOf(path), attributesOf(head)];
    const folder = this.#folders.add(path);
    this.#session.directories.set(path, { times, attributes });
    this.#openOwner = undefined;
    if (!this.#isFinal(path)) {
      this.#plan.placedFolder(parent, folder, name, plainFolder, noBytes);
      return this.#transport(parent, name + sideFileSuffix, head, times);
    }
    const opening = isThere ? openings.folderAgain : openings.newFolder;
    const placement = { opening, isBackup: true, times, attributes };
    this.#plan.placedFolder(parent, folder, name, placement, head.subarray(attributesSize));
    this.#openOwner = (header) => {
      this.#plan.placedFile(parent, name, { ...placement, opening: openings.folderAgain }, header);
    };
  }

  directoryLink(path: string, head: Buffer, times: FileTimes): void {
    if (this.#isFinal(path)) return this.directory(path, head, times, false);
    this.#openOwner = undefined;
    this.#transport(this.#parentOf(path), baseOf(path) + sideFileSuffix, head, times);
    this.#links.push(path);
    this.#session.directories.set(path, { times, attributes: attributesOf(head) });
  }

  file(path: string, head: Buffer, times: FileTimes): void {
    const [parent, name, attributes] = [this.#parentOf(path), baseOf(path), attributesOf(head)];
    this.#openOwner = undefined;
    // What is below Hives has no head: it is its content alone, in a layer of any kind.
    if (!this.#isFinal(path) || head.length === 0) return this.#transport(parent, name, head, times);
    const placement = { opening: openings.newFile, isBackup: true, times, attributes };
    this.#plan.placedFile(parent, name, placement, head.subarray(attributesSize));
  }

  hardLink(): void {
    // It has the times of its file.
  }

  stream(header: Buffer): void {
    if (this.#openOwner === undefined) return this.#plan.stream(header);
    this.#openOwner(header);
    this.#openOwner = undefined;
  }

  copyNextTo(name: string): void {
    this.#plan.copy(this.#folders.root(this.#session.vmPath), name);
  }

  finish(): void {
    this.#plan.flush();
  }

  complete(): void {
    for (const path of this.#links) this.#session.root.open(path, openings.newPlainFolder)[Symbol.dispose]();
  }

  close(): void {
    this.#session.end();
  }

  #isFinal(path: string): boolean {
    return this.#session.isBase || isWithin(path, 'UtilityVM');
  }

  #parentOf(path: string): number {
    const root = isWithin(path, 'UtilityVM') ? this.#session.vmRoot : this.#session.root;
    return this.#folders.parentOf(path, root.path);
  }

  #transport(parent: number, name: string, head: Buffer, times: FileTimes): void {
    this.#plan.placedFile(
      parent,
      name,
      { opening: openings.newPlainFile, isBackup: false, times, attributes: 0 },
      head,
    );
  }
}

/** FILE_ATTRIBUTE_*, with which a head begins; 0 leaves them alone. */
function attributesOf(head: Buffer): number {
  return head.length === 0 ? 0 : head.readUInt32LE(0);
}
