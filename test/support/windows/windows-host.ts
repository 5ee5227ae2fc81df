// A store of a Windows host for importLayer() and exportLayer(): their threads use files that stand in for those of Windows.
// Under Wine they are the real ones but for backups, and there are no records.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { readerThreads } from '#dist/layers/export/reader-threads.js';
import { plannerThreads } from '#dist/layers/import/planner-thread.js';

import { FolderStore } from '../layers/layer-folder.js';
import { Records } from './windows-records.js';

const name = process.platform === 'win32' ? 'wine-addon' : 'windows-addon';
const addon = fileURLToPath(new URL(`./${name}.js`, import.meta.url));

async function endThreads(): Promise<void> {
  await Promise.all([readerThreads.end(), plannerThreads.end()]);
}

/** Sets, for each test of a suite, what its threads are started with. */
export function useWindowsHost(): {
  readonly store: FolderStore;
  readonly records: Records;
  /** The calls of the last thread that has ended. */
  readonly calls: readonly string[];
  failAt(call: number): Promise<void>;
} {
  const variables = [
    'HOSTCOMPUTE_ADDON',
    'HOSTCOMPUTE_TEST_NATIVE',
    'HOSTCOMPUTE_TEST_RECORDS',
    'HOSTCOMPUTE_TEST_FAIL_AT',
  ];
  const before = variables.map((name) => process.env[name]);
  let store: FolderStore;
  let folder: string;
  beforeEach(async () => {
    // One that was started before has other variables.
    await endThreads();
    folder = mkdtempSync(join(tmpdir(), 'hostcompute-records-'));
    process.env.HOSTCOMPUTE_TEST_NATIVE = before[0] ?? '';
    process.env.HOSTCOMPUTE_ADDON = addon;
    process.env.HOSTCOMPUTE_TEST_RECORDS = folder;
    store = new FolderStore();
    store.hostKind = 'windows';
  });
  afterEach(async () => {
    await endThreads();
    for (const [index, name] of variables.entries()) {
      const value = before[index];
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    store[Symbol.dispose]();
    rmSync(folder, { recursive: true });
  });
  return {
    get store() {
      return store;
    },
    get records() {
      return new Records(folder);
    },
    get calls() {
      return JSON.parse(readFileSync(join(folder, 'calls'), 'utf8')) as string[];
    },
    async failAt(call) {
      await endThreads();
      process.env.HOSTCOMPUTE_TEST_FAIL_AT = String(call);
    },
  };
}
