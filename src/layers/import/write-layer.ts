// Reads an archive and writes what it holds, from the first byte to the last check.
import type { Hash } from 'node:crypto';
import { createHash } from 'node:crypto';
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { checkHive, hiveHeaderSize } from '../formats/registry-hive.js';
import type { Compression } from './decompress.js';
import { decompress } from './decompress.js';
import { EntryImporter } from './entry-importer.js';
import { asFailure } from './failure.js';
import { checkUnpacked } from './limits.js';
import type { LayerForm } from './layer-form.js';
import { fetchAgain, rebuild, Refusal } from './refusal.js';
import { TarReader } from './tar-reader.js';
import type { FromWorker, ImportTask, ReadProgress, WrittenLayer } from './task.js';

class Aborted extends Refusal {
  constructor() {
    super('was not imported: the import was aborted', '', null);
  }
}

const progressEvery = 100;

/**
 * @param form - how it is written
 * @param chunks - the source; no buffer of it may change later
 * @param onProgress - called now and then
 * @returns what the thread has to tell
 */
export async function writeLayer(
  task: ImportTask,
  form: LayerForm,
  chunks: AsyncIterable<Buffer>,
  onProgress: (progress: ReadProgress) => void,
): Promise<FromWorker> {
  const { root, parents, limits } = task;
  const { writer, utilityVM } = form;
  const importer = new EntryImporter({ form, limits, parents });
  try {
    const read = await readArchive(task, chunks, importer, onProgress);
    if (importer.isEmpty) throw new Refusal('has no entries', rebuild, null);
    writer.finish();
    const pending = importer.pending.resolve();
    if (parents.length === 0) form.apply(pending, root);
    else checkHives(join(root, 'Hives'));
    return { kind: 'written', layer: { ...read, hasUtilityVM: utilityVM.isPresent, pending } };
  } catch (error) {
    return { kind: 'failed', failure: asFailure(error, importer.current) };
  } finally {
    writer.close();
  }
}

type ReadLayer = Omit<WrittenLayer, 'hasUtilityVM' | 'pending'>;

async function readArchive(
  { abort, limits, verify }: ImportTask,
  chunks: AsyncIterable<Buffer>,
  importer: EntryImporter,
  onProgress: (progress: ReadProgress) => void,
): Promise<ReadLayer> {
  const flag = new Int32Array(abort);
  const tar = new TarReader({
    entry: (entry) => {
      if (Atomics.load(flag, 0) !== 0) throw new Aborted();
      importer.entry(entry);
    },
    data: (bytes) => importer.data(bytes),
  });
  let compression = 'none' as Compression;
  let [bytes, unpackedBytes, told] = [0, 0, performance.now()];
  const blob = createHash('sha256');
  const diff = createHash('sha256');
  const counted = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      blob.update(chunk);
      yield chunk;
    }
  };
  try {
    for await (const chunk of decompress(counted(), (found) => (compression = found))) {
      if (Atomics.load(flag, 0) !== 0) throw new Aborted();
      unpackedBytes += chunk.length;
      checkUnpacked(limits, bytes, unpackedBytes);
      if (compression !== 'none') diff.update(chunk);
      await tar.push(chunk);
      const now = performance.now();
      if (now - told < progressEvery) continue;
      told = now;
      onProgress({ entries: importer.entries, bytes, unpackedBytes });
    }
    await tar.end();
  } finally {
    tar.destroy();
  }
  const digest = digestOf(blob);
  const diffId = compression === 'none' ? digest : digestOf(diff);
  if (verify.size !== undefined && verify.size !== bytes) differ('bytes', bytes, verify.size);
  if (verify.digest !== undefined && verify.digest !== digest) differ('as digest', digest, verify.digest);
  if (verify.diffId !== undefined && verify.diffId !== diffId) differ('as diffID', diffId, verify.diffId);
  return { entries: importer.entries, bytes, unpackedBytes, compression, digest, diffId };
}

function digestOf(hash: Hash): string {
  return `sha256:${hash.digest('hex')}`;
}

function differ(what: string, found: string | number, expected: string | number): never {
  throw new Refusal(`has ${found} ${what}, where ${expected} was expected`, fetchAgain, null);
}

/** Delta hives that a host would call a catastrophic failure. */
function checkHives(folder: string): void {
  for (const name of listed(folder).filter((each) => /_delta$/i.test(each))) {
    const file = join(folder, name);
    const header = Buffer.alloc(hiveHeaderSize);
    const descriptor = openSync(file, 'r');
    try {
      const read = readSync(descriptor, header, 0, hiveHeaderSize, 0);
      const { damage } = checkHive(header.subarray(0, read), statSync(file).size);
      if (damage !== undefined) throw new Refusal(`${damage}, as no registry hive does`, rebuild, `Hives/${name}`);
    } finally {
      closeSync(descriptor);
    }
  }
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
