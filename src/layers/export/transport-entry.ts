// The attributes and streams of an entry, from a file of the transport form or the side file of a directory.
import type { FileContent, PlacedStream } from '../formats/backup-stream.js';
import { quoted } from '../../shortened.js';
import { contentOf, largestMetadata, placeStreams, streamOfAlternate } from '../formats/backup-stream.js';
import type { ExtendedAttribute } from '../formats/extended-attributes.js';
import { decodeExtendedAttributes } from '../formats/extended-attributes.js';
import { streamProblem, wellFormed } from '../formats/entry-name.js';
import { FormatError } from '../formats/format-error.js';
import { unwritableName } from '../formats/pax-keys.js';
import type { ReparsePoint } from '../formats/reparse-data.js';
import { decodeReparseData, encodeReparseData, nameOfTag, tagWithoutForm } from '../formats/reparse-data.js';
import { checkSecurityDescriptor } from '../formats/security-descriptor.js';
import { nameOfStream, streamAttribute, streamId } from '../formats/stream-header.js';
import type { LayerFile } from './layer-file.js';
import type { LossKind } from './losses.js';
import { LeftOut } from './losses.js';

/** FILE_ATTRIBUTE_*. */
export const fileAttribute = { directory: 0x10, archive: 0x20, reparsePoint: 0x400, compressed: 0x800 } as const;

/** An alternate stream of an entry. */
export interface AlternateStream {
  readonly name: string;
  readonly content: FileContent;
}

/** Attributes and streams of an entry. Positions are in the transport file. */
export interface TransportEntry {
  readonly attributes: number;
  readonly securityDescriptor?: Uint8Array | undefined;
  readonly extendedAttributes: readonly ExtendedAttribute[];
  readonly reparsePoint?: ReparsePoint;
  readonly content?: FileContent;
  readonly alternates: readonly AlternateStream[];
}

/** Called for what a tar cannot carry. */
export type LossListener = (what: LossKind, reason: string) => void;

const attributesSize = 4;

/** Reads the four bytes of attributes and the streams. Throws {@link FormatError}, or {@link LeftOut} for what has no form in a tar. */
export function readTransportEntry(file: LayerFile, isDirectory: boolean, lose: LossListener): TransportEntry {
  const header = file.head;
  if (header.length < attributesSize) throw new FormatError(`it has ${header.length} bytes, less than its attributes`);
  const attributes = (header[0]! | (header[1]! << 8) | (header[2]! << 16) | (header[3]! << 24)) >>> 0;
  if (((attributes & fileAttribute.directory) !== 0) !== isDirectory) {
    throw new FormatError(`it is a ${isDirectory ? 'directory' : 'file'} with the attributes ${attributes}`);
  }
  const streams = placeStreams((position, length) => file.read(position, length), attributesSize, file.size, header);
  const entry = assemble(attributes, streams, new Streams(file, lose));
  if (((attributes & fileAttribute.reparsePoint) !== 0) !== (entry.reparsePoint !== undefined)) {
    // As it comes from a tar that does not say the attributes.
    const isUnsaid = entry.reparsePoint !== undefined && attributes === 0;
    if (!isUnsaid) throw new FormatError('it does not say alike whether it is a reparse point');
  }
  if ((attributes & fileAttribute.compressed) !== 0) lose('compression', 'has its attribute in the tar and no effect');
  if (entry.content === undefined || (!isDirectory && entry.reparsePoint === undefined)) return entry;
  const { content, ...rest } = entry;
  if (content.size > 0) lose('data', `of ${content.size} bytes has no place in a directory or link`);
  return rest;
}

/** A file as it is, of which the content is all there is to know. */
export function rawEntry(file: LayerFile): TransportEntry {
  const extents = file.size === 0 ? [] : [{ offset: 0, length: file.size, position: 0 }];
  return {
    attributes: fileAttribute.archive,
    extendedAttributes: [],
    content: { size: file.size, extents, isSparse: false },
    alternates: [],
  };
}

function assemble(attributes: number, streams: readonly PlacedStream[], read: Streams): TransportEntry {
  const entry: { -readonly [K in keyof TransportEntry]: TransportEntry[K] } & { alternates: AlternateStream[] } = {
    attributes,
    extendedAttributes: [],
    alternates: [],
  };
  for (let index = 0; index < streams.length; index += 1) {
    const stream = streams[index]!;
    read.once(stream);
    const first = index + 1;
    while (streams[index + 1]?.id === streamId.sparseBlock) index += 1;
    const blocks = index < first ? none : streams.slice(first, index + 1);
    switch (stream.id) {
      case streamId.data:
        entry.content = read.content(stream, blocks);
        break;
      case streamId.alternate:
        entry.alternates.push(...read.alternate(stream, blocks));
        break;
      case streamId.security:
        entry.securityDescriptor = read.securityDescriptor(stream);
        break;
      case streamId.extendedAttributes:
        entry.extendedAttributes = read.extendedAttributes(stream);
        break;
      case streamId.reparse:
        entry.reparsePoint = read.reparsePoint(stream);
        break;
      default:
        read.lost(stream);
    }
  }
  return entry;
}

