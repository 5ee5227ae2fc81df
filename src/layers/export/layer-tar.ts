// The tar of a layer: an entry, its content, its alternate streams, and then what is deleted beside it.
import { quoted } from '../../shortened.js';

import type { FileContent } from '../formats/backup-stream.js';
import type { FileTimes } from '../formats/file-time.js';
import { FormatError } from '../formats/format-error.js';
import { encodePax, encodeTimes } from '../formats/pax-keys.js';
import { BackupTree } from './backup-tree.js';
import { ChunkFiller } from './chunk-filler.js';
import type { Deletion } from './deletions.js';
import { Deletions } from './deletions.js';
import { inEntry } from './entry-error.js';
import { FileTree } from './file-entries.js';
import type { LayerFile } from './layer-file.js';
import type { LossKind } from './losses.js';
import { LeftOut, Losses } from './losses.js';
import { NativeSource } from './native-entries.js';
import type { TarHeader } from './tar-header.js';
import { blockSize, tarType, writeHeader, writeWhiteout } from './tar-header.js';
import type { TransportEntry } from './transport-entry.js';
import { fileAttribute, rawEntry, readTransportEntry } from './transport-entry.js';
import { TreeTimes } from './tree-times.js';
import type { TreeItem, Visited } from './tree-walk.js';
import { walkTree } from './tree-walk.js';

/** What is to be read. */
export interface LayerSource {
  readonly root: string;
  /** The folder of the layer; the same as the root for a base layer. */
  readonly layer: string;
  /** Whether it is a layer of Windows. */
  readonly isWindows?: boolean;
}

/** Bits of a mode as the C library of Unix has them. */
const mode = { directory: 0o40000, file: 0o100000, link: 0o120000, hardLink: 0o644 } as const;

/** Reads a transport tree once, and gives its tar in chunks. */
export class LayerTar {
  readonly losses = new Losses();
  entries = 0;
  readonly #source: LayerSource;
  readonly #times: TreeTimes;
  readonly #native: NativeSource | undefined;
  readonly #out: ChunkFiller;
  readonly #deletions: Deletions;
  readonly #firstNames = new Map<string, string>();

  /** @param useAddon - whether the addon may read its files; otherwise Node does, as on Windows */
  constructor(source: LayerSource, useAddon = source.isWindows !== true) {
    this.#source = source;
    this.#times = named('FileTimes', () => new TreeTimes(source.root, source.layer));
    this.#deletions = named('tombstones.txt', () => new Deletions(isExported(source) ? source.root : undefined));
    this.#native = useAddon ? NativeSource.open(source.root) : undefined;
    this.#out = new ChunkFiller(inEntry, this.#native);
  }

  /** Once. */
  *chunks(): Generator<Uint8Array> {
    const { root, isWindows = false } = this.#source;
    using native = this.#native;
    const exported = isExported(this.#source);
    using backup = isWindows ? new BackupTree(root, !exported) : undefined;
    const passOver = (path: string, reason: string): void => this.#leaveOut(path, 'file', reason);
    const walk = walkTree(root, native ?? new FileTree(root), exported, passOver, backup);
    for (let next = walk.next('plain'); next.done !== true;) {
      const visited = this.#visit(next.value);
      next = walk.next(typeof visited === 'string' ? visited : yield* visited);
      if (this.#out.isReady) yield* this.#out.ready();
    }
    for (const [folder, deletions] of this.#deletions.takeRest()) this.#whiteouts(folder, deletions);
    this.#out.bytes(Buffer.alloc(2 * blockSize));
    yield* this.#out.end();
  }

  /** Most entries are whole when it returns. */
  #visit(item: TreeItem): Visited | Generator<Uint8Array, Visited> {
    const { path, folderTimes } = item;
    try {
      if (folderTimes !== undefined) return this.#plainFolder(path, folderTimes());
      const file = item.open();
      let isOpen = true;
      try {
        // A base layer of Windows has all times where they belong.
        const times = item.isExact === true ? file.times : this.#times.of(path, () => file.times);
        const entry = item.isTransport
          ? readTransportEntry(file, item.isDirectory, (what, reason) => this.losses.add(path, what, reason))
          : rawEntry(file);
        if (entry.reparsePoint !== undefined && !path.includes('/')) {
          throw new FormatError('it is a reparse point, at the top of a layer');
        }
        const rest = this.#entry(path, entry, times, file);
        if (rest === undefined) return this.#visited(item, entry);
        isOpen = false;
        return this.#later(item, entry, file, rest);
      } finally {
        if (isOpen) file[Symbol.dispose]();
      }
    } catch (error) {
      return this.#failed(item, error);
    }
  }

  /** What of an entry is not in memory yet. */
  *#later(
    item: TreeItem,
    entry: TransportEntry,
    file: LayerFile,
    rest: Generator<Uint8Array>,
  ): Generator<Uint8Array, Visited> {
    try {
      yield* rest;
      return this.#visited(item, entry);
    } catch (error) {
      return this.#failed(item, error);
    } finally {
      file[Symbol.dispose]();
    }
  }

  #visited({ path, isDirectory }: TreeItem, { reparsePoint }: TransportEntry): Visited {
    if (reparsePoint !== undefined) return 'link';
    if (isDirectory) this.#whiteouts(path);
    return 'plain';
  }

