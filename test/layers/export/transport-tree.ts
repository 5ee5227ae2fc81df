// Trees in the transport form for tests: written from a description, or from a tar as an importer would.
import { appendFileSync, linkSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { alternateName, encodeStream } from '#dist/layers/formats/backup-stream.js';
import type { ExtendedAttribute } from '#dist/layers/formats/extended-attributes.js';
import { encodeExtendedAttributes } from '#dist/layers/formats/extended-attributes.js';
import type { FileTimes } from '#dist/layers/formats/file-time.js';
import { fileTimeOfSeconds } from '#dist/layers/formats/file-time.js';
import { decodePax } from '#dist/layers/formats/pax-keys.js';
import type { ReparsePoint } from '#dist/layers/formats/reparse-data.js';
import { encodeReparseData } from '#dist/layers/formats/reparse-data.js';
import { writeHeader } from '#dist/layers/formats/stream-header.js';
import { encodeTimesLine } from '#dist/layers/formats/times-table.js';
import { encodeTombstones } from '#dist/layers/formats/tombstones.js';

import type { TarEntry } from './tar-reader.js';

/** Streams of a file or directory. */
export const stream = {
  data: (text: string | Uint8Array): Buffer => encodeStream(1, Buffer.from(text as string)),
  attributes: (...list: ExtendedAttribute[]): Buffer => encodeStream(2, encodeExtendedAttributes(list)),
  security: (bytes: Uint8Array = descriptor): Buffer => encodeStream(3, bytes),
  alternate: (name: string, text: string): Buffer => encodeStream(4, Buffer.from(text), alternateName(name)),
  reparse: (point: ReparsePoint): Buffer => encodeStream(8, encodeReparseData(point)),
  /** A file of holes: blocks of text by offset, and the size. */
  sparse: (blocks: Readonly<Record<number, string>>, size: number): Buffer =>
    Buffer.concat([
      encodeStream(1, Buffer.alloc(0)),
      ...[...Object.entries(blocks), [String(size), ''] as const].map(([offset, text]) => block(Number(offset), text)),
    ]),
};

export const descriptor = Buffer.from(
  'AQAEgDAAAABAAAAAAAAAABQAAAACABwAAQAAAAADFAD/AR8AAQEAAAAAAAUSAAAAAQIAAAAAAAUgAAAAIAIAAAEBAAAAAAAFEgAAAA==',
  'base64',
);

function block(offset: number, text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([writeHeader({ id: 9, attributes: 8, size: bytes.length, name: '', offset }), bytes]);
}

/** A folder in the system's own, which goes with the test. */
export class TestFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'hostcompute-layer-'));

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true });
  }
}

/** Writes a tree, folders before what is in them. */
export class TransportTree {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
    mkdirSync(root, { recursive: true });
  }

  directory(path: string, attributes = 0x10, streams: readonly Buffer[] = []): this {
    mkdirSync(join(this.root, path));
    return this.file(`${path}.$wcidirs$`, attributes, streams);
  }

  file(path: string, attributes = 0x20, streams: readonly Buffer[] = []): this {
    const header = Buffer.alloc(4);
    header.writeUInt32LE(attributes);
    return this.raw(path, Buffer.concat([header, ...streams]));
  }

  raw(path: string, bytes: string | Buffer): this {
    writeFileSync(join(this.root, path), bytes, { flag: 'wx' });
    return this;
  }

  link(path: string, target: string): this {
    linkSync(join(this.root, target), join(this.root, path));
    return this;
  }

  times(path: string, times: FileTimes): this {
    appendFileSync(join(this.root, 'FileTimes'), encodeTimesLine(path, times));
    return this;
  }

  tombstones(...paths: string[]): this {
    return this.raw('tombstones.txt', encodeTombstones(paths));
  }
}

/** Lays out a tar as ImportLayer reads it, with links and deletions applied. */
export function layOut(entries: readonly TarEntry[], root: string): void {
  const tree = new TransportTree(root);
  const deleted: string[] = [];
  const links: TarEntry[] = [];
  let owner: { name: string; file: string } | undefined;
  for (const entry of entries) {
    const { name, type, records, body, linkName } = entry;
    const metadata = decodePax(records, fileTimeOfSeconds(BigInt(entry.mtime)));
    const base = name.slice(name.lastIndexOf('/') + 1);
    if (base.startsWith('.wh.')) {
      const path = `${dirname(name)}/${base.slice(4)}`;
      deleted.push(path.slice('Files/'.length).replaceAll('/', '\\'));
    } else if (owner !== undefined && name.startsWith(`${owner.name}:`)) {
      appendFileSync(owner.file, encodeStream(4, body, alternateName(name.slice(owner.name.length + 1))));
    } else if (type === '1') {
      tree.times(name, metadata.times);
      links.push(entry);
    } else {
      const attributes = metadata.attributes ?? (type === '5' ? 0x10 : 0);
      const isDirectory = (attributes & 0x10) !== 0;
      const isRaw = name.startsWith('Hives/');
      const { securityDescriptor, extendedAttributes, isMountPoint } = metadata;
      const kind = isMountPoint ? 'mountPoint' : 'symlink';
      const streams = [
        ...(securityDescriptor === undefined ? [] : [stream.security(securityDescriptor)]),
        ...(extendedAttributes.length === 0 ? [] : [stream.attributes(...extendedAttributes)]),
        ...(type === '2' ? [stream.reparse({ kind, target: linkName })] : []),
        ...(type === '0' ? [stream.data(body)] : []),
      ];
      if (isDirectory) tree.directory(name, attributes, streams);
      else if (isRaw) tree.raw(name, body);
      else tree.file(name, attributes, streams);
      tree.times(name, metadata.times);
      owner = { name, file: join(root, isDirectory ? `${name}.$wcidirs$` : name) };
    }
  }
  for (const { name, linkName } of links) tree.link(name, linkName);
  tree.tombstones(...deleted);
}
