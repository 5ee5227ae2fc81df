import assert from 'node:assert/strict';

import type { ProcessSignal } from 'hostcompute';
import { isAccessDenied } from 'hostcompute';

import { useSimulator } from '../../support/host.js';
import { textOf } from '../../support/text.js';
import { stopTime } from '../../support/time.js';

// How long a notification may take, after a sign that the process has ended, before the host is asked.
const lostExitMs = 1000;

describe('Process#kill()', () => {
  const bench = useSimulator();

  it('terminates the process once, and is idempotent', async () => {
    const process = await bench.run('sim-sleep');
    assert.equal(await process.kill(), true);
    assert.equal(await process.kill(), true);
    assert.equal((await process.exited).exitCode, 1067);
    assert.equal(await process.kill(), true);
    assert.equal((await bench.simulator.state()).Calls['vmcompute.HcsTerminateProcess'], 1);
  });

  it('fulfils with false when the process has already exited', async () => {
    const process = await bench.run('cmd /c ver');
    await process.exited;
    assert.equal(await process.kill(), false);
    assert.equal((await bench.simulator.state()).Calls['vmcompute.HcsTerminateProcess'] ?? 0, 0);
  });

  for (const status of [0xc0370110, 0x80370110, 0x8037011f, 0x80070490, 0xc037010e]) {
    it(`fulfils with false when the host returns 0x${status.toString(16)}`, async () => {
      const process = await bench.run({ command: 'sim-sleep', stdio: 'ignore' });
      await bench.simulator.inject({ function: 'HcsTerminateProcess', status });
      assert.equal(await process.kill(), false);
    });
  }

  it('infers the exit when the process is gone without a notification', async () => {
    const process = await bench.run({ command: 'sim-sleep', stdio: 'ignore' });
    await bench.simulator.inject({ function: 'HcsTerminateProcess', status: 0xc037010e });
    await bench.simulator.inject({ function: 'HcsGetProcessProperties', status: 0x80070490 });
    using time = stopTime();
    assert.equal(await process.kill(), false);
    await time.pass(lostExitMs);
    const { exitCode, inferred, error } = await process.exited;
    assert.deepEqual([exitCode, inferred, error?.code], [null, true, 'ERROR_NOT_FOUND']);
  });

  it('fulfils with false when access is denied to a process that has exited', async () => {
    const process = await bench.run({ command: 'sim-sleep', stdio: 'ignore' });
    await bench.simulator.inject({ function: 'HcsTerminateProcess', status: 0x80070005 });
    const properties = JSON.stringify({ ProcessId: process.pid, Exited: true, ExitCode: 9, LastWaitResult: 0 });
    await bench.simulator.inject({ function: 'HcsGetProcessProperties', properties, count: 0 });
    using time = stopTime();
    assert.equal(await process.kill(), false);
    await time.pass(lostExitMs);
    assert.deepEqual(await process.exited, { exitCode: 9, status: 0, inferred: true });
  });

  it('rejects when access is denied to a running process', async () => {
    const process = await bench.run('sim-sleep');
    await bench.simulator.inject({ function: 'HcsTerminateProcess', status: 0x80070005 });
    await assert.rejects(process.kill(), isAccessDenied);
    assert.equal(await process.kill(), true);
    await process.exited;
  });

  it('is not blocked by a signal call that hangs', async () => {
    const process = await bench.run('sim-sleep');
    const fault = await bench.simulator.inject({ function: 'HcsSignalProcess', block: true });
    const signalled = process.kill('SIGTERM');
    await bench.simulator.reached({ blockedCalls: 1 });
    assert.equal(await process.kill(), true);
    assert.equal((await process.exited).exitCode, 1067);
    await fault.release();
    assert.equal(await signalled, false);
    assert.ok(await bench.simulator.reached({ handles: { system: 1, process: 1 }, callsInside: 0 }));
  });

  it('is not blocked by a hanging signal call that timed out or came from another Process', async () => {
    const process = await bench.run('sim-sleep');
    await using other = await process.system.openProcess(process.pid);
    const fault = await bench.simulator.inject({ function: 'HcsSignalProcess', block: true });
    using time = stopTime();
    const signalled = assert.rejects(other.kill('SIGTERM', { timeoutMs: 100 }), { code: 'ERR_HC_TIMEOUT' });
    await bench.simulator.reached({ blockedCalls: 1 });
    await time.pass(100);
    await signalled;
    const killed = process.kill();
    // What it does not know of it finds out by how long the host takes.
    await time.pass(1000);
    assert.equal(await killed, true);
    assert.equal((await process.exited).exitCode, 1067);
    await fault.release();
    assert.ok(await bench.simulator.reached({ handles: { system: 1, process: 2 }, callsInside: 0 }));
  });

  it('terminates the process after a signal that was aborted before it was sent', async () => {
    const process = await bench.run('sim-sleep');
    await process.system.properties(); // so that the guest is known
    await assert.rejects(process.kill('SIGTERM', { signal: AbortSignal.abort() }), { name: 'AbortError' });
    await bench.simulator.inject({ function: 'HcsOpenComputeSystem', status: 0x80070005 });
    assert.equal(await process.kill(), true);
    assert.equal((await process.exited).exitCode, 1067);
  });

  it('uses the handle of the process when the second handle is refused', async () => {
    const process = await bench.run('sim-sleep');
    await bench.simulator.inject({ function: 'HcsOpenComputeSystem', status: 0x80070005 });
    const fault = await bench.simulator.inject({ function: 'HcsSignalProcess', block: true });
    const signalled = process.kill('SIGTERM');
    await bench.simulator.reached({ blockedCalls: 1 });
    const killed = process.kill();
    await bench.simulator.reached({ callsInside: 2 });
    await fault.release();
    assert.equal(await signalled, true);
    assert.equal(typeof (await killed), 'boolean');
    assert.equal((await process.exited).exitCode, 0xc000013a);
  });

  it('rejects when the process is closed while the second handle is being opened', async () => {
    const process = await bench.run('sim-sleep');
    const signal = await bench.simulator.inject({ function: 'HcsSignalProcess', block: true });
    const open = await bench.simulator.inject({ function: 'HcsOpenComputeSystem', block: true, status: 0x80070005 });
    const signalled = process.kill('SIGTERM').catch(() => undefined);
    await bench.simulator.reached({ blockedCalls: 1 });
    const killed = process.kill();
    await bench.simulator.reached({ blockedCalls: 2 });
    const closed = process.close();
    await open.release();
    await assert.rejects(killed, { code: 'ERR_HC_CLOSED', processId: process.pid });
    await signal.release();
    await Promise.all([signalled, closed]);
  });

  it('applies one deadline to all its steps', async () => {
    const process = await bench.run('sim-sleep');
    const fault = await bench.simulator.inject({ function: 'HcsSignalProcess', block: true });
    const held = await bench.simulator.inject({ function: 'HcsOpenProcess', block: true });
    const signalled = process.kill('SIGTERM');
    await bench.simulator.reached({ blockedCalls: 1 });
    using time = stopTime();
    const killed = assert.rejects(process.kill('SIGKILL', { timeoutMs: 100 }), {
      code: 'ERR_HC_TIMEOUT',
      operation: 'HcsOpenProcess',
    });
    await bench.simulator.reached({ blockedCalls: 2 });
    await time.pass(100);
    await killed;
    await held.clear();
    await fault.release();
    await signalled;
  });

  it('rejects at its deadline when all of its calls hang', async () => {
    const process = await bench.run('sim-sleep');
    const fault = await bench.simulator.inject({ function: 'HcsTerminateProcess', block: true, count: 0 });
    using time = stopTime();
    const killed = assert.rejects(process.kill('SIGKILL', { timeoutMs: 2000 }), {
      code: 'ERR_HC_TIMEOUT',
      processId: process.pid,
    });
    await bench.simulator.reached({ blockedCalls: 1 });
    await time.pass(1000); // so that the other way is tried
    await bench.simulator.reached({ blockedCalls: 2 });
    await time.pass(1000);
    await killed;
    await fault.clear();
    await process.kill();
    assert.equal((await process.exited).exitCode, 1067);
  });

  it('rejects when its signal aborts', async () => {
    const process = await bench.run('sim-sleep');
    const fault = await bench.simulator.inject({ function: 'HcsTerminateProcess', block: true });
    const controller = new AbortController();
    const killed = process.kill('SIGKILL', { signal: controller.signal });
    await bench.simulator.reached({ blockedCalls: 1 });
    controller.abort();
    await assert.rejects(killed, { name: 'AbortError' });
    await fault.release();
    await process.exited;
  });
});

