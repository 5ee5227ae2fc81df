// Plans what becomes of an archive, entry by entry, on a thread that may wait. The addon reads the headers and carries the plan out.
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';

import type { NativeUnpackPlanner } from '../../backend/native-unpack.js';
import { turn } from '../../backend/native-unpack.js';
import { checkHive, hiveHeaderSize } from '../formats/registry-hive.js';
import { HeaderBatch } from './archive/header-batch.js';
import { EntryImporter } from './entry-importer.js';
import type { LayerForm } from './forms/layer-form.js';
import { asFailure } from './import-failure.js';
import type { FromPlanner, ImportTask } from './import-task.js';
import type { Plan } from './plan.js';
import { rebuild, Refusal } from './refusal.js';

const progressEvery = 100;
/** Entries whose steps are carried out together: few enough for the threads that write not to wait. */
const entriesAtOnce = 64;

/** The two sides of one archive on this thread, and how long each call may wait. */
export interface Planning {
  readonly native: NativeUnpackPlanner;
  readonly plan: Plan;
  readonly waitMs: number;
}

/**
 * Yields where there is nothing to do yet, and returns the message for the owner of the thread.
 *
 * @param onProgress - called now and then with the number of entries
 */
export function* planLayer(
  task: ImportTask,
  form: LayerForm,
  planning: Planning,
  onProgress: (entries: number) => void,
): Generator<void, FromPlanner> {
  const { root, parents, limits } = task;
  const { writer, utilityVM } = form;
  const importer = new EntryImporter({ form, limits, parents });
  try {
    const end = yield* takeEntries(planning, importer, onProgress);
    if (end === turn.cut) return { kind: 'cut', current: importer.current };
    importer.end();
    writer.finish();
    yield* until(planning, () => planning.native.finish(planning.waitMs));
    writer.complete();
    const pending = importer.pending.resolve();
    if (parents.length === 0) form.apply(pending, root);
    else checkHives(join(root, 'Hives'));
    return { kind: 'written', entries: importer.entries, hasUtilityVM: utilityVM.isPresent, pending };
  } catch (error) {
    return { kind: 'failed', failure: asFailure(error, importer.current) };
  } finally {
    writer.close();
    while (planning.native.settle(planning.waitMs) !== turn.end) yield;
  }
}

function* until({ plan }: Planning, work: () => number): Generator<void, void> {
  while (plan.check(work()) !== turn.end) yield;
}

/** Gives `turn.end` or `turn.cut`. */
function* takeEntries(
  planning: Planning,
  importer: EntryImporter,
  onProgress: (entries: number) => void,
): Generator<void, number> {
  const { native, plan, waitMs } = planning;
  const batch = new HeaderBatch(native);
  let reported = performance.now();
  for (;;) {
    const count = plan.check(batch.take(waitMs));
    if (count < 0) return count;
    if (count === 0) yield;
    for (let index = 0; index < count; index++) {
      const entry = batch.entryAt(index);
      if (entry === undefined) continue;
      importer.entry(entry);
      plan.endEntry();
      if (index % entriesAtOnce === entriesAtOnce - 1) plan.flush();
    }
    plan.flush();
    const now = performance.now();
    if (now - reported < progressEvery) continue;
    reported = now;
    onProgress(importer.entries);
  }
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
