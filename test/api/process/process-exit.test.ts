import assert from 'node:assert/strict';
import { once } from 'node:events';

import type { Process, ProcessExit } from 'hostcompute';

import { useSimulator } from '../../support/host.js';
import { textOf } from '../../support/text.js';
import { stopTime } from '../../support/time.js';

const processExited = 0x00010000;
// How long a notification may take, after a sign that the process has ended, before the host is asked.
const lostExitMs = 1000;

describe('Process#exited', () => {
  const bench = useSimulator();

  for (const [command, exitCode] of [
    ['cmd /c ver', 0],
    ['cmd /c exit 3', 3],
    ['sim-crash 0xC0000005', 0xc0000005],
    ['sim-crash 4294967295', 4294967295],
  ] as const) {
    it(`reports the exit code of "${command}": ${exitCode}`, async () => {
      const process = await bench.run(command);
      assert.deepEqual(await process.exited, { exitCode, status: 0 });
      assert.deepEqual(await process.exited, { exitCode, status: 0 });
      assert.equal((await process.properties()).ExitCode, exitCode);
    });
  }

  it('emits exit, then close, with the same exit', async () => {
    const process = await bench.run('cmd /c echo x');
    const events: [string, ProcessExit | undefined][] = [];
    process.on('exit', (exit) => events.push(['exit', exit]));
    process.on('close', (exit) => events.push(['close', exit]));
    process.stdout!.resume();
    await once(process, 'close');
    const exit = await process.exited;
    assert.deepEqual(events, [
      ['exit', exit],
      ['close', exit],
    ]);
  });

  it('is known when the process exits before the callback is registered', async () => {
    const system = await bench.running();
    const fault = await bench.simulator.inject({ function: 'HcsRegisterProcessCallback', block: true });
    const made = system.createProcess({ command: 'cmd /c exit 7' });
    await bench.simulator.reached({ blockedCalls: 1, programs: 0 });
    await fault.release();
    await using process = await made;
    assert.equal((await process.exited).exitCode, 7);
  });

  for (const data of ['', '{"ProcessId":', 'null', '{"Exited":false}', '{"Exited":true,"ExitCode":"7"}']) {
    it(`queries the host when the notification has ${JSON.stringify(data)}`, async () => {
      const system = await bench.running();
      const process = await bench.run('sim-sleep', system);
      await bench.simulator.inject({ function: 'HcsTerminateProcess', completionData: data });
      await process.kill();
      const { exitCode, status } = await process.exited;
      assert.deepEqual([exitCode, status], [1067, 0]);
      assert.ok((await bench.simulator.state()).Calls['vmcompute.HcsGetProcessProperties']! >= 1);
    });
  }

  it('has exitCode null when the host cannot report it either', async () => {
    const process = await bench.run('sim-sleep');
    await bench.simulator.inject({ function: 'HcsTerminateProcess', completionData: '' });
    await bench.simulator.inject({ function: 'HcsGetProcessProperties', status: 0x80070490 });
    await process.kill();
    const { exitCode, error } = await process.exited;
    assert.equal(exitCode, null);
    assert.equal(error?.code, 'ERROR_NOT_FOUND');
    assert.equal(error.processId, process.pid);
  });

  it('does not use an exit code whose wait failed', async () => {
    const process = await bench.run('sim-sleep');
    const { system, pid } = process;
    await bench.simulator.exit(system.id, { process: pid, exitCode: 5, lastWaitResult: 0x80004005 });
    const { exitCode, error } = await process.exited;
    assert.equal(exitCode, null);
    assert.equal(error?.code, 'E_FAIL');
  });

  it('is inferred when the notification is lost and the output has ended', async () => {
    const system = await bench.running();
    await bench.simulator.inject({ function: 'HcsCreateProcess', loseExit: true });
    using time = stopTime();
    const process = await bench.run('cmd /c echo x& exit 4', system);
    assert.equal(await textOf(process.stdout), 'x\r\n');
    process.stderr!.resume();
    await time.pass(lostExitMs);
    assert.deepEqual(await process.exited, { exitCode: 4, status: 0, inferred: true });
  });

  it('is inferred when the notification is lost after kill()', async () => {
    const process = await bench.run({ command: 'sim-sleep', stdio: 'ignore' });
    await bench.simulator.inject({ function: 'HcsTerminateProcess', loseExit: true });
    using time = stopTime();
    assert.equal(await process.kill(), true);
    await time.pass(lostExitMs);
    assert.deepEqual(await process.exited, { exitCode: 1067, status: 0, inferred: true });
  });

  it('is inferred when the host no longer knows the process', async () => {
    const process = await bench.run({ command: 'sim-sleep', stdio: 'ignore' });
    await bench.simulator.inject({ function: 'HcsTerminateProcess', loseExit: true });
    await bench.simulator.inject({ function: 'HcsGetProcessProperties', status: 0xc037010e, count: 0 });
    using time = stopTime();
    await process.kill();
    await time.pass(lostExitMs);
    const { exitCode, inferred, error } = await process.exited;
    assert.deepEqual([exitCode, inferred, error?.code], [null, true, 'HCS_E_SYSTEM_NOT_FOUND']);
  });

  it('is not inferred from the end of the output alone', async () => {
    const process = await bench.run('sim-sleep');
    using time = stopTime();
    process.stdout!.destroy();
    process.stderr!.destroy();
    await bench.simulator.reached({ pipes: 3 });
    const told = once(process, 'notification');
    // The host is asked, says that it runs, and is asked again, twice as late each time.
    for (const [before, ms] of [lostExitMs, 2 * lostExitMs].entries()) {
      assert.equal((await bench.simulator.state()).Calls['vmcompute.HcsGetProcessProperties'] ?? 0, before);
      await time.pass(ms);
      await bench.simulator.reached({ callsInside: 0 });
    }
    await process.kill();
    await told;
    const { exitCode, status } = await process.exited;
    assert.deepEqual([exitCode, status], [1067, 0]);
  });

  it('settles when the system exits, before the exit of the system', async () => {
    const system = await bench.running();
    const process = await bench.run('sim-sleep', system);
    const order: string[] = [];
    process.on('exit', () => order.push('process'));
    system.on('exit', () => order.push('system'));
    await system.terminate();
    await Promise.all([process.exited, system.exited]);
    assert.deepEqual(order, ['process', 'system']);
  });

  it('is inferred from the exit of the system when the host sends no notification', async () => {
    const system = await bench.running();
    await bench.simulator.inject({ function: 'HcsCreateProcess', loseExit: true });
    const process = await bench.run({ command: 'sim-sleep', stdio: 'ignore' }, system);
    using time = stopTime();
    await system.terminate();
    await time.pass(lostExitMs);
    const exit = await process.exited;
    assert.equal(exit.inferred, true);
  });

  it('is inferred from a system that exits while the process is being created', async () => {
    const system = await bench.running();
    await bench.simulator.inject({ function: 'HcsCreateProcess', loseExit: true });
    const fault = await bench.simulator.inject({ function: 'HcsRegisterProcessCallback', block: true });
    const made = system.createProcess({ command: 'sim-sleep', stdio: 'ignore' });
    await bench.simulator.reached({ blockedCalls: 1 });
    await system.terminate();
    await system.exited;
    using time = stopTime();
    await fault.release();
    await using process = await made;
    await time.pass(lostExitMs);
    assert.equal((await process.exited).inferred, true);
  });

  it('settles when the process is closed while the host is queried', async () => {
    const process = await bench.run('sim-sleep');
    await bench.simulator.inject({ function: 'HcsTerminateProcess', completionData: '' });
    const fault = await bench.simulator.inject({ function: 'HcsGetProcessProperties', block: true });
    await process.kill();
    await bench.simulator.reached({ blockedCalls: 1 });
    const closed = process.close();
    const { exitCode, error } = await process.exited;
    assert.deepEqual([exitCode, error?.code], [null, 'ERR_HC_DOCUMENT']);
    await fault.release();
    await closed;
  });

  it('rejects when the service disconnects', async () => {
    const process = await bench.run('sim-sleep');
    const disconnected = once(process, 'disconnect');
    const closed = once(process, 'close');
    await bench.simulator.disconnect();
    await assert.rejects(process.exited, { code: 'HCS_E_SERVICE_DISCONNECT', processId: process.pid });
    await disconnected;
    assert.deepEqual(await closed, [undefined]);
    await bench.simulator.reconnect();
  });

  it('rejects when the process is closed first, and keeps an exit that came before', async () => {
    const process = await bench.run('sim-sleep');
    const exited = assert.rejects(process.exited, { code: 'ERR_HC_CLOSED', processId: process.pid });
    await process.close();
    await exited;
    const other = await bench.run('cmd /c exit 2');
    await other.exited;
    await other.close();
    assert.equal((await other.exited).exitCode, 2);
  });

  it('is emitted once, however often the host reports it', async () => {
    const process = await bench.run('sim-sleep');
    let exits = 0;
    process.on('exit', () => exits++);
    const { system, pid } = process;
    await bench.simulator.inject({ function: 'HcsTerminateProcess', completion: 'twice' });
    await process.kill();
    await process.exited;
    await bench.simulator.notify({ system: system.id, process: pid, type: processExited, status: 0 });
    await bench.simulator.reached({ undelivered: 0 });
    await bench.simulator.state();
    assert.equal(exits, 1);
  });

  it('settles in every Process object of one process', async () => {
    const created = await bench.run('sim-sleep');
    const others = await Promise.all(Array.from({ length: 5 }, () => created.system.openProcess(created.pid)));
    await created.kill();
    const exits = await Promise.all([created, ...others].map((process) => process.exited));
    assert.deepEqual(new Set(exits.map(({ exitCode }) => exitCode)), new Set([1067]));
    await Promise.all(others.map((process) => process.close()));
  });

  const methods = {
    kill: (process: Process) => process.kill(),
    signal: (process: Process) => process.kill('SIGTERM'),
    resizeConsole: (process: Process) => process.resizeConsole(80, 25),
    closeStdin: (process: Process) => process.closeStdin(),
    properties: (process: Process) => process.properties(),
  };
  for (const [name, call] of Object.entries(methods)) {
    it(`makes ${name}() reject with ERR_HC_CLOSED after close()`, async () => {
      const process = await bench.run('sim-sleep');
      await process.close();
      await process.close();
      await assert.rejects(call(process), {
        code: 'ERR_HC_CLOSED',
        processId: process.pid,
        systemId: process.system.id,
      });
    });
  }
});