describe('Process#kill() with a signal', () => {
  const bench = useSimulator();

  const windows: readonly [ProcessSignal, number][] = [
    ['CtrlC', 0xc000013a],
    ['CtrlShutdown', 0xc000013a],
    ['SIGINT', 0xc000013a],
    ['SIGTERM', 0xc000013a],
    ['SIGKILL', 1067],
  ];
  for (const [signal, exitCode] of windows) {
    it(`delivers ${signal} to a Windows guest`, async () => {
      const process = await bench.run('sim-sleep');
      assert.equal(await process.kill(signal), true);
      assert.equal((await process.exited).exitCode, exitCode);
    });
  }

  const linux: readonly [ProcessSignal, number][] = [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    [10, 138],
    ['SIGKILL', 1067],
    [9, 1067],
  ];
  for (const [signal, exitCode] of linux) {
    it(`delivers ${signal} to a Linux guest`, async () => {
      const process = await bench.run('sim-sleep', await bench.runningLinux());
      assert.equal(await process.kill(signal), true);
      assert.equal((await process.exited).exitCode, exitCode);
    });
  }

  it('rejects a signal that the guest does not support', async () => {
    const inWindows = await bench.run('sim-sleep');
    const inLinux = await bench.run('sim-sleep', await bench.runningLinux());
    for (const [process, signal] of [
      [inWindows, 'SIGUSR1'],
      [inWindows, 15],
      [inWindows, 'toString'],
      [inLinux, 'CtrlC'],
      [inLinux, 65],
      [inLinux, null],
      [inLinux, { timeoutMs: 5 }],
    ] as const) {
      await assert.rejects(process.kill(signal as ProcessSignal), { code: 'ERR_HC_ARGUMENT', field: 'signal' });
    }
    assert.equal((await bench.simulator.state()).Calls['vmcompute.HcsSignalProcess'] ?? 0, 0);
  });

  for (const status of [0xc0370105, 0xc037010e, 0x80070490]) {
    it(`fulfils with false when the host returns 0x${status.toString(16)}`, async () => {
      const process = await bench.run({ command: 'sim-sleep', stdio: 'ignore' });
      await bench.simulator.inject({ function: 'HcsSignalProcess', status });
      assert.equal(await process.kill('SIGINT'), false);
    });
  }

  it('infers the exit when the process is gone without a notification', async () => {
    const process = await bench.run({ command: 'sim-sleep', stdio: 'ignore' });
    await bench.simulator.inject({ function: 'HcsSignalProcess', status: 0xc0370105 });
    await bench.simulator.inject({ function: 'HcsGetProcessProperties', status: 0x80070490 });
    using time = stopTime();
    assert.equal(await process.kill('SIGINT'), false);
    await time.pass(lostExitMs);
    assert.equal((await process.exited).inferred, true);
  });

  it('rejects for any other failure', async () => {
    const process = await bench.run('sim-sleep');
    await bench.simulator.inject({ function: 'HcsSignalProcess', status: 0x80004005 });
    await assert.rejects(process.kill('SIGINT'), { code: 'E_FAIL', operation: 'HcsSignalProcess' });
    await process.kill();
  });

  it('fulfils with false and makes no call when the process has exited', async () => {
    const process = await bench.run('cmd /c ver');
    await process.exited;
    assert.equal(await process.kill('SIGTERM'), false);
    assert.equal((await bench.simulator.state()).Calls['vmcompute.HcsSignalProcess'] ?? 0, 0);
  });
});

describe('Process#resizeConsole()', () => {
  const bench = useSimulator();

  it('changes the console size that the process sees', async () => {
    const process = await bench.run({ command: 'cmd', tty: { rows: 30, columns: 100 } });
    await process.resizeConsole(132, 50);
    process.stdin!.end('mode con\r\nexit\r\n');
    const text = await textOf(process.stdout);
    assert.match(text, /Lines:\s+50/);
    assert.match(text, /Columns:\s+132/);
  });

  it('rejects a size outside the range of HCS', async () => {
    const process = await bench.run('sim-sleep');
    await assert.rejects(process.resizeConsole(0, 25), { code: 'ERR_HC_ARGUMENT', field: 'columns' });
    await assert.rejects(process.resizeConsole(80, 65_536), { code: 'ERR_HC_ARGUMENT', field: 'rows' });
    await process.kill();
  });
});
