// The archives that layers are measured with, the same ones each time: entries as a tool for Windows layers writes them, and
// content of which half can be compressed.
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';

import type { Made } from '../../test/support/layers/tar.js';
import { blocksOf } from '../../test/support/layers/tar.js';

export interface Archive {
  readonly what: string;
  readonly files: number;
  /** Of the plain archive. */
  readonly bytes: number;
  readonly plain: string;
  readonly gzip: string;
}

export interface Archives extends Disposable {
  readonly folder: string;
  readonly all: readonly Archive[];
}

const megabyte = 1e6;
const descriptor =
  'AQAEgDAAAABAAAAAAAAAABQAAAACABwAAQAAAAADFAD/AR8AAQEAAAAAAAUSAAAAAQIAAAAAAAUgAAAAIAIAAAEBAAAAAAAFEgAAAA==';

/** Makes the archives in a folder of their own below another; a quick run has a small one only. */
export function makeArchives(quick: boolean, below: string): Archives {
  const folder = mkdtempSync(join(below, 'hostcompute-bench-'));
  const all = quick
    ? [makeArchive(folder, '200 files, 6 MB', 200, 6 * megabyte)]
    : [
        makeArchive(folder, '5,000 files, 327 MB', 5000, 327 * megabyte),
        makeArchive(folder, '50,000 small files, 75 MB', 50_000, 75 * megabyte),
      ];
  return { folder, all, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The layers of an image of so many bytes, the base first. */
export function makeLayers(quick: boolean, below: string): Archives {
  const folder = mkdtempSync(join(below, 'hostcompute-bench-'));
  const shapes = quick
    ? [[100, 2]]
    : [
        [3000, 200],
        [2000, 70],
        [1000, 30],
      ];
  const all = shapes.map(([files = 0, megabytes = 0]) =>
    makeArchive(folder, `${files} files`, files, megabytes * megabyte),
  );
  return { folder, all, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

export function makeArchive(folder: string, what: string, files: number, content: number): Archive {
  const plain = join(folder, `${files}.tar`);
  const random = generator(files);
  const noise = noiseOf(random);
  const weights = Array.from({ length: files }, () => random() ** 4 + 0.02);
  const scale = content / weights.reduce((sum, weight) => sum + weight);
  const file = openSync(plain, 'w');
  let bytes = 0;
  const write = (blocks: Uint8Array): void => void (bytes += writeSync(file, blocks));
  const add = (name: string, type: string, attributes: number, body?: Buffer): void => {
    const seconds = 1_700_000_000 + Math.floor(random() * 1e6);
    const pax = {
      'LIBARCHIVE.creationtime': `${seconds}.1234567`,
      'MSWINDOWS.fileattr': String(attributes),
      'MSWINDOWS.rawsd': descriptor,
      atime: `${seconds}.25`,
      ctime: `${seconds}.5`,
      mtime: `${seconds}.125`,
    };
    const entry: Made = { name, type, pax, mtime: seconds, ...(body === undefined ? {} : { body }) };
    write(blocksOf(entry));
  };
  add('Files', '5', 16);
  add('Hives', '5', 16);
  for (const [index, weight] of weights.entries()) {
    const inFolder = `Files/folder-${Math.floor(index / 100)}`;
    if (index % 100 === 0) add(inFolder, '5', 16);
    const size = Math.floor(weight * scale);
    const start = Math.floor(random() * (noise.length - size));
    add(`${inFolder}/file-${index}.dll`, '0', 32, noise.subarray(start, start + size));
  }
  write(Buffer.alloc(1024));
  closeSync(file);
  execFileSync('gzip', ['-k', '-6', plain]);
  return { what, files, bytes, plain, gzip: `${plain}.gz` };
}

function noiseOf(random: () => number): Buffer {
  const noise = Buffer.alloc(4 * 2 ** 20);
  for (let at = 0; at < noise.length; at += 4) noise.writeUInt32LE(Math.floor(random() * 2 ** 32), at);
  for (let at = 0; at < noise.length; at += 64) noise.fill(at % 251, at, at + 32);
  return noise;
}

/** Numbers from 0 to 1 that follow from a seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
