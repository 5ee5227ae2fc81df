// What holds for a store at any time, whatever has ended in it.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import type { ImageStore } from '../../src/image-store.js';

/** Layers that have a record are whole, and images have all of theirs. */
export async function assertWhole(images: ImageStore, filesOf: (id: string) => readonly string[]): Promise<void> {
  for (const id of recordsOf(images)) {
    assert.deepEqual(readdirSync(join(images.layers.pathOf(id), 'Files')), filesOf(id), id);
  }
  for (const { layers } of await images.list()) {
    for (const id of layers) assert.ok(recordsOf(images).includes(id), `${id} has no record`);
  }
}

/** Nothing is there that nothing needs. */
export async function assertClean(images: ImageStore): Promise<void> {
  await images.prune();
  assert.deepEqual(readdirSync(images.layers.folder).sort(), recordsOf(images));
  assert.deepEqual(readdirSync(join(images.folder, 'downloads')), []);
  assert.deepEqual(readdirSync(join(images.folder, 'leases')), []);
  const all = readdirSync(images.folder, { recursive: true }) as string[];
  assert.deepEqual(
    all.filter((name) => name.endsWith('.part')),
    [],
  );
}

function recordsOf(images: ImageStore): string[] {
  const names = readdirSync(join(images.folder, 'records', 'layers')).filter((name) => name.endsWith('.json'));
  return names.map((name) => name.slice(0, -'.json'.length)).sort();
}
