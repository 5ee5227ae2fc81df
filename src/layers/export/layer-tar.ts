// The tar of a layer: an entry, its content, its alternate streams, and then what is deleted beside it.
import { statSync } from 'node:fs';
import { quoted } from '../../shortened.js';

import type { FileContent } from '../formats/backup-stream.js';
import type { FileTimes } from '../formats/file-time.js';
import { FormatError } from '../formats/format-error.js';
import { encodePax, encodeTimes } from '../formats/pax-keys.js';
import { LayerError } from '../layer-error.js';
import { BackupTree } from './backup-tree.js';
import { ChunkFiller } from './chunk-filler.js';
import type { Deletion } from './deletions.js';
import { Deletions } from './deletions.js';
import type { LayerFile } from './layer-file.js';
import type { LossKind } from './losses.js';
import { LeftOut, Losses } from './losses.js';
import { blockSize, encodeHeader, encodeWhiteout, tarType } from './tar-header.js';
import type { TransportEntry } from './transport-entry.js';
import { fileAttribute, rawEntry, readTransportEntry } from './transport-entry.js';
import { timesOf, TransportFile } from './transport-file.js';
import { TreeTimes } from './tree-times.js';
import type { TreeItem, Visited, Walker } from './tree-walk.js';
import { walkTree } from './tree-walk.js';

/** What is to be read. */
export interface TreeSource {
  readonly root: string;
  /** The folder of the layer; the same as the root for a base layer. */
  readonly layer: string;
  /** Whether it is a layer of Windows. */
  readonly isWindows?: boolean;
}

/** Bits of a mode as the C library of Unix has them. */
const mode = { directory: 0o40000, file: 0o100000, link: 0o120000, hardLink: 0o644 } as const;

const remedy = 'Import the layer again, and do not write into its folder.';

/** Reads a transport tree once, and gives its tar in chunks. */
export class LayerTar {
  readonly losses = new Losses();
  entries = 0;
  readonly #source: TreeSource;
  readonly #times: TreeTimes;
  readonly #out = new ChunkFiller();
  readonly #deletions: Deletions;
  readonly #firstNames = new Map<string, string>();

  constructor(source: TreeSource) {
    this.#source = source;
    this.#times = named('FileTimes', () => new TreeTimes(source.root, source.layer));
    this.#deletions = named('tombstones.txt', () => new Deletions(isExported(source) ? source.root : undefined));
  }

  *chunks(): Generator<Uint8Array> {
    const { root, isWindows = false } = this.#source;
    const walker: Walker = {
      visit: (item) => this.#visit(item),
      passOver: (path, reason) => this.#leaveOut(path, 'file', reason),
    };
    const exported = isExported(this.#source);
    using backup = isWindows ? new BackupTree(root, !exported) : undefined;
    yield* walkTree(root, exported, walker, backup);
    for (const [folder, deletions] of this.#deletions.takeRest()) yield* this.#whiteouts(folder, deletions);
    yield* this.#out.zeros(2 * blockSize);
    yield* this.#out.end();
  }

  *#visit(item: TreeItem): Generator<Uint8Array, Visited> {
    if (!item.isTransport && item.isDirectory) return yield* this.#plainFolder(item);
    let isLink = false;
    try {
      using file = item.open?.() ?? new TransportFile(item.file);
      // A base layer of Windows has all times where they belong.
      const isExact = item.open !== undefined && !isExported(this.#source);
      const times = isExact ? file.times : this.#times.of(item.path, () => file.times);
      const entry = item.isTransport
        ? readTransportEntry(file, item.isDirectory, (what, reason) => this.losses.add(item.path, what, reason))
        : rawEntry(file);
      isLink = entry.reparsePoint !== undefined;
      if (isLink && !item.path.includes('/')) throw new FormatError('it is a reparse point, at the top of a layer');
      yield* this.#entry(item.path, entry, times, file);
    } catch (error) {
      if (!(error instanceof LeftOut)) throw inEntry(item.path, error);
      this.#leaveOut(item.path, error.what, error.message);
      return 'leftOut';
    }
    if (item.isDirectory && !isLink) yield* this.#whiteouts(item.path);
    return isLink ? 'link' : 'plain';
  }

  #leaveOut(path: string, what: LossKind, reason: string): void {
    this.#deletions.leaveOut(path);
    this.losses.add(path, what, reason);
  }

  /** A folder without a side file. */
  *#plainFolder({ path, file }: TreeItem): Generator<Uint8Array, Visited> {
    const times = this.#times.of(path, () => timesOf(statSync(file, { bigint: true })));
    const entry = { attributes: fileAttribute.directory, extendedAttributes: [], alternates: [] };
    yield* this.#header(path, entry, times);
    yield* this.#whiteouts(path);
    return 'plain';
  }

