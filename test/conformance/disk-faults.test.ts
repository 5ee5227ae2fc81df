import assert from 'node:assert/strict';

import { HcsError } from 'hostcompute';

import { functions } from '#dist/backend/functions.js';
import { useSimulator } from '../support/host.js';
import { diskCalls, setDisks } from './disk-api-calls.js';

// What a call may fail with: a code of Windows, which the functions of disks return as such, and one of virtual disks.
const failures = { ERROR_SHARING_VIOLATION: 0x80070020, ERROR_VIRTUAL_DISK_LIMITATION: 0xc03a001a } as const;

describe('Disk calls', () => {
  const bench = useSimulator();

  it('cover every function of virtual disks', () => {
    const made = new Set(Object.values(diskCalls).flatMap((call) => call.functions));
    // A drive is opened for Windows Server 2019 alone: test/api/storage/disks.test.ts.
    const needed = Object.keys(functions).filter((name) => /^virtdisk\.(?!OpenDrive)/.test(name));
    assert.deepEqual([...made].sort(), needed.sort());
  });

  for (const [title, { functions: made, make }] of Object.entries(diskCalls)) {
    it(`${title} makes the host calls listed in the table`, async () => {
      const scene = await setDisks(bench);
      const { Calls: before } = await bench.simulator.state();
      await make(scene, {});
      const { Calls: after } = await bench.simulator.state();
      assert.deepEqual(
        Object.keys(after).filter((name) => name.startsWith('virtdisk') && after[name] !== before[name]),
        made,
      );
    });

    const [name] = made;
    const operation = name!.replace('virtdisk.', '');
    for (const [code, status] of Object.entries(failures)) {
      it(`${title} rejects when ${operation} fails with ${code}`, async () => {
        const scene = await setDisks(bench);
        await bench.simulator.inject({ function: name!, status });
        await assert.rejects(make(scene, {}), (error) => {
          assert.ok(error instanceof HcsError);
          assert.deepEqual([error.code, error.status, error.operation], [code, status, operation]);
          assert.notEqual(error.disk, undefined);
          return true;
        });
      });
    }

    it(`${title} does not block the event loop while the host blocks ${operation}`, async () => {
      const scene = await setDisks(bench);
      const fault = await bench.simulator.inject({ function: name!, block: true });
      const done = make(scene, {});
      assert.ok(await bench.simulator.reached({ blockedCalls: 1 }));
      assert.ok((await bench.running()).id.length > 0);
      await fault.clear();
      await done;
    });

    if (title === 'VirtualDisk#close') continue; // the core closes, whatever the host exports
    it(`${title} rejects with ERR_HC_SYMBOL on a host without ${operation}`, async () => {
      const scene = await setDisks(bench);
      await bench.simulator.inject({ function: name!, missing: true });
      await assert.rejects(make(scene, {}), { code: 'ERR_HC_SYMBOL', functionName: operation });
    });
  }
});
