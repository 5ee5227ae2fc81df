import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';

import type { HcsMaxBufferError } from 'hostcompute';
import { ComputeSystem, HcsArgumentError, Host, isServiceGone } from 'hostcompute';

import { eventually } from '../../support/eventually.js';
import { useSimulator } from '../../support/host.js';

// A pipe is closed a turn of the event loop after its stream is destroyed.
async function ledgerIsEmpty(host: Host): Promise<void> {
  const counts = (): readonly number[] => {
    const { processes, streams, callsInFlight } = host.ledger();
    return [processes, streams, callsInFlight];
  };
  await eventually(setImmediate, () => counts().every((count) => count === 0));
  assert.deepEqual(counts(), [0, 0, 0]);
}

describe('ComputeSystem#exec()', () => {
  const bench = useSimulator();
  const exec = (system: ComputeSystem, args: readonly unknown[]): Promise<unknown> =>
    system.exec(...(args as [string]));
  const nothingLeft = async (system: ComputeSystem): Promise<void> => {
    const none = { handles: { process: 0 }, callsInside: 0, pipes: 0, programs: 0 };
    assert.ok(await bench.simulator.reached(none), JSON.stringify(await bench.simulator.state()));
    assert.ok(await bench.noneStuck());
    assert.deepEqual(await system.processes(), []);
    await ledgerIsEmpty(bench.simulator.host);
  };

  const forms: readonly (readonly [string, readonly unknown[]])[] = [
    ['a command line', ['cmd /c echo out&echo err>&2&exit 3']],
    ['a program and its arguments', ['cmd', ['/c', 'echo', 'out&echo', 'err>&2&exit', '3'], {}]],
    ['an object', [{ command: 'cmd /c echo out&echo err>&2&exit 3', timeoutMs: 5000 }]],
    ['a document of HCS', [{ CommandLine: 'cmd /c echo out&echo err>&2&exit 3' }, { encoding: 'latin1' }]],
    ['JSON text', ['{"CommandLine":"cmd /c echo out&echo err>&2&exit 3"}']],
  ];
  for (const [what, args] of forms) {
    it(`runs ${what} and returns its exit code and output`, async () => {
      const system = await bench.running();
      assert.deepEqual(await exec(system, args), { exitCode: 3, stdout: 'out\r\n', stderr: 'err\r\n' });
      await nothingLeft(system);
    });
  }

  it('returns Buffers on request', async () => {
    const system = await bench.running();
    const { stdout, stderr } = await system.exec('cmd /c echo out', { encoding: 'buffer' });
    assert.ok(Buffer.isBuffer(stdout) && Buffer.isBuffer(stderr));
    assert.deepEqual([stdout.toString(), stderr.length], ['out\r\n', 0]);
  });

  for (const input of ['héllo', Buffer.from('héllo')]) {
    it(`passes ${typeof input === 'string' ? 'text' : 'bytes'} as input`, async () => {
      const system = await bench.running();
      const { exitCode, stdout } = await system.exec({ command: 'sim-cat', input });
      assert.deepEqual([exitCode, stdout], [0, 'héllo']);
      await nothingLeft(system);
    });
  }

  it('ignores that the process does not read its input', async () => {
    const system = await bench.running();
    const { stdout } = await system.exec('cmd /c echo out', { input: Buffer.alloc(4 * 1024 * 1024) });
    assert.equal(stdout, 'out\r\n');
    await nothingLeft(system);
  });

  it('creates no stdin when there is no input', async () => {
    const system = await bench.running();
    assert.equal((await system.exec('sim-cat')).stdout, '');
  });

  it('returns all output of a console as stdout', async () => {
    const system = await bench.running();
    const { stdout, stderr } = await system.exec('cmd /c echo out&echo err>&2', { tty: true });
    assert.match(stdout, /out[^]*err/);
    assert.equal(stderr, '');
  });

  for (const [stream, command] of [
    ['stdout', 'cmd /c echo 1234&sim-sleep'],
    ['stderr', 'cmd /c echo 1234>&2&sim-sleep'],
  ] as const) {
    it(`kills a process that writes more to ${stream} than maxBuffer`, async () => {
      const system = await bench.running();
      await assert.rejects(system.exec(command, { maxBuffer: 5 }), (error: HcsMaxBufferError) => {
        assert.equal(error.name, 'HcsMaxBufferError');
        assert.equal(error.code, 'ERR_HC_MAX_BUFFER');
        assert.deepEqual([error.stream, error.maxBuffer, error.systemId], [stream, 5, system.id]);
        assert.ok(error.processId! > 0);
        return true;
      });
      await nothingLeft(system);
    });
  }

  it('accepts output of exactly maxBuffer', async () => {
    const system = await bench.running();
    const { stdout } = await system.exec('cmd /c echo 1234', { maxBuffer: 6 });
    assert.equal(stdout, '1234\r\n');
  });

  const steps = [
    ['HcsGetComputeSystemProperties', 'sim-sleep'],
    ['HcsCreateProcess', 'sim-sleep'],
    ['HcsRegisterProcessCallback', 'sim-sleep'],
    ['HcsUnregisterProcessCallback', 'hostname'],
    ['HcsCloseProcess', 'hostname'],
  ] as const;
  for (const [held, file] of steps) {
    for (const [how, name] of [
      ['cancelled', 'AbortError'],
      ['timed out', 'TimeoutError'],
    ] as const) {
      it(`leaves nothing behind when it is ${how} inside ${held}`, async () => {
        const system = await bench.running();
        const fault = await bench.simulator.inject({ function: held, block: true });
        const controller = new AbortController();
        const limit = how === 'cancelled' ? { signal: controller.signal } : { timeoutMs: 300 };
        const run = assert.rejects(system.exec(file, [], limit), { name });
        await bench.simulator.reached({ blockedCalls: 1 });
        controller.abort();
        await run;
        await fault.release();
        await nothingLeft(system);
      });
    }
  }

  for (const [how, name] of [
    ['cancelled', 'AbortError'],
    ['timed out', 'TimeoutError'],
  ] as const) {
    it(`kills a running process when it is ${how}`, async () => {
      const system = await bench.running();
      const controller = new AbortController();
      const limit = how === 'cancelled' ? { signal: controller.signal } : { timeoutMs: 300 };
      const run = assert.rejects(system.exec('sim-sleep', limit), { name, operation: 'exec', systemId: system.id });
      await bench.simulator.reached({ programs: 1, handles: { process: 1 }, callsInside: 0 });
      await eventually(setImmediate, () => bench.simulator.host.ledger().processes === 1);
      controller.abort();
      await run;
      await nothingLeft(system);
    });
  }

  it('makes no call when its signal is already aborted', async () => {
    const system = await bench.running();
    await assert.rejects(system.exec('cmd', { signal: AbortSignal.abort() }), { name: 'AbortError' });
    assert.equal((await bench.simulator.state()).Calls['vmcompute.HcsCreateProcess'] ?? 0, 0);
  });

  it('rejects like createProcess() when the process cannot be created', async () => {
    const system = await bench.running();
    await assert.rejects(system.exec('no-such.exe'), { operation: 'HcsCreateProcess' });
    await nothingLeft(system);
  });

  it('rejects when the service disconnects', async () => {
    const system = await bench.running();
    const run = assert.rejects(system.exec('sim-sleep'), isServiceGone);
    await bench.simulator.reached({ programs: 1, handles: { process: 1 }, callsInside: 0 });
    await system.properties();
    await bench.simulator.disconnect();
    await run;
    await ledgerIsEmpty(bench.simulator.host);
  });

  it('rejects when the system is closed', async () => {
    const system = await bench.running();
    await system.close();
    await assert.rejects(system.exec('cmd /c ver'), { code: 'ERR_HC_CLOSED' });
  });

  it('rejects when the host is closed', async () => {
    const host = await Host.open('simulated');
    const system = await ComputeSystem.open((await bench.running()).id, { host });
    const run = assert.rejects(system.exec('sim-sleep'), { code: 'ERR_HC_CLOSED' });
    await bench.simulator.reached({ programs: 1, handles: { process: 1 }, callsInside: 0 });
    await system.properties();
    await host.close();
    await run;
    await ledgerIsEmpty(host);
  });

  const refused: readonly (readonly [string, readonly unknown[], string])[] = [
    ['modes of streams', ['cmd', { stdio: 'pipe' }], 'options.stdio'],
    ['modes of streams in an object', [{ command: 'cmd', stdio: 'pipe' }], 'parameters.stdio'],
    ['an unknown encoding', ['cmd', [], { encoding: 'klingon' }], 'options.encoding'],
    ['a negative maxBuffer', [{ command: 'cmd', maxBuffer: -1 }], 'parameters.maxBuffer'],
    ['a maxBuffer that is NaN', ['cmd', { maxBuffer: NaN }], 'options.maxBuffer'],
    ['input that is a number', ['cmd', { input: 5 }], 'options.input'],
    ['text that is not JSON', ['{"CommandLine":'], 'parameters'],
    ['an unknown option', ['cmd', { timeout: 5 }], 'options.timeout'],
  ];
  for (const [what, args, field] of refused) {
    it(`rejects ${what}, naming ${field}`, async () => {
      const system = await bench.running();
      await assert.rejects(exec(system, args), (error) => {
        assert.ok(error instanceof HcsArgumentError, String(error));
        assert.equal(error.field, field);
        return true;
      });
      assert.equal((await bench.simulator.state()).Calls['vmcompute.HcsCreateProcess'] ?? 0, 0);
    });
  }
});
