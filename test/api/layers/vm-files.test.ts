import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  createEmptyGuestStateFile,
  createEmptyRuntimeStateFile,
  grantVmAccess,
  grantVmGroupAccess,
  HcsError,
  processorCompatibility,
  revokeVmAccess,
  revokeVmGroupAccess,
  submitWerReport,
} from 'hostcompute';
import type { HostOptions } from 'hostcompute';

import { useSimulator } from '../../support/host.js';

describe('Files of virtual machines', () => {
  const bench = useSimulator();
  let folder: string;
  let disk: string;
  let saved = 0;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hostcompute-'));
    disk = join(folder, 'disk.vhdx');
    await writeFile(disk, '');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const onHost = (): HostOptions => ({ host: bench.simulator.host });

  const calls: Readonly<Record<string, (options: HostOptions) => Promise<unknown>>> = {
    HcsRevokeVmAccess: (options) => revokeVmAccess('vm', disk, options),
    HcsGrantVmGroupAccess: (options) => grantVmGroupAccess(disk, options),
    HcsRevokeVmGroupAccess: (options) => revokeVmGroupAccess(disk, options),
    HcsCreateEmptyGuestStateFile: (options) => createEmptyGuestStateFile(join(folder, 'x.vmgs'), options),
    HcsCreateEmptyRuntimeStateFile: (options) => createEmptyRuntimeStateFile(join(folder, 'x.vmrs'), options),
    HcsGetProcessorCompatibilityFromSavedState: async (options) => {
      const file = join(folder, `${String(++saved)}.vmrs`);
      await createEmptyRuntimeStateFile(file, onHost());
      return processorCompatibility(file, options);
    },
    HcsSubmitWerReport: (options) => submitWerReport({}, options),
  };

  for (const [name, call] of Object.entries(calls)) {
    const key = `computecore.${name}` as 'computecore.HcsRevokeVmAccess';

    it(`are what ${name} is for`, async () => {
      const outcome = call(onHost());
      // The file is of no machine that was saved.
      if (name === 'HcsGetProcessorCompatibilityFromSavedState') {
        await assert.rejects(outcome, { code: 'ERROR_FILE_NOT_FOUND', operation: name });
      } else {
        await outcome;
      }
    });

    it(`reject with the code and the name of ${name} when it fails`, async () => {
      await bench.simulator.inject({ function: key, status: 0x80070005 });
      const about = name === 'HcsSubmitWerReport' ? name : `${name} of file "${folder}`;
      await assert.rejects(call(onHost()), (error) => {
        assert.ok(error instanceof HcsError && error.code === 'E_ACCESSDENIED' && error.operation === name);
        assert.ok(error.message.startsWith(about), error.message);
        return true;
      });
    });

    it(`reject at the deadline, and when the signal aborts, while ${name} hangs`, async () => {
      const fault = await bench.simulator.inject({ function: key, block: true, count: 0 });
      await assert.rejects(call({ ...onHost(), timeoutMs: 5 }), { code: 'ERR_HC_TIMEOUT', operation: name });
      const aborting = new AbortController();
      const given = call({ ...onHost(), signal: aborting.signal });
      aborting.abort();
      await assert.rejects(given, { code: 'ABORT_ERR' });
      await fault.clear();
      assert.ok(await bench.noneStuck());
    });

    it(`are refused by name on a host that lacks ${name}`, async () => {
      await bench.simulator.inject({ function: key, missing: true });
      await assert.rejects(call(onHost()), { code: 'ERR_HC_SYMBOL', functionName: name });
    });
  }

  it('are made by createEmptyGuestStateFile() and createEmptyRuntimeStateFile()', async () => {
    const guest = join(folder, 'a.vmgs');
    const runtime = join(folder, 'a.vmrs');
    await createEmptyGuestStateFile(guest, onHost());
    await createEmptyRuntimeStateFile(runtime, onHost());
    assert.ok(existsSync(guest) && existsSync(runtime));
  });

  it('require an absolute path, and an id', async () => {
    const named = (argument: string): object => ({ code: 'ERR_HC_ARGUMENT', field: argument });
    await assert.rejects(revokeVmAccess('', disk, onHost()), named('vmId'));
    await assert.rejects(revokeVmAccess('vm', 'disk.vhdx', onHost()), named('file'));
    await assert.rejects(grantVmGroupAccess('disk.vhdx', onHost()), named('file'));
    await assert.rejects(createEmptyGuestStateFile('x\0', onHost()), named('file'));
    await assert.rejects(processorCompatibility('x', onHost()), named('runtimeFile'));
    await assert.rejects(submitWerReport([] as never, onHost()), named('report'));
    await assert.rejects(grantVmAccess('vm', 'x', onHost()), named('file'));
  });
});
