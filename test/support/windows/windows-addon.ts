// Loaded in place of the addon by the threads of an import or export, with HOSTCOMPUTE_ADDON: the files of Windows are those
// that stand in for them. Records are in the folder that HOSTCOMPUTE_TEST_RECORDS names, with the calls of the last thread that
// has ended, and the call fails that HOSTCOMPUTE_TEST_FAIL_AT counts to.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { StandInFiles } from './windows-files.js';
import { Records } from './windows-records.js';

export class Files extends StandInFiles {
  constructor() {
    super(new Records(process.env.HOSTCOMPUTE_TEST_RECORDS));
    const failAt = Number(process.env.HOSTCOMPUTE_TEST_FAIL_AT ?? 0);
    if (failAt > 0) this.failAt = failAt;
  }

  override end(): void {
    super.end();
    writeFileSync(join(process.env.HOSTCOMPUTE_TEST_RECORDS!, 'calls'), JSON.stringify(this.calls));
  }
}
