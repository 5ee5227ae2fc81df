// Writes what an archive holds, from the first entry to the last check.
import { createHash } from 'node:crypto';
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { checkHive, hiveHeaderSize } from '../formats/registry-hive.js';
import type { Batch } from './archive/batch.js';
import { EntryImporter } from './entry-importer.js';
import { asFailure } from './import-failure.js';
import type { LayerForm } from './forms/layer-form.js';
import { fetchAgain, rebuild, Refusal } from './refusal.js';
import type { FromWriter, ImportTask, ReadProgress, WrittenLayer } from './import-task.js';

class Aborted extends Refusal {
  constructor() {
    super('was not imported: the import was aborted', '', null);
  }
}

const progressEvery = 100;

/**
 * @param form - how it is written
 * @param batches - the archive as it is read
 * @param onProgress - called now and then
 * @returns the message for the owner of the thread
 */
export async function writeLayer(
  task: ImportTask,
  form: LayerForm,
  batches: AsyncIterable<Batch>,
  onProgress: (progress: ReadProgress) => void,
): Promise<FromWriter> {
  const { root, parents, limits } = task;
  const { writer, utilityVM } = form;
  const importer = new EntryImporter({ form, limits, parents });
  try {
    const read = await takeArchive(task, batches, importer, onProgress);
    importer.end();
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

async function takeArchive(
  { abort, verify }: ImportTask,
  batches: AsyncIterable<Batch>,
  importer: EntryImporter,
  onProgress: (progress: ReadProgress) => void,
): Promise<ReadLayer> {
  const flag = new Int32Array(abort);
  const hash = createHash('sha256');
  let last: Batch | undefined;
  let [bytes, unpackedBytes, reported] = [0, 0, performance.now()];
  for await (const batch of batches) {
    // Of a plain archive it is the digest of the source, which is made where that is read.
    if (batch.compression !== 'none') hash.update(batch.bytes);
    unpackedBytes += batch.bytes.length;
    bytes = batch.read;
    last = batch;
    for (const item of batch.items) {
      if (Atomics.load(flag, 0) !== 0) throw new Aborted();
      if (Buffer.isBuffer(item)) importer.data(item);
      else importer.entry(item);
    }
    const now = performance.now();
    if (now - reported < progressEvery) continue;
    reported = now;
    onProgress({ entries: importer.entries, bytes, unpackedBytes });
  }
  const { compression, digest } = last as Batch & { digest: string };
  const diffId = compression === 'none' ? digest : `sha256:${hash.digest('hex')}`;
  if (verify.size !== undefined && verify.size !== bytes) differ('bytes', bytes, verify.size);
  if (verify.digest !== undefined && verify.digest !== digest) differ('as digest', digest, verify.digest);
  if (verify.diffId !== undefined && verify.diffId !== diffId) differ('as diffID', diffId, verify.diffId);
  return { entries: importer.entries, bytes, unpackedBytes, compression, digest, diffId };
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
      if (damage !== undefined) throw new Refusal(`is not a registry hive: it ${damage}`, rebuild, `Hives/${name}`);
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
