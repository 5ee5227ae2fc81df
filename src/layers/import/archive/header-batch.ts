// The headers of an archive, as the addon gives them: a batch of records, decoded where something is asked for. The layout is
// that of native/archive/unpack/header-batch.cc.
import type { NativeUnpackPlanner } from '../../../backend/native-unpack.js';
import { turn } from '../../../backend/native-unpack.js';
import { quoted } from '../../../shortened.js';
import { fileTimeOfSeconds } from '../../formats/file-time.js';
import type { WindowsMetadata } from '../../formats/pax-keys.js';
import { decodeDescriptor, decodePax } from '../../formats/pax-keys.js';
import { rebuild, Refusal } from '../refusal.js';
import { archiveRefusal, entryRefusal } from './archive-problems.js';

/** An entry of a tar. */
export interface TarEntry {
  readonly name: string;
  readonly type: 'file' | 'directory' | 'symlink' | 'link';
  readonly size: number;
  readonly linkname: string;
  /** Throws a `FormatError`. */
  readonly metadata: () => WindowsMetadata;
}

const recordSize = 96;
const firstCapacity = 128 * 1024;
const none: readonly never[] = [];
/** The records that something is read from. */
const known = /^(?:(?:[amc]time|LIBARCHIVE\.creationtime)$|MSWINDOWS\.|GNU\.sparse\.)/;
/** Those of them that a header for all entries may have. */
const general = /^(?:[amc]time|LIBARCHIVE\.creationtime|MSWINDOWS\.(?:fileattr|rawsd))$/;
const longestKnown = 32;
/** Bits of what the records of an entry have, after those of the four times. */
const has = { creation: 1, access: 2, write: 4, change: 8, attributes: 16, descriptor: 32, other: 64 } as const;

