// What becomes of each entry of a layer's archive.
import { alternateName } from '../formats/backup-stream.js';
import { quoted } from '../../shortened.js';
import { streamId, writeHeader } from '../formats/stream-header.js';
import { copyOfBootData } from './forms/boot-data.js';
import type { EntryPath } from './entry-path.js';
import { folded } from '../formats/entry-name.js';
import { isWithin, parseEntryPath } from './entry-path.js';
import { isOfLayer, noLayer } from './top-level.js';
import { WrittenEntries, whiteoutOf } from './written-entries.js';
import type { LayerForm } from './forms/layer-form.js';
import type { Limits } from './import-limits.js';
import { checkEntries, checkEntrySize } from './import-limits.js';
import { PendingWork } from './pending-work.js';
import { rebuild, Refusal } from './refusal.js';
import type { TarEntry } from './archive/header-batch.js';
import { attributesOf, headOf, isDirectory } from './transport-head.js';

/** Where and how the entries of a layer are written. */
export interface Destination {
  readonly form: LayerForm;
  readonly limits: Limits;
  /** The folders of the parents. A layer without any is a base layer. */
  readonly parents: readonly string[];
}

export class EntryImporter {
  readonly #to: Destination;
  readonly #names = new WrittenEntries();
  /** What can be done when the layer is there, and not before. */
  readonly pending: PendingWork;
  /** How many entries there were so far. */
  entries = 0;
  /** The name of the last one, as it is spelt. */
  current: string | undefined;
  #isOpen = false;
  /** The first entry, where it is not of a layer. */
  #foreign: string | undefined;
  /** The path whose alternate streams may follow, and those that did. */
  #owner: string | undefined;
  readonly #streams = new Set<string>();

  constructor(to: Destination) {
    this.#to = to;
    this.pending = new PendingWork(this.#names, to.form.utilityVM, to.parents, to.form.isFileOf);
  }

  /** Plans an entry. Throws a {@link Refusal} or a `FormatError`. */
  entry(entry: TarEntry): void {
    this.current = entry.name;
    this.entries++;
    checkEntries(this.#to.limits, this.entries);
    checkEntrySize(this.#to.limits, entry.size);
    const name = parseEntryPath(entry.name);
    if (this.#foreign !== undefined && isOfLayer(name.path)) throw noLayer(this.#foreign);
    if (name.stream !== undefined) return this.#addStream(entry, name);
    this.#owner = undefined;
    const { path } = name;
    // The root itself, as in tars of `tar -C folder .`
    if (path === '' && entry.type === 'directory') return;
    if (!isOfLayer(path)) return this.#leaveFor(entry);
    const deleted = whiteoutOf(path);
    if (deleted !== undefined) return this.pending.addWhiteout(deleted, entry.name);
    if (entry.type === 'link') return this.#addLink(entry, path);
    this.#addFile(entry, path);
  }

  /** No more comes. */
  end(): void {
    if (this.#foreign !== undefined) throw noLayer(this.#foreign);
    if (!this.#isOpen) throw new Refusal('has no entries', rebuild, null);
  }

  /** A folder at the start that no layer has may be that of an image, which the name after it tells. */
  #leaveFor({ name, type }: TarEntry): void {
    if (this.#foreign !== undefined || this.#isOpen || type !== 'directory') throw noLayer(this.#foreign ?? name);
    this.#foreign = name;
  }

  #addFile(entry: TarEntry, path: string): void {
    const { type } = entry;
    const { writer, utilityVM } = this.#to.form;
    const metadata = entry.metadata();
    const attributes = attributesOf(entry, metadata);
    const isLinkToDirectory = type === 'symlink' && isDirectory(attributes);
    if (type !== 'directory' && !path.includes('/')) throw new Refusal('must be a directory', rebuild);
    this.#names.add(path, kindOf(type, isLinkToDirectory));
    const head = headOf(path, attributes, metadata, entry);
    if (!this.#isOpen) writer.open();
    this.#isOpen = true;
    const isThere = utilityVM.makeWay(path, type === 'directory');
    this.#owner = path;
    if (this.#streams.size > 0) this.#streams.clear();
    if (utilityVM.isBootData(path)) writer.copyNextTo(copyOfBootData(path)!);
    if (type === 'directory') writer.directory(path, head, metadata.times, isThere);
    else if (isLinkToDirectory) writer.directoryLink(path, head, metadata.times);
    else writer.file(path, head, metadata.times);
  }

  #addStream({ type, size }: TarEntry, { path, stream }: EntryPath): void {
    if (path !== this.#owner || stream === undefined) {
      throw new Refusal('has a colon in its name, and is not an alternate stream of the entry before it', rebuild);
    }
    if (type !== 'file') throw new Refusal(`is an alternate stream, and a ${type}`, rebuild);
    if (isWithin(path, 'Hives')) throw new Refusal('is an alternate stream among the registry hives', rebuild);
    const key = folded(stream);
    if (this.#streams.has(key)) throw new Refusal('comes twice', rebuild);
    this.#streams.add(key);
    const header = { id: streamId.alternate, attributes: 0, size, name: alternateName(stream) };
    this.#to.form.writer.stream(writeHeader(header));
  }

  #addLink({ name, linkname, metadata }: TarEntry, path: string): void {
    const target = parseEntryPath(linkname);
    if (target.stream !== undefined) {
      throw new Refusal(`is a hard link to an alternate stream, ${quoted(linkname)}`, rebuild);
    }
    this.#names.add(path, 'hardLink');
    this.pending.addLink({ path, target: target.path, entry: name });
    this.#to.form.writer.hardLink(path, metadata().times);
  }
}

function kindOf(
  type: TarEntry['type'],
  isLinkToDirectory: boolean,
): 'directory' | 'file' | 'directoryLink' | 'fileLink' {
  if (type === 'symlink') return isLinkToDirectory ? 'directoryLink' : 'fileLink';
  return type === 'directory' ? 'directory' : 'file';
}
