// The layers that `npm start` begins from: two small tars, made here, as an image would have them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Host } from 'hostcompute';
import { importLayer, LayerStore } from 'hostcompute';
import { setupBaseLayer } from 'hostcompute/storage';

import type { Made } from '../../test/support/layers/tar.js';
import { file, folder, tar } from '../../test/support/layers/tar.js';

const archives: Readonly<Record<'base' | 'app', readonly Made[]>> = {
  base: [
    folder('Files'),
    folder('Files/Windows'),
    file('Files/Windows/win.ini', '; for 16-bit app support\r\n'),
    folder('Files/Users'),
    file('Files/Users/old.txt', 'old'),
  ],
  app: [
    folder('Hives'),
    folder('Files'),
    folder('Files/app'),
    file('Files/app/hello.txt', 'hello\r\n'),
    folder('Files/Users'),
    file('Files/Users/.wh.old.txt'),
  ],
};

/** A store with both layers, and what their imports took in milliseconds. Its folder goes with it. */
export interface StartLayers extends Disposable {
  readonly store: LayerStore;
  /** Of a scratch layer. */
  readonly parents: readonly string[];
  readonly imported: Readonly<Record<string, number>>;
}

/** Where `withDisks`, the base layer gets the disks that scratch layers are based on by computestorage.dll and virtdisk.dll. */
export async function importLayers(host: Host, withDisks: boolean): Promise<StartLayers> {
  const place = mkdtempSync(join(tmpdir(), 'hostcompute-start-'));
  const remove = (): void => rmSync(place, { recursive: true, force: true });
  try {
    const store = await LayerStore.open(place, { host });
    const imported: Record<string, number> = {};
    const parents: string[] = [];
    for (const [id, entries] of Object.entries(archives)) {
      const path = join(place, `${id}.tar`);
      writeFileSync(path, tar(...entries));
      const begun = performance.now();
      await importLayer(path, { store, id, parents });
      if (withDisks && parents.length === 0) await setupBaseLayer(store.pathOf(id), { host });
      imported[id] = performance.now() - begun;
      parents.unshift(id); // the nearest first
    }
    return { store, parents, imported, [Symbol.dispose]: remove };
  } catch (error) {
    remove();
    throw error;
  }
}
