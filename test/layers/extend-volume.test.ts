import assert from 'node:assert/strict';

import { extendVolume } from '#dist/layers/extend-volume.js';

import { useWindowsHost } from '../support/windows/windows-host.js';

const volume = '\\\\?\\Volume{0a1b2c3d-0000-0000-0000-000000000000}';

describe('The volume of a scratch layer', () => {
  const host = useWindowsHost();

  // Wine has no disks to attach: test/native/files/files.cc has what it says.
  if (process.platform !== 'win32') {
    it('is extended while its disk is attached, before the host is queried for its path', async () => {
      await extendVolume('/layers/scratch', () => Promise.resolve(volume));
      assert.deepEqual(host.calls, ['attachDisk sandbox.vhdx', `extendVolume ${volume}`, 'end', 'close sandbox.vhdx']);
    });

    it('is not queried when the disk cannot be attached', async () => {
      await host.failAt(1);
      const asked: string[] = [];
      const ask = (): Promise<string> => Promise.resolve(asked.push('') ? volume : '');
      await assert.rejects(extendVolume('/layers/scratch', ask), {
        code: 'ERR_HC_LAYER',
        entry: 'sandbox.vhdx',
        reason: /^has grown, and the volume on it has not: attaching the disk ".*sandbox.vhdx": the volume is full/,
      });
      assert.deepEqual([asked, host.calls.at(-1)], [[], 'end']);
    });

    it('detaches the disk and reports the reason when it cannot be extended', async () => {
      await host.failAt(2);
      await assert.rejects(
        extendVolume('/layers/scratch', () => Promise.resolve(volume)),
        { reason: /extending the volume/ },
      );
      assert.deepEqual(host.calls.slice(-2), ['end', 'close sandbox.vhdx']);
    });
  }

  it("rejects with the host's error when its path cannot be queried", async () => {
    const failure = new Error('no path');
    const refused = extendVolume(host.store.folder, () => Promise.reject(failure));
    await assert.rejects(refused, process.platform === 'win32' ? { code: 'ERR_HC_LAYER' } : failure);
  });
});
