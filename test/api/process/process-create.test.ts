import assert from 'node:assert/strict';

import type { ProcessCommand, HcsError } from 'hostcompute';
import { HcsArgumentError, isInvalidState, isNotFound } from 'hostcompute';

import { useSimulator } from '../../support/host.js';
import { textOf } from '../../support/text.js';

/** What `sim-report` prints. */
interface Report {
  readonly Arguments: readonly string[];
  readonly Environment: Readonly<Record<string, string>>;
  readonly WorkingDirectory: string;
  readonly User: string;
  readonly ConsoleSize: { readonly Height: number; readonly Width: number };
  readonly EmulateConsole: boolean;
}

describe('ComputeSystem#createProcess()', () => {
  const bench = useSimulator();

  const report = async (command: ProcessCommand): Promise<Report> => {
    const process = await bench.run(command);
    return JSON.parse(await textOf(process.stdout)) as Report;
  };

  it('passes a command line unchanged', async () => {
    const process = await bench.run('cmd /c echo one two&&echo three');
    assert.equal(await textOf(process.stdout), 'one two\r\nthree\r\n');
    assert.equal((await process.exited).exitCode, 0);
    assert.ok(process.pid > 0);
  });

  it('accepts an HCS document and its JSON text', async () => {
    const system = await bench.running();
    const parameters = { CommandLine: 'cmd /c echo %A%', Environment: { A: 'b' }, CreateStdOutPipe: true };
    for (const given of [parameters, JSON.stringify(parameters)]) {
      await using process = await system.createProcess(given);
      assert.equal(await textOf(process.stdout), 'b\r\n');
      assert.deepEqual([process.stdin, process.stderr], [null, null]);
    }
  });

  it('passes a variable of any name', async () => {
    const env = JSON.parse('{"__proto__":"x","constructor":"y"}') as Record<string, string>;
    const { Environment } = await report({ command: 'sim-report', env });
    assert.ok(Object.hasOwn(Environment, '__proto__'));
    assert.equal(Environment.constructor, 'y');
  });

  const trickyArguments = [
    '',
    ' ',
    'a b',
    '"',
    'a"b c',
    '\\',
    'a\\',
    'a b\\',
    '\\"',
    '\\\\"x y\\\\',
    '%A%',
    '^&|<>',
    'ü漢😀',
  ];

  it('quotes an argument list so that the program receives the same arguments', async () => {
    const process = await bench.run({ command: ['sim-args', ...trickyArguments] });
    const lines = (await textOf(process.stdout)).trimEnd().split(/\r?\n/);
    assert.deepEqual(
      lines.map((line) => JSON.parse(line) as string),
      ['sim-args', ...trickyArguments],
    );
  });

  it('passes an argument list to a Linux guest as separate arguments', async () => {
    const process = await bench.run({ command: ['sim-args', ...trickyArguments] }, await bench.runningLinux());
    const lines = (await textOf(process.stdout)).trimEnd().split('\n');
    assert.deepEqual(
      lines.map((line) => JSON.parse(line) as string),
      ['sim-args', ...trickyArguments],
    );
  });

  it('passes the environment, working directory, user and console to the process', async () => {
    const { Environment, WorkingDirectory, User, ConsoleSize, EmulateConsole } = await report({
      command: 'sim-report',
      cwd: 'C:\\work',
      env: { GREETING: 'grüß dich', LEFT_OUT: undefined },
      user: 'ContainerUser',
      tty: { rows: 40, columns: 132 },
    });
    assert.equal(Environment.GREETING, 'grüß dich');
    assert.ok(!('LEFT_OUT' in Environment));
    assert.equal(WorkingDirectory, 'C:\\work');
    assert.equal(User, 'ContainerUser');
    assert.deepEqual(ConsoleSize, { Height: 40, Width: 132 });
    assert.equal(EmulateConsole, true);
  });

  it('creates only the requested streams', async () => {
    const system = await bench.running();
    const present = async (command: ProcessCommand): Promise<boolean[]> => {
      const { stdin, stdout, stderr } = await bench.run(command, system);
      return [stdin !== null, stdout !== null, stderr !== null];
    };
    const command = 'sim-sleep 0';
    assert.deepEqual(await present({ command }), [true, true, true]);
    assert.deepEqual(await present({ command, stdio: 'ignore' }), [false, false, false]);
    assert.deepEqual(await present({ command, stdio: ['ignore', 'pipe', 'ignore'] }), [false, true, false]);
    assert.deepEqual(await present({ command, stdio: ['ignore'] }), [false, true, true]);
    assert.deepEqual(await present({ command, tty: true }), [true, true, false]);
  });

  it('rejects with the name of a program that does not exist', async () => {
    const system = await bench.running();
    await assert.rejects(system.createProcess({ command: 'no-such.exe -x' }), (error: HcsError) => {
      assert.equal(error.code, 'ERROR_FILE_NOT_FOUND');
      assert.equal(error.status, 0x80070002);
      assert.equal(error.systemId, system.id);
      assert.match(error.events[0]?.Message ?? '', /no-such\.exe/);
      return true;
    });
  });

  it('rejects for a system that is not running and for a closed system', async () => {
    const system = await bench.create();
    await assert.rejects(system.createProcess({ command: 'cmd /c ver' }), isInvalidState);
    await system.close();
    await assert.rejects(system.createProcess({ command: 'cmd /c ver' }), { code: 'ERR_HC_CLOSED' });
  });

  const refused: readonly [string, unknown, string][] = [
    ['nothing', undefined, 'parameters'],
    ['an empty command', { command: ' ' }, 'parameters.command'],
    ['an empty list', { command: [] }, 'parameters.command'],
    ['a number as argument', { command: ['a', 1] }, 'parameters.command[1]'],
    ['a NUL in the command', { command: 'a\0b' }, 'parameters.command'],
    ['an unknown member', { command: 'a', workingDirectory: 'b' }, 'parameters.workingDirectory'],
    ['HCS members beside a command', { command: 'a', CommandLine: 'b' }, 'parameters.CommandLine'],
    ['an empty directory', { command: 'a', cwd: '' }, 'parameters.cwd'],
    ['an environment that is a list', { command: 'a', env: ['A=b'] }, 'parameters.env'],
    ['a variable that is not a string', { command: 'a', env: { A: 1 } }, 'parameters.env.A'],
    ['a variable with "=" in its name', { command: 'a', env: { 'A=B': 'c' } }, 'parameters.env["A=B"]'],
    ['a console with no rows', { command: 'a', tty: { rows: 0, columns: 80 } }, 'parameters.tty.rows'],
    ['a console of half a column', { command: 'a', tty: { rows: 1, columns: 0.5 } }, 'parameters.tty.columns'],
    ['a hole in the argument list', { command: ['a', , 'b'] }, 'parameters.command[1]'],
    ['a console size that is null', { command: 'a', tty: null }, 'parameters.tty'],
    ['a console size that is a string', { command: 'a', tty: 'no' }, 'parameters.tty'],
    ['a bigint for streams', { command: 'a', stdio: 5n }, 'parameters.stdio'],
    ['an unknown kind of stream', { command: 'a', stdio: 'inherit' }, 'parameters.stdio'],
    ['an unknown kind of one stream', { command: 'a', stdio: ['pipe', 'inherit'] }, 'parameters.stdio[1]'],
    ['four streams', { command: 'a', stdio: ['pipe', 'pipe', 'pipe', 'pipe'] }, 'parameters.stdio'],
  ];
  for (const [what, parameters, field] of refused) {
    it(`rejects ${what}, naming ${field}`, async () => {
      const system = await bench.running();
      await assert.rejects(system.createProcess(parameters as ProcessCommand), (error) => {
        assert.ok(error instanceof HcsArgumentError, String(error));
        assert.equal(error.field, field);
        assert.match(error.problem, /^must .*; received /);
        return true;
      });
      assert.equal((await bench.simulator.state()).Calls['vmcompute.HcsCreateProcess'] ?? 0, 0);
    });
  }

  for (const [what, given] of [
    ['aborted', { signal: AbortSignal.abort() }],
    ['called with invalid options', { timeoutMs: -1 }],
  ] as const) {
    it(`makes no call when it is ${what}`, async () => {
      const system = await bench.running();
      await assert.rejects(system.createProcess({ command: ['cmd'] }, given));
      assert.equal((await bench.simulator.state()).Calls['vmcompute.HcsCreateProcess'] ?? 0, 0);
    });
  }

  for (const held of ['HcsGetComputeSystemProperties', 'HcsCreateProcess', 'HcsRegisterProcessCallback'] as const) {
    it(`leaves nothing behind when it is aborted inside ${held}`, async () => {
      const system = await bench.running();
      const fault = await bench.simulator.inject({ function: held, block: true });
      const controller = new AbortController();
      const made = assert.rejects(system.createProcess({ command: ['sim-sleep'] }, { signal: controller.signal }), {
        name: 'AbortError',
      });
      await bench.simulator.reached({ blockedCalls: 1 });
      controller.abort();
      await made;
      await fault.release();
      assert.ok(await bench.simulator.reached({ handles: { process: 0 }, callsInside: 0, pipes: 0, programs: 0 }));
      assert.deepEqual(await system.processes(), []);
    });
  }

  it('terminates the process when the callback cannot be registered', async () => {
    const system = await bench.running();
    await bench.simulator.inject({ function: 'HcsRegisterProcessCallback', status: 0x80004005 });
    await assert.rejects(system.createProcess({ command: 'sim-sleep' }), {
      code: 'E_FAIL',
      operation: 'HcsRegisterProcessCallback',
    });
    assert.ok(await bench.simulator.reached({ handles: { process: 0 }, pipes: 0, programs: 0 }));
  });

  it('retries to close the handle when the host fails to', async () => {
    const system = await bench.running();
    const fault = await bench.simulator.inject({ function: 'HcsCreateProcess', block: true });
    const controller = new AbortController();
    const made = assert.rejects(system.createProcess({ command: 'sim-sleep' }, { signal: controller.signal }), {
      code: 'ABORT_ERR',
    });
    await bench.simulator.reached({ blockedCalls: 1 });
    controller.abort();
    await made;
    await bench.simulator.inject({ function: 'HcsCloseProcess', status: 0x80004005, count: 2 });
    await fault.release();
    assert.ok(await bench.simulator.reached({ handles: { process: 0 }, callsInside: 0, pipes: 0, programs: 0 }));
    assert.equal((await bench.simulator.state()).Calls['vmcompute.HcsCloseProcess'], 3);
  });

  it('applies one deadline to all its steps', async () => {
    const system = await bench.running();
    const fault = await bench.simulator.inject({ function: 'HcsCreateProcess', block: true });
    await assert.rejects(system.createProcess({ command: ['cmd'] }, { timeoutMs: 300 }), {
      code: 'ERR_HC_TIMEOUT',
      operation: /^Hcs(GetComputeSystemProperties|CreateProcess)$/,
      systemId: system.id,
    });
    await fault.release();
  });
});

