// Layers to export: trees in the transport form, the same each time from their seed.
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../bench-layers/', import.meta.url));

export interface LayerShape {
  readonly name: string;
  readonly files: number;
  /** Of all files together. */
  readonly bytes: number;
}

export const layerShapes: readonly LayerShape[] = [
  { name: '327 MB in 5,000 files', files: 5_000, bytes: 327_000_000 },
  { name: '50,000 files of 1 KB', files: 50_000, bytes: 50_000 * 1024 },
];

export const smallShape: LayerShape = { name: '6 MB in 200 files', files: 200, bytes: 6_000_000 };

const filesPerFolder = 100;

/** The root of the tree, which is made when it is not there yet. */
export function layerTree({ files, bytes }: LayerShape): string {
  const root = `${folder}${files}-${bytes}`;
  if (existsSync(root)) return root;
  const unfinished = `${root}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  const random = generator(files);
  addFolder(unfinished, 'Files');
  // A third of the mean up to five thirds, so that sizes differ and the sum is nearly what it should be.
  const mean = bytes / files;
  for (let index = 0; index < files; index += 1) {
    const parent = `Files/folder ${Math.floor(index / filesPerFolder)}`;
    if (index % filesPerFolder === 0) addFolder(unfinished, parent);
    const size = Math.round(mean * (1 / 3 + (random() / 2 ** 32) * (4 / 3)));
    writeFileSync(`${unfinished}/${parent}/file ${index}.dll`, transportFile(size, random));
  }
  renameSync(unfinished, root);
  return root;
}

function addFolder(root: string, path: string): void {
  mkdirSync(`${root}/${path}`, { recursive: true });
  writeFileSync(`${root}/${path}.$wcidirs$`, Buffer.from('10000000', 'hex'));
}

/** Attributes, and one stream of data. */
function transportFile(size: number, random: () => number): Buffer {
  const bytes = Buffer.alloc(24 + size);
  bytes.writeUInt32LE(0x20, 0);
  bytes.writeUInt32LE(1, 4);
  bytes.writeBigUInt64LE(BigInt(size), 12);
  for (let at = 24; at + 4 <= bytes.length; at += 4) bytes.writeUInt32LE(random(), at);
  return bytes;
}

/** Numbers of 32 bits, xorshift. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>>= 0);
  };
}