  *#entry(path: string, entry: TransportEntry, times: FileTimes, file: LayerFile): Generator<Uint8Array> {
    const mayBeLinked = /^(?:UtilityVM\/)?Files\//.test(path);
    if (mayBeLinked && file.identity !== undefined && (entry.attributes & fileAttribute.directory) === 0) {
      const first = this.#firstNames.get(file.identity);
      if (first !== undefined) {
        yield* this.#hardLink(path, first, entry, times);
        return;
      }
      this.#firstNames.set(file.identity, path);
    }
    const owner = yield* this.#header(path, entry, times);
    if (entry.content !== undefined) yield* this.#content(entry.content, file);
    for (const { name, content } of entry.alternates) {
      if (path.startsWith('Hives/')) {
        this.losses.add(path, 'alternateStream', `${quoted(name)} has no place among the registry hives`);
        continue;
      }
      const header = { name: `${path}:${name}`, type: tarType.file, mode: owner, size: content.size, times };
      yield* this.#out.bytes(encodeHeader({ ...header, records: encodeTimes(times) }));
      yield* this.#content(content, file);
      this.entries += 1;
    }
  }

  *#header(path: string, entry: TransportEntry, times: FileTimes): Generator<Uint8Array, number> {
    const { attributes, reparsePoint, content } = entry;
    const isDirectory = (attributes & fileAttribute.directory) !== 0;
    const isLink = reparsePoint !== undefined;
    const size = content?.size ?? 0;
    // An empty file has no stream on Windows; one that comes from a tar has, and must not become another tar by that.
    const bits = (isDirectory ? mode.directory : 0) | (isLink ? mode.link : 0) | (size > 0 ? mode.file : 0);
    const type = isLink ? tarType.symlink : isDirectory ? tarType.directory : tarType.file;
    const records = encodePax({ ...entry, isMountPoint: reparsePoint?.kind === 'mountPoint', times });
    const link = isLink ? { linkName: reparsePoint.target } : {};
    if (isDirectory) this.#deletions.addFolder(path);
    yield* this.#out.bytes(encodeHeader({ name: path, type, mode: bits, size, ...link, times, records }));
    this.entries += 1;
    return bits;
  }

  *#hardLink(path: string, first: string, entry: TransportEntry, times: FileTimes): Generator<Uint8Array> {
    const { attributes } = entry;
    const records = encodePax({ attributes, isMountPoint: false, extendedAttributes: [], times });
    const link = { name: path, type: tarType.link, mode: mode.hardLink, size: 0, linkName: first };
    yield* this.#out.bytes(encodeHeader({ ...link, times, records }));
    this.entries += 1;
  }

  *#content({ size, extents }: FileContent, file: LayerFile): Generator<Uint8Array> {
    let at = 0;
    for (const { offset, length, position } of extents) {
      yield* this.#out.zeros(offset - at);
      yield* this.#out.file(file, position, length);
      at = offset + length;
    }
    yield* this.#out.zeros(size - at);
    yield* this.#out.padding();
  }

  /** What a layer deletes in a folder comes right after it, or at the end when the layer does not have the folder. */
  *#whiteouts(folder: string, deletions: readonly Deletion[] = this.#deletions.take(folder)): Generator<Uint8Array> {
    for (const { name, problem } of deletions) {
      if (problem === undefined) {
        yield* this.#out.bytes(encodeWhiteout(`${folder}/.wh.${name}`));
        this.entries += 1;
      } else this.losses.add(`${folder}/${name}`, 'tombstone', problem);
    }
  }
}

function isExported({ root, layer }: TreeSource): boolean {
  return root !== layer;
}

function named<T>(entry: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw inEntry(entry, error);
  }
}

/** What went wrong with an entry, with its name. */
function inEntry(entry: string, error: unknown): unknown {
  if (error instanceof LayerError) return error;
  if (error instanceof FormatError) {
    return new LayerError({ entry, reason: `is malformed: ${error.message}`, remedy, cause: error });
  }
  if (!(error instanceof Error)) return error;
  return new LayerError({ entry, reason: `cannot be read: ${error.message}`, remedy, cause: error });
}