/** Takes headers, batch by batch. The entry at hand is valid up to the next one. */
export class HeaderBatch {
  readonly #native: NativeUnpackPlanner;
  #bytes = Buffer.allocUnsafeSlow(firstCapacity);
  #view = new DataView(this.#bytes.buffer);
  /** Where the record at hand begins. */
  #at = 0;
  /** Of the last header for all entries, where it has something that matters. */
  #global: Readonly<Record<string, string>> | undefined;
  /** What the last descriptor is, in Base64 and decoded. */
  #descriptor: { readonly raw: string; bytes?: Uint8Array } = { raw: '' };
  /** Of the entry at hand. */
  #ownDescriptor: { readonly raw: string; bytes?: Uint8Array } | undefined;
  /** Its records, where they are to be read one by one. */
  #own: Readonly<Record<string, string>> | undefined;
  readonly #entry: { -readonly [Key in keyof TarEntry]: TarEntry[Key] } = {
    name: '',
    type: 'file',
    size: 0,
    linkname: '',
    metadata: () => this.#metadata(),
  };

  constructor(native: NativeUnpackPlanner) {
    this.#native = native;
  }

  /** Takes the next batch. Gives how many headers it has, or a `turn`. */
  take(waitMs: number): number {
    const count = this.#native.take(this.#bytes, waitMs);
    if (count >= turn.malformed) return count;
    this.#bytes = Buffer.allocUnsafeSlow(-count);
    this.#view = new DataView(this.#bytes.buffer);
    return this.#native.take(this.#bytes, waitMs);
  }

  /**
   * The entry that a header of the batch begins, `undefined` where it begins none. They are to be asked for in order.
   *
   * @throws {@link Refusal} where it is wrong
   */
  entryAt(index: number): TarEntry | undefined {
    this.#at = index * recordSize;
    const kind = this.#view.getUint8(this.#at);
    const problem = this.#view.getUint16(this.#at + 2, true);
    if (kind === 2) throw archiveRefusal(problem);
    if (kind === 1) {
      this.#global = globalRecords(recordsOf(this.#bytes, ...this.#range(24)));
      return undefined;
    }
    const entry = this.#entry;
    entry.name = this.#text(8);
    if (problem !== 0) throw entryRefusal(problem, this.#view.getUint32(this.#at + 4, true), entry.name);
    const type = this.#view.getUint8(this.#at + 1);
    entry.size = this.#view.getFloat64(this.#at + 48, true);
    this.#takeDescriptor();
    const own = this.#isOther() ? recordsOf(this.#bytes, ...this.#range(24)) : undefined;
    this.#own = own;
    if (own !== undefined && hasSparse({ ...this.#global, ...own })) throw sparse(entry.name);
    entry.type = typeOf(type, entry);
    entry.linkname = type === 0x31 || type === 0x32 ? this.#text(16) : '';
    return entry;
  }

  #range(at: number): [number, number] {
    const start = this.#view.getUint32(this.#at + at, true);
    return [start, start + this.#view.getUint32(this.#at + at + 4, true)];
  }

  #text(at: number): string {
    return this.#bytes.toString('utf8', ...this.#range(at));
  }

  /** Whether the records have anything that is not decoded. */
  #isOther(): boolean {
    return this.#global !== undefined || (this.#has() & has.other) !== 0;
  }

  #has(): number {
    return this.#view.getUint32(this.#at + 40, true);
  }

  /** The files of a folder mostly have the same descriptor, which comes with the first. */
  #takeDescriptor(): void {
    if ((this.#has() & has.descriptor) === 0) {
      this.#ownDescriptor = undefined;
      return;
    }
    const [start, end] = this.#range(32);
    if (end > start) this.#descriptor = { raw: this.#bytes.toString('latin1', start, end) };
    this.#ownDescriptor = this.#descriptor;
  }

  #metadata(): WindowsMetadata {
    const write = fileTimeOfSeconds(BigInt(this.#view.getFloat64(this.#at + 56, true)));
    if (this.#own !== undefined) return decodePax({ ...this.#global, ...this.#own }, write);
    const found = this.#has();
    const written = this.#time(found, has.write, 80, write);
    // Not by spreading: that took longer than all else here.
    const metadata: { -readonly [Key in keyof WindowsMetadata]: WindowsMetadata[Key] } = {
      isMountPoint: false,
      extendedAttributes: none,
      times: {
        creation: this.#time(found, has.creation, 64, written),
        access: this.#time(found, has.access, 72, written),
        write: written,
        change: this.#time(found, has.change, 88, written),
      },
    };
    if ((found & has.attributes) !== 0) metadata.attributes = this.#view.getUint32(this.#at + 44, true);
    const descriptor = this.#ownDescriptor;
    if (descriptor !== undefined) metadata.securityDescriptor = descriptor.bytes ??= decodeDescriptor(descriptor.raw);
    return metadata;
  }

  #time(found: number, bit: number, at: number, otherwise: bigint): bigint {
    return (found & bit) === 0 ? otherwise : this.#view.getBigInt64(this.#at + at, true);
  }
}

function recordsOf(bytes: Buffer, start: number, end: number): Record<string, string> {
  const records: Record<string, string> = Object.create(null) as Record<string, string>;
  for (let at = start; at < end;) {
    const blank = bytes.indexOf(0x20, at);
    const next = at + Number(bytes.toString('latin1', at, blank));
    const equals = bytes.indexOf(0x3d, blank);
    if (known.test(bytes.toString('latin1', blank + 1, Math.min(equals, blank + longestKnown)))) {
      records[bytes.toString('utf8', blank + 1, equals)] = bytes.toString('utf8', equals + 1, next - 1);
    }
    at = next;
  }
  return records;
}

/** Few, since they count for each entry: what is a file's own is not in them. */
function globalRecords(records: Readonly<Record<string, string>>): Readonly<Record<string, string>> | undefined {
  const keys = Object.keys(records);
  const foreign = keys.find((key) => !general.test(key));
  if (foreign !== undefined) {
    throw new Refusal(`is followed by ${quoted(foreign)} in an extended header that is for all entries`, rebuild);
  }
  return keys.length === 0 ? undefined : records;
}

function hasSparse(records: Readonly<Record<string, string>>): boolean {
  return Object.keys(records).some((key) => key.startsWith('GNU.sparse.'));
}

function sparse(name: string): Refusal {
  return new Refusal('is a sparse file in a form of GNU tar', 'Build the layer without --sparse.', name);
}

const nodes: Readonly<Record<number, string>> = { 0x33: 'character device', 0x34: 'block device', 0x36: 'fifo' };

/** @param type - as the header spells it, an ASCII character */
function typeOf(type: number, { name, size }: TarEntry): TarEntry['type'] {
  switch (type) {
    case 0x30:
      if (name.endsWith('/')) throw new Refusal('is a file with the name of a directory', rebuild, name);
      return 'file';
    case 0x35:
      return withoutContent('directory', name, size);
    case 0x32:
      return withoutContent('symlink', name, size);
    case 0x31:
      return withoutContent('link', name, size);
    case 0x53:
      throw sparse(name);
  }
  const node = nodes[type];
  if (node !== undefined) {
    throw new Refusal(
      `is a ${node}, which layers of Windows do not have: this looks like a layer of a Linux image`,
      'Pull the image for the platform windows/amd64, and import its layers.',
      name,
    );
  }
  throw new Refusal(
    `is of a type that layers do not have (${JSON.stringify(String.fromCharCode(type))})`,
    rebuild,
    name,
  );
}

function withoutContent<Type extends TarEntry['type']>(type: Type, name: string, size: number): Type {
  if (size > 0) throw new Refusal(`is a ${type} with ${size} bytes of content`, rebuild, name);
  return type;
}