  #failed({ path }: TreeItem, error: unknown): Visited {
    if (!(error instanceof LeftOut)) throw inEntry(path, error);
    this.#leaveOut(path, error.what, error.message);
    return 'leftOut';
  }

  #leaveOut(path: string, what: LossKind, reason: string): void {
    this.#deletions.leaveOut(path);
    this.losses.add(path, what, reason);
  }

  /** A folder without a side file. */
  #plainFolder(path: string, own: FileTimes): Visited {
    const times = this.#times.of(path, () => own);
    const entry = { attributes: fileAttribute.directory, extendedAttributes: [], alternates: [] };
    this.#header(path, entry, times);
    this.#whiteouts(path);
    return 'plain';
  }

  /** Gives what has to be read of its content. */
  #entry(path: string, entry: TransportEntry, times: FileTimes, file: LayerFile): Generator<Uint8Array> | undefined {
    const { identity } = file;
    if (identity !== undefined && mayBeLinked.test(path) && (entry.attributes & fileAttribute.directory) === 0) {
      const first = this.#firstNames.get(identity);
      if (first !== undefined) {
        this.#hardLink(path, first, entry, times);
        return undefined;
      }
      this.#firstNames.set(identity, path);
    }
    const owner = this.#header(path, entry, times);
    const { content, alternates } = entry;
    if (alternates.length === 0 && (content === undefined || this.#smallContent(content, file))) return undefined;
    return this.#streams(path, entry, owner, times, file);
  }

  /** Content that is in memory. */
  #smallContent({ size, extents }: FileContent, file: LayerFile): boolean {
    if (size === 0) return true;
    const { offset, position, length } = extents[0] ?? { offset: -1, position: 0, length: 0 };
    if (offset !== 0 || length !== size || position + length > file.head.length) return false;
    this.#out.bytes(file.head, position, position + length);
    this.#out.padding();
    return true;
  }

  *#streams(
    path: string,
    entry: TransportEntry,
    owner: number,
    times: FileTimes,
    file: LayerFile,
  ): Generator<Uint8Array> {
    if (entry.content !== undefined) yield* this.#content(path, entry.content, file);
    for (const { name, content } of entry.alternates) {
      if (path.startsWith('Hives/')) {
        this.losses.add(path, 'alternateStream', `${quoted(name)} has no place among the registry hives`);
        continue;
      }
      const header = { name: `${path}:${name}`, type: tarType.file, mode: owner, size: content.size, times };
      this.#write({ ...header, records: encodeTimes(times) });
      yield* this.#content(path, content, file);
      this.entries += 1;
    }
  }

  #header(path: string, entry: TransportEntry, times: FileTimes): number {
    const { attributes, reparsePoint, content } = entry;
    const isDirectory = (attributes & fileAttribute.directory) !== 0;
    const isLink = reparsePoint !== undefined;
    const size = content?.size ?? 0;
    // An empty file has no stream on Windows; one that comes from a tar has, and must not become another tar by that.
    const bits = (isDirectory ? mode.directory : 0) | (isLink ? mode.link : 0) | (size > 0 ? mode.file : 0);
    const type = isLink ? tarType.symlink : isDirectory ? tarType.directory : tarType.file;
    const { securityDescriptor, extendedAttributes } = entry;
    const isMountPoint = reparsePoint?.kind === 'mountPoint';
    const records = encodePax({ attributes, securityDescriptor, isMountPoint, extendedAttributes, times });
    if (isDirectory) this.#deletions.addFolder(path);
    const linkName = reparsePoint?.target ?? '';
    this.#write({ name: path, type, mode: bits, size, linkName, times, records });
    this.entries += 1;
    return bits;
  }

  #hardLink(path: string, first: string, entry: TransportEntry, times: FileTimes): void {
    const { attributes } = entry;
    const records = encodePax({ attributes, isMountPoint: false, extendedAttributes: [], times });
    const link = { name: path, type: tarType.link, mode: mode.hardLink, size: 0, linkName: first };
    this.#write({ ...link, times, records });
    this.entries += 1;
  }

  #write(header: TarHeader): void {
    this.#out.header((bytes, at) => writeHeader(bytes, at, header));
  }

  *#content(path: string, { size, extents }: FileContent, file: LayerFile): Generator<Uint8Array> {
    let at = 0;
    for (const { offset, length, position } of extents) {
      yield* this.#out.zeros(offset - at);
      yield* this.#out.file(path, file, position, length);
      at = offset + length;
    }
    yield* this.#out.zeros(size - at);
    this.#out.padding();
  }

  /** What a layer deletes in a folder comes right after it, or at the end when the layer does not have the folder. */
  #whiteouts(folder: string, deletions: readonly Deletion[] = this.#deletions.take(folder)): void {
    for (const { name, problem } of deletions) {
      if (problem === undefined) {
        this.#out.header((bytes, at) => writeWhiteout(bytes, at, `${folder}/.wh.${name}`));
        this.entries += 1;
      } else this.losses.add(`${folder}/${name}`, 'tombstone', problem);
    }
  }
}

const mayBeLinked = /^(?:UtilityVM\/)?Files\//;

function isExported({ root, layer }: LayerSource): boolean {
  return root !== layer;
}

function named<T>(entry: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw inEntry(entry, error);
  }
}
