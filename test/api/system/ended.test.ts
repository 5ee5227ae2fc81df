import assert from 'node:assert/strict';

import type { ComputeSystem, Process } from 'hostcompute';

import { useSimulator } from '../../support/host.js';

const program = { command: 'cmd', tty: true } as const;

/** What each method of a process does after its end: what it fulfils with, or the code that it rejects with. */
const ofProcess: Readonly<Record<string, readonly [call: (process: Process) => Promise<unknown>, outcome: unknown]>> = {
  'kill()': [(process) => process.kill(), false],
  "kill('SIGTERM')": [(process) => process.kill('SIGTERM'), false],
  "kill('CtrlC')": [(process) => process.kill('CtrlC'), false],
  'resizeConsole()': [(process) => process.resizeConsole(80, 25), false],
  'closeStdin()': [(process) => process.closeStdin(), undefined],
  'properties()': [async (process) => (await process.properties()).Exited, true],
  'stdin.write()': [(process) => written(process, 'write'), 'ERR_STREAM_DESTROYED'],
  'stdin.end()': [(process) => written(process, 'end'), 'ERR_STREAM_DESTROYED'],
  'close()': [(process) => process.close(), undefined],
};

/** The same of a system. */
const ofSystem: Readonly<
  Record<string, readonly [call: (system: ComputeSystem) => Promise<unknown>, outcome: unknown]>
> = {
  'shutdown()': [(system) => system.shutdown(), undefined],
  'terminate()': [(system) => system.terminate(), undefined],
  'stop()': [(system) => system.stop(), 'stopped'],
  'properties()': [async (system) => (await system.properties()).State, 'Stopped'],
  'processes()': [(system) => system.processes(), []],
  'start()': [(system) => system.start(), 'HCS_E_INVALID_STATE'],
  'pause()': [(system) => system.pause(), 'HCS_E_INVALID_STATE'],
  'resume()': [(system) => system.resume(), 'HCS_E_INVALID_STATE'],
  'save()': [(system) => system.save(), 'HCS_E_INVALID_STATE'],
  'modify()': [
    (system) => system.modify({ ResourcePath: 'Container/Memory/SizeInMB', RequestType: 'Update', Settings: 512 }),
    'HCS_E_INVALID_STATE',
  ],
  'createProcess()': [(system) => system.createProcess('cmd'), 'HCS_E_INVALID_STATE'],
  'exec()': [(system) => system.exec('cmd'), 'HCS_E_INVALID_STATE'],
  'openProcess()': [(system) => system.openProcess(4), 'ERROR_NOT_FOUND'],
  'close()': [(system) => system.close(), undefined],
};

function written(process: Process, method: 'write' | 'end'): Promise<unknown> {
  return new Promise((resolve) => process.stdin![method]('x', (error?: Error | null) => resolve(codeOf(error))));
}

function codeOf(error: unknown): unknown {
  return (error as { code?: string } | null | undefined)?.code;
}

/** The ways in which a process ends. */
const ends: Readonly<Record<string, (process: Process) => Promise<unknown>>> = {
  'it has exited': (process) => Promise.resolve(process.stdin?.write('exit\r\n')),
  'its system has ended': (process) => process.system.terminate(),
};

describe('After the end of a process or system', () => {
  const bench = useSimulator();

  for (const [how, end] of Object.entries(ends)) {
    for (const [method, [call, outcome]] of Object.entries(ofProcess)) {
      it(`Process#${method} has its documented outcome: ${how}`, async () => {
        const process = await bench.run(program);
        await end(process);
        await process.exited;
        assert.deepEqual(await call(process).catch(codeOf), outcome);
      });
    }
  }

  for (const [method, [call, outcome]] of Object.entries(ofProcess)) {
    if (method.startsWith('stdin') || method === 'closeStdin()') continue; // they go by the exit
    it(`Process#${method} has its documented outcome before the exit notification`, async () => {
      const process = await bench.run(program);
      const { system, pid } = process;
      await bench.simulator.inject({ function: 'HcsTerminateProcess', loseExit: true });
      await process.kill();
      const other = await system.openProcess(pid).catch(() => undefined);
      assert.equal(other, undefined);
      const expected = method === 'kill()' ? true : outcome; // it has been killed by this very call
      assert.deepEqual(await call(process).catch(codeOf), expected);
    });
  }

  for (const [method, [call, outcome]] of Object.entries(ofSystem)) {
    const what = typeof outcome === 'string' && outcome !== 'stopped' && outcome !== 'Stopped' ? 'rejects' : 'fulfils';
    it(`ComputeSystem#${method} ${what}`, async () => {
      const system = await bench.running();
      await system.terminate();
      await system.exited;
      assert.deepEqual(await call(system).catch(codeOf), outcome);
    });
  }

  it('resizeConsole() fulfils with false when the host no longer knows the process', async () => {
    for (const status of [0x8037011f, 0x80070490, 0xc037010e]) {
      const process = await bench.run(program);
      await bench.simulator.inject({ function: 'HcsModifyProcess', status });
      assert.equal(await process.resizeConsole(80, 25), false);
      await process.kill();
      await process.exited;
    }
  });

  it('resizeConsole() rejects for a paused system', async () => {
    const process = await bench.run(program);
    await bench.simulator.inject({ function: 'HcsModifyProcess', status: 0xc0370105 });
    await assert.rejects(process.resizeConsole(80, 25), { code: 'HCS_E_INVALID_STATE' });
    await process.kill();
  });

  it('properties() returns the exit when the host no longer knows the process', async () => {
    const process = await bench.run('cmd /c exit 7');
    await process.exited;
    await bench.simulator.inject({ function: 'HcsGetProcessProperties', status: 0x80070490 });
    assert.deepEqual(await process.properties(), {
      ProcessId: process.pid,
      Exited: true,
      ExitCode: 7,
      LastWaitResult: 0,
    });
  });

  it('writing to stdin emits no error', async () => {
    const process = await bench.run('cmd /c exit 0');
    const errors: unknown[] = [];
    process.stdin!.on('error', (error) => errors.push(error));
    await process.exited;
    process.stdin!.write('late');
    process.stdin!.end('later');
    await process.close();
    assert.deepEqual(errors, []);
  });
});
