import assert from 'node:assert/strict';

import {
  ComputeSystem,
  createEmptyGuestStateFile,
  grantVmGroupAccess,
  type Host,
  processorCompatibility,
  revokeVmAccess,
} from 'hostcompute';
import { Simulator } from 'hostcompute/simulator';
import { setupBaseOSVolume } from 'hostcompute/storage';

import { machineDocument } from '../../support/documents.js';

const lacks = (functionName: string, build?: number): object => ({
  code: 'ERR_HC_SYMBOL',
  functionName,
  ...(build !== undefined && { remedy: new RegExp(`from build ${build} on`) }),
});

describe('A simulated host that is like a build of Windows', () => {
  const opened: AsyncDisposable[] = [];
  const open = async (settings: Parameters<typeof Simulator.open>[0]): Promise<Host> => {
    const { host } = await Simulator.open(settings);
    opened.push(host);
    return host;
  };
  afterEach(() => Promise.all(opened.splice(0).map((each) => each[Symbol.asyncDispose]())));

  it('has each function from its build on', async () => {
    const since: readonly [build: number, name: keyof Host['functions']][] = [
      [17763, 'vmcompute.HcsSignalProcess'],
      [17763, 'computecore.HcsRevokeVmAccess'],
      [18362, 'computecore.HcsCrashComputeSystem'],
      [19041, 'computecore.HcsGrantVmGroupAccess'],
      [19645, 'computestorage.HcsSetupBaseOSVolume'],
      [20348, 'computecore.HcsWaitForComputeSystemExit'],
      [20348, 'computecore.HcsGetProcessorCompatibilityFromSavedState'],
      [26100, 'computecore.HcsStartLiveMigrationOnSource'],
    ];
    for (const [build, name] of since) {
      const before = await open({ osBuild: build - 1 });
      const after = await open({ osBuild: build });
      assert.deepEqual([before.functions[name], after.functions[name]], [false, true], name);
    }
  });

  it('refuses what it lacks by the name of the function, and says which build has it', async () => {
    const host = await open({ osBuild: 17763 });
    await assert.rejects(grantVmGroupAccess('/x', { host }), lacks('HcsGrantVmGroupAccess', 19041));
    await assert.rejects(
      processorCompatibility('/x', { host }),
      lacks('HcsGetProcessorCompatibilityFromSavedState', 20348),
    );
    await assert.rejects(
      setupBaseOSVolume('/layer', '/volume', { type: 'Container', host }),
      lacks('HcsSetupBaseOSVolume', 19645),
    );
  });

  it('before computecore.dll refuses all of that', async () => {
    const host = await open({ osBuild: 17134 });
    await assert.rejects(revokeVmAccess('vm', '/x', { host }), lacks('HcsRevokeVmAccess', 17763));
    await assert.rejects(createEmptyGuestStateFile('/x', { host }), lacks('HcsCreateEmptyGuestStateFile', 17763));
    await assert.rejects(open({ osBuild: 17134, api: 'computecore' }), {
      code: 'ERR_HC_LIBRARY',
      message: /does not export HcsEnumerateComputeSystems/,
    });
  });

  it('is another for each opening, and stays it when faults are cleared', async () => {
    const simulator = await Simulator.open({ osBuild: 17763 });
    opened.push(simulator);
    const other = await open({});
    await simulator.clear();
    const name = 'computecore.HcsGrantVmGroupAccess';
    assert.deepEqual([simulator.host.functions[name], other.functions[name]], [false, true]);
  });

  it('must be a whole number', async () => {
    for (const osBuild of [1.5, -1, '20348' as never]) {
      await assert.rejects(Simulator.open({ osBuild }), { code: 'ERR_HC_ARGUMENT', field: 'settings.osBuild' });
    }
  });

  it('is driven through vmcompute.dll where api is auto and there is no other', async () => {
    assert.equal((await open({ osBuild: 17134, api: 'auto' })).api, 'vmcompute');
  });

  it('is driven through computecore.dll where api is auto and that is there', async () => {
    assert.equal((await open({ osBuild: 17763, api: 'auto' })).api, 'computecore');
  });

  it('waits for exits without the functions for that, and refuses a crash without its', async () => {
    const host = await open({ osBuild: 17763, api: 'computecore' });
    await using system = await ComputeSystem.create(`build-${process.pid}`, machineDocument(), { host });
    await system.start();
    await assert.rejects(system.crash(), lacks('HcsCrashComputeSystem'));
    const exited = system.waitForExit({ timeoutMs: 10_000 });
    await system.terminate();
    assert.equal((await exited).status, 0);
  });
});