describe('ComputeSystem#openProcess() and processes()', () => {
  const bench = useSimulator();

  it('list the running processes and open one by its id', async () => {
    const system = await bench.running();
    const created = await bench.run('sim-sleep', system);
    const list = await system.processes();
    assert.deepEqual(
      list.map(({ ProcessId }) => ProcessId),
      [created.pid],
    );
    assert.match(list[0]!.ImageName!, /sim-sleep/);
    await using opened = await system.openProcess(created.pid);
    assert.deepEqual([opened.pid, opened.stdin, opened.stdout, opened.stderr], [created.pid, null, null, null]);
    assert.equal(opened.system, system);
    assert.equal(await opened.kill(), true);
    assert.equal((await opened.exited).exitCode, (await created.exited).exitCode);
    assert.deepEqual(await system.processes(), []);
  });

  it('reject for a process that does not exist', async () => {
    const system = await bench.running();
    await assert.rejects(system.openProcess(99), (error: HcsError) => {
      assert.ok(isNotFound(error));
      assert.equal(error.processId, 99);
      assert.match(error.message, /^HcsOpenProcess of process 99 in system "/);
      return true;
    });
  });

  for (const pid of [-1, 1.5, 2 ** 32, '4', undefined]) {
    it(`reject ${JSON.stringify(pid)} as an id`, async () => {
      const system = await bench.running();
      await assert.rejects(system.openProcess(pid as number), { code: 'ERR_HC_ARGUMENT', field: 'pid' });
    });
  }
});
