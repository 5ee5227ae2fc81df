import assert from 'node:assert/strict';

import type { Process } from 'hostcompute';

import { useSimulator } from '../../support/host.js';

describe('Process#close()', () => {
  const bench = useSimulator();

  const calls: Readonly<Record<string, (process: Process) => Promise<unknown>>> = {
    'kill()': (process) => process.kill(),
    "kill('SIGTERM')": (process) => process.kill('SIGTERM'),
    'resizeConsole()': (process) => process.resizeConsole(80, 25),
    'closeStdin()': (process) => process.closeStdin(),
    'properties()': (process) => process.properties(),
  };
  for (const [what, call] of Object.entries(calls)) {
    it(`makes a later ${what} reject with ERR_HC_CLOSED`, async () => {
      const process = await bench.run('sim-sleep');
      await process.close();
      await assert.rejects(call(process), {
        code: 'ERR_HC_CLOSED',
        processId: process.pid,
        message: /: the process is closed$/,
      });
    });

    it(`makes a running ${what} reject with ERR_HC_CLOSED`, async () => {
      const process = await bench.run('sim-sleep');
      const fault = await bench.simulator.inject({ function: 'HcsCloseProcess', block: true });
      const closing = process.close();
      await bench.simulator.reached({ blockedCalls: 1 });
      await assert.rejects(call(process), { code: 'ERR_HC_CLOSED', processId: process.pid });
      await fault.release();
      await closing;
    });
  }

  it('is idempotent', async () => {
    const process = await bench.run('sim-sleep');
    await Promise.all([process.close(), process.close()]);
    await process.close();
    assert.equal((await bench.simulator.state()).Calls['vmcompute.HcsCloseProcess'], 1);
  });

  it('rejects a signal that waits for the kind of the guest', async () => {
    const process = await bench.run('sim-sleep');
    const fault = await bench.simulator.inject({ function: 'HcsGetComputeSystemProperties', block: true });
    const signalled = assert.rejects(process.kill('SIGTERM'), { code: 'ERR_HC_CLOSED' });
    await bench.simulator.reached({ blockedCalls: 1 });
    await process.close();
    await fault.release();
    await signalled;
    assert.equal((await bench.simulator.state()).Calls['vmcompute.HcsSignalProcess'], undefined);
  });
});
