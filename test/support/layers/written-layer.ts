// The part of an import that reads and writes, without a thread and a host: quick enough for thousands of archives.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { EntryImporter } from '#dist/layers/import/entry-importer.js';
import type { LayerLimits } from '#dist/layers/import/import-limits.js';
import { withDefaults } from '#dist/layers/import/import-limits.js';
import { PortableForm } from '#dist/layers/import/forms/portable-form.js';
import { readArchive } from '#dist/layers/import/archive/read-archive.js';
import { TarReader } from '#dist/layers/import/archive/tar-reader.js';
import type { Failure, LayerVerification, WrittenLayer } from '#dist/layers/import/import-task.js';
import { writeLayer } from '#dist/layers/import/write-layer.js';

import { list } from './layer-folder.js';

export interface Outcome {
  readonly layer?: WrittenLayer;
  readonly failure?: Failure;
  /** What is in the folder of the layer. */
  readonly files: readonly string[];
  /** What is beside it, where nothing may be. */
  readonly outside: readonly string[];
}

export interface Settings {
  readonly limits?: LayerLimits;
  readonly verify?: LayerVerification;
  /** Folders of layers. */
  readonly parents?: readonly string[];
  /** Bytes per chunk. Default: all in one. */
  readonly chunkSize?: number;
}

/** Writes the layer of an archive into a fresh folder, and looks at what is there. */
export async function written(archive: Buffer, settings: Settings = {}): Promise<Outcome> {
  const { limits = {}, verify = {}, parents = [], chunkSize = archive.length } = settings;
  const place = mkdtempSync(join(tmpdir(), 'hostcompute-written-'));
  try {
    const root = join(place, 'in', 'layer');
    const task = {
      isWindows: false,
      path: undefined,
      root,
      utilityVMRoot: parents.length === 0 ? root : join(place, 'in', 'vm'),
      parents,
      limits: withDefaults(limits),
      verify,
      abort: new SharedArrayBuffer(4),
    };
    const batches = readArchive(chunksOf(archive, chunkSize), task.limits);
    const message = await writeLayer(task, new PortableForm(task), batches, () => undefined);
    const all = list(place);
    const isInside = (path: string): boolean => path.startsWith('in/layer') || path.startsWith('in/vm');
    return {
      ...(message.kind === 'written' ? { layer: message.layer } : {}),
      ...(message.kind === 'failed' ? { failure: message.failure } : {}),
      files: all.filter(isInside).map((path) => path.slice('in/layer/'.length)),
      outside: all.filter((path) => !isInside(path) && path !== 'in/'),
    };
  } finally {
    rmSync(place, { recursive: true });
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- a source is asynchronous
export async function* chunksOf(archive: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < archive.length; at += size) yield archive.subarray(at, at + size);
}

/** Reads an archive without writing anything, and says how many entries it has. */
export async function read(archive: Buffer, limits: LayerLimits = {}): Promise<number> {
  const nothing = (): void => undefined;
  const entries = { directory: nothing, directoryLink: nothing, file: nothing, hardLink: nothing };
  const { utilityVM } = new PortableForm({ root: '', utilityVMRoot: '', parents: [] });
  const writer = { ...entries, open: nothing, write: nothing, finish: nothing, close: nothing };
  const importer = new EntryImporter({
    form: { writer, utilityVM, isFileOf: () => false, apply: nothing },
    limits: withDefaults(limits),
    parents: [],
  });
  const reader = new TarReader(importer);
  for await (const chunk of chunksOf(archive, 2 ** 18)) await reader.push(chunk);
  await reader.end();
  return importer.entries;
}
