import assert from 'node:assert/strict';

import type { OperationOptions, Process } from 'hostcompute';
import type { CompletionStyle, FaultRule } from 'hostcompute/simulator';

import { onComputecore } from '../support/api.js';
import { useSimulator } from '../support/host.js';
import { textOf } from '../support/text.js';

const styles: readonly CompletionStyle[] = ['pending', 'now', 'early'];

const calls: readonly [
  FaultRule['function'],
  string,
  (process: Process, options?: OperationOptions) => Promise<unknown>,
][] = [
  ['HcsTerminateProcess', 'kill', (process, options) => process.kill('SIGKILL', options)],
  ['HcsSignalProcess', 'signal', (process, options) => process.kill('SIGTERM', options)],
  ['HcsModifyProcess', 'resizeConsole', (process, options) => process.resizeConsole(80, 25, options)],
  ['HcsModifyProcess', 'closeStdin', (process, options) => process.closeStdin(options)],
  ['HcsGetProcessProperties', 'properties', (process, options) => process.properties(options)],
];

describe('Processes', () => {
  const bench = useSimulator();

  for (const completion of styles) {
    describe(`on a host that completes ${completion}`, () => {
      beforeEach(() => bench.simulator.configure({ completion }));

      it('run, write output, and exit with their exit code', async () => {
        const process = await bench.run('cmd /c echo %OS%& exit 3');
        assert.equal(await textOf(process.stdout), 'Windows_NT\r\n');
        assert.equal((await process.exited).exitCode, 3);
      });

      it('run with exec()', async () => {
        const system = await bench.running();
        const { exitCode, stdout } = await system.exec('cmd /c echo %OS%& exit 3');
        assert.deepEqual([exitCode, stdout], [3, 'Windows_NT\r\n']);
        await assert.rejects(system.exec('sim-flood 100', { maxBuffer: 10 }), { code: 'ERR_HC_MAX_BUFFER' });
        assert.ok(await bench.simulator.reached({ handles: { process: 0 }, programs: 0, callsInside: 0 }));
      });

      it('can be killed', async () => {
        const process = await bench.run('sim-sleep');
        assert.equal(await process.kill(), true);
        assert.equal((await process.exited).exitCode, 1067);
      });

      it('exit before their system does', async () => {
        const process = await bench.run('sim-cat');
        await process.system.terminate();
        assert.equal((await process.exited).exitCode, 1067);
        assert.equal(await textOf(process.stdout), '');
      });
    });
  }

  describe('on a host that fails synchronously', () => {
    const status = 0x800705aa;
    const result = JSON.stringify({ Error: status | 0, ErrorEvents: [{ Message: 'out of something' }] });

    for (const [name, verb, call] of calls) {
      it(`reject ${verb}() with the status and result document`, async () => {
        const process = await bench.run({ command: 'sim-sleep', stdio: 'ignore' });
        await bench.simulator.inject({ function: name, status, result });
        await assert.rejects(call(process), {
          name: 'HcsError',
          code: 'ERROR_NO_SYSTEM_RESOURCES',
          status,
          operation: name,
          systemId: process.system.id,
          processId: process.pid,
          events: [{ Message: 'out of something' }],
        });
        await process.kill();
      });
    }

    for (const name of ['HcsCreateProcess', 'HcsOpenProcess'] as const) {
      it(`reject ${name} and leave nothing behind`, async () => {
        const system = await bench.running();
        // That of computecore.dll returns no document.
        const isBare = onComputecore && name === 'HcsOpenProcess';
        await bench.simulator.inject({ function: name, status, ...(!isBare && { result }) });
        const opened = name === 'HcsOpenProcess' ? system.openProcess(4) : system.createProcess({ command: 'sim-cat' });
        await assert.rejects(opened, { code: 'ERROR_NO_SYSTEM_RESOURCES', operation: name, systemId: system.id });
        assert.ok(await bench.simulator.reached({ handles: { process: 0 }, pipes: 0, programs: 0 }));
      });
    }
  });

  describe('on a host that hangs', () => {
    for (const [name, verb, call] of calls) {
      it(`reject ${verb}() when aborted, and do not affect other processes`, async () => {
        const process = await bench.run({ command: 'sim-sleep', stdio: 'ignore' });
        const fault = await bench.simulator.inject({ function: name, block: true, count: 0 });
        const controller = new AbortController();
        const called = call(process, { signal: controller.signal });
        await bench.simulator.reached({ blockedCalls: 1 });
        const other = await bench.run('cmd /c echo fine', process.system);
        assert.equal(await textOf(other.stdout), 'fine\r\n');
        controller.abort();
        await assert.rejects(called, { name: 'AbortError', processId: process.pid });
        await fault.clear();
        await process.kill();
        await process.exited;
      });
    }
  });
});
