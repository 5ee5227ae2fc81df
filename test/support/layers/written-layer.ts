// The part of an import that reads and writes, without a thread and a host: quick enough for thousands of archives.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { setImmediate } from 'node:timers/promises';

import { loadAddon } from '#dist/backend/load.js';
import type { NativeUnpackPlanner } from '#dist/backend/native-unpack.js';
import { readArchive } from '#dist/layers/import/archive/read-archive.js';
import type { LayerForm } from '#dist/layers/import/forms/layer-form.js';
import { PortableForm } from '#dist/layers/import/forms/portable-form.js';
import { asFailure } from '#dist/layers/import/import-failure.js';
import type { LayerLimits } from '#dist/layers/import/import-limits.js';
import { withDefaults } from '#dist/layers/import/import-limits.js';
import type { Failure, ImportTask, LayerVerification, WrittenLayer } from '#dist/layers/import/import-task.js';
import { Plan } from '#dist/layers/import/plan.js';
import { planLayer } from '#dist/layers/import/plan-layer.js';

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
      root,
      utilityVMRoot: parents.length === 0 ? root : join(place, 'in', 'vm'),
      parents,
      limits: withDefaults(limits),
    };
    const chunks = chunksOf(archive, chunkSize);
    const outcome = await planned(chunks, task, (plan) => new PortableForm(task, plan), verify);
    const all = list(place);
    const isInside = (path: string): boolean => path.startsWith('in/layer') || path.startsWith('in/vm');
    return {
      ...outcome,
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

/** Plans and writes a layer on this thread, which a real import does on another. */
export async function planned(
  chunks: AsyncIterable<Buffer>,
  task: ImportTask,
  formOf: (plan: Plan) => LayerForm,
  verify: LayerVerification = {},
  plannerOf: (native: NativeUnpackPlanner) => NativeUnpackPlanner = (native) => native,
): Promise<Pick<Outcome, 'layer' | 'failure'>> {
  const { Unpack, UnpackPlanner } = loadAddon();
  let wake = (): void => undefined;
  const unpack = new Unpack(() => wake());
  const native = plannerOf(new UnpackPlanner(unpack.id()));
  const plan = new Plan(native);
  const counts = { bytes: 0, unpackedBytes: 0 };
  let isOver = false;
  let sourceError: unknown;
  const push = (bytes: Buffer): Promise<void> | boolean => {
    if (isOver || unpack.push(bytes)) return isOver;
    return new Promise((resolve) => (wake = resolve));
  };
  const reading = readArchive(chunks, { push }, task.limits, verify, counts).then(
    (facts) => {
      unpack.end(false);
      return facts;
    },
    (error: unknown) => {
      sourceError = error;
      unpack.end(true);
      return undefined;
    },
  );
  const work = planLayer(task, formOf(plan), { native, plan, waitMs: 0 }, () => undefined);
  let next = work.next();
  for (; next.done !== true; next = work.next()) await setImmediate();
  isOver = true;
  wake();
  const facts = await reading;
  unpack.close();
  const message = next.value;
  if (message.kind === 'failed') return { failure: message.failure };
  if (message.kind === 'cut') return { failure: asFailure(sourceError, message.current) };
  if (message.kind !== 'written' || facts === undefined) throw new Error(message.kind);
  const { entries, hasUtilityVM, pending } = message;
  return { layer: { entries, hasUtilityVM, pending, ...counts, ...facts } };
}

/** Reads an archive without writing anything, and says how many entries it has. Rejects with why it is refused. */
export async function read(archive: Buffer, limits: LayerLimits = {}): Promise<number> {
  const nothing = (): void => undefined;
  const entries = { directory: nothing, directoryLink: nothing, file: nothing, hardLink: nothing, stream: nothing };
  const ends = {
    open: nothing,
    copyNextTo: nothing,
    write: nothing,
    finish: nothing,
    complete: nothing,
    close: nothing,
  };
  const task = { isWindows: false, root: '', utilityVMRoot: '', parents: [], limits: withDefaults(limits) };
  const { layer, failure } = await planned(chunksOf(archive, 2 ** 18), task, (plan) => {
    const { utilityVM } = new PortableForm(task, plan);
    return { writer: { ...entries, ...ends }, utilityVM, isFileOf: () => false, apply: nothing };
  });
  if (layer !== undefined) return layer.entries;
  const { cause, reason, entry, remedy } = failure!;
  throw cause ?? Object.assign(new Error(reason), { name: 'Refusal', entry, remedy });
}
