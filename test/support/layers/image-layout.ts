// Images in the layout of OCI, of a few files.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export interface ImageContent {
  /** Tars, the base first. */
  readonly archives: readonly Uint8Array[];
  readonly configuration: object;
  /** What is stored of a layer, in place of what the manifest says. */
  readonly damage?: (blob: Buffer) => Buffer;
}

/** Writes an image into a new folder, and returns the folder. */
export function imageLayout(place: string, { archives, configuration, damage = (blob) => blob }: ImageContent): string {
  mkdirSync(join(place, 'blobs/sha256'), { recursive: true });
  const put = (bytes: Buffer, stored = bytes): { digest: string; size: number } => {
    writeFileSync(join(place, 'blobs/sha256', sha256(bytes)), stored);
    return { digest: `sha256:${sha256(bytes)}`, size: bytes.length };
  };
  const layers = archives.map((archive) => put(gzipSync(archive), damage(gzipSync(archive))));
  const config = put(Buffer.from(JSON.stringify(configuration)));
  const manifest = put(Buffer.from(JSON.stringify({ schemaVersion: 2, config, layers })));
  writeFileSync(join(place, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [manifest] }));
  return place;
}