const none: readonly PlacedStream[] = [];

/** Streams that a tar has no key for. */
const withoutKey: Readonly<Record<number, LossKind>> = {
  [streamId.link]: 'link',
  [streamId.property]: 'property',
  [streamId.objectId]: 'objectId',
  [streamId.transaction]: 'transaction',
};

/** Reads single streams of a file. */
class Streams {
  readonly #file: LayerFile;
  readonly #lose: LossListener;
  /** By the bit of their id: streams without a name. */
  #seen = 0;
  #named: Set<string> | undefined;

  constructor(file: LayerFile, lose: LossListener) {
    this.#file = file;
    this.#lose = lose;
  }

  /** Refuses a second stream of one kind and name, and a sparse block that belongs to none. */
  once({ id, name }: PlacedStream): void {
    const key = name === '' && id < 32 ? '' : `${id} ${name.toUpperCase()}`;
    const isTwice = key === '' ? (this.#seen & (1 << id)) !== 0 : this.#named?.has(key) === true;
    if (isTwice) throw new FormatError(`it has two streams ${nameOfStream(id)} ${name}`.trimEnd());
    if (id === streamId.sparseBlock) throw new FormatError('it has a sparse block that belongs to no stream');
    if (key === '') this.#seen |= 1 << id;
    else (this.#named ??= new Set()).add(key);
  }

  content(stream: PlacedStream, blocks: readonly PlacedStream[]): FileContent {
    const content = contentOf(stream, blocks);
    if (content.isSparse || (stream.attributes & streamAttribute.sparse) !== 0) {
      this.#lose('sparseLayout', `of ${content.size} bytes is written with zeros in its holes`);
    }
    return content;
  }

  /** The stream, unless its name cannot be in a tar. */
  alternate(stream: PlacedStream, blocks: readonly PlacedStream[]): AlternateStream[] {
    const name = streamOfAlternate(stream.name);
    const problem = streamProblem(wellFormed(name));
    if (problem === undefined) return [{ name, content: this.content(stream, blocks) }];
    this.#lose('alternateStream', `${quoted(name)} ${problem}`);
    return [];
  }

  securityDescriptor(stream: PlacedStream): Buffer {
    const bytes = this.metadata(stream);
    checkSecurityDescriptor(bytes);
    return bytes;
  }

  /** A copy of the bytes of a metadata stream. */
  metadata({ id, position, size }: PlacedStream): Buffer {
    const most = largestMetadata[id]!;
    if (size > most) throw new FormatError(`it has ${size} bytes of ${nameOfStream(id)}, more than ${most}`);
    return Buffer.from(this.#file.read(position, size));
  }

  extendedAttributes(stream: PlacedStream): ExtendedAttribute[] {
    const names = new Set<string>();
    return decodeExtendedAttributes(this.metadata(stream)).filter(({ name, flags }) => {
      const problem = names.has(name) ? 'is there twice' : unwritableName(name);
      names.add(name);
      if (problem !== undefined) this.#lose('extendedAttribute', `${quoted(name)}: ${problem}`);
      else if (flags !== 0) this.#lose('extendedAttributeFlags', `of ${name} are ${flags}`);
      return problem === undefined;
    });
  }

  reparsePoint(stream: PlacedStream): ReparsePoint {
    const bytes = this.metadata(stream);
    const tag = tagWithoutForm(bytes);
    if (tag !== undefined) {
      throw new LeftOut('reparsePoint', `of the tag ${nameOfTag(tag)} is left out: a tar has no form for it`);
    }
    const { kind, target } = decodeReparseData(bytes);
    const point = { kind, target: wellFormed(target.replaceAll('/', '\\')) };
    if (!encodeReparseData(point).equals(bytes)) {
      this.#lose('reparseData', `is written as a link to ${quoted(point.target)}, which has other bytes`);
    }
    return point;
  }

  lost({ id, size }: PlacedStream): void {
    const what = withoutKey[id];
    if (what === undefined) throw new FormatError(`it has the stream ${nameOfStream(id)}, which is unknown`);
    this.#lose(what, `of ${size} bytes has no key in a tar`);
  }
}
