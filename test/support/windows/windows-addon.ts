// Loaded in place of the addon by the threads of an import or export, with HOSTCOMPUTE_ADDON: the files of Windows are those
// that stand in for them. Records are in the folder that HOSTCOMPUTE_TEST_RECORDS names, with the calls of the last thread that
// has ended, and the call fails that HOSTCOMPUTE_TEST_FAIL_AT counts to.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { NativeAddon } from '#dist/backend/addon.js';

import { StandInPlanner } from './stand-in-planner.js';
import type { CallLog } from './windows-files.js';
import { StandInFiles } from './windows-files.js';
import { Records } from './windows-records.js';

const built = fileURLToPath(new URL('../../../../build/Release/hostcompute.node', import.meta.url));
const given = process.env.HOSTCOMPUTE_TEST_NATIVE;
const native = createRequire(import.meta.url)(given === undefined || given === '' ? built : given) as NativeAddon;

const failAt = Number(process.env.HOSTCOMPUTE_TEST_FAIL_AT ?? 0);
const log: CallLog = { calls: [], ...(failAt > 0 && { failAt }) };

export class Files extends StandInFiles {
  constructor() {
    super(new Records(process.env.HOSTCOMPUTE_TEST_RECORDS), log);
  }

  override end(): void {
    super.end();
    writeFileSync(join(process.env.HOSTCOMPUTE_TEST_RECORDS!, 'calls'), JSON.stringify(this.calls));
  }
}

export const { Unpack } = native;

export class UnpackPlanner extends StandInPlanner {
  constructor(id: number) {
    super(new native.UnpackPlanner(id), () => new Files());
  }
}
