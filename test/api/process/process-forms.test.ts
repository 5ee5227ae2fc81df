import assert from 'node:assert/strict';

import type { ComputeSystem, Process } from 'hostcompute';
import { HcsArgumentError } from 'hostcompute';

import { useSimulator } from '../../support/host.js';
import { textOf } from '../../support/text.js';

type Arguments = Parameters<ComputeSystem['createProcess']>;

describe('The signatures of ComputeSystem#createProcess()', () => {
  const bench = useSimulator();
  const create = (system: ComputeSystem, args: readonly unknown[]): Promise<Process> =>
    system.createProcess(...(args as Arguments));

  const forms: readonly (readonly [string, readonly unknown[], string])[] = [
    ['a command line', ['cmd /c echo hello'], 'hello\r\n'],
    ['a command line with options', ['cmd /c echo %A%', { env: { A: 'b' }, timeoutMs: 5000 }], 'b\r\n'],
    ['a command line and undefined options', ['cmd /c echo hello', undefined], 'hello\r\n'],
    ['a program and its arguments', ['cmd', ['/c', 'echo', 'hello']], 'hello\r\n'],
    ['a program, its arguments and options', ['cmd', ['/c', 'echo', '%A%'], { env: { A: 'b' } }], 'b\r\n'],
    ['a command in an object', [{ command: 'cmd /c echo hello', timeoutMs: 5000 }], 'hello\r\n'],
    ['a program in an object', [{ file: 'cmd', args: ['/c', 'echo', 'hello'] }], 'hello\r\n'],
    ['a program without arguments in an object', [{ file: 'hostname', args: undefined }], ''],
    ['an object and options', [{ command: 'cmd /c echo hello' }, { timeoutMs: 5000 }], 'hello\r\n'],
    ['JSON text', [' {"CommandLine":"cmd /c echo hello","CreateStdOutPipe":true}', {}], 'hello\r\n'],
  ];
  for (const [what, args, expected] of forms) {
    it(`accept ${what}`, async () => {
      const system = await bench.running();
      await using process = await create(system, args);
      const output = await textOf(process.stdout);
      if (expected !== '') assert.equal(output, expected);
    });
  }

  it('pass arguments to a Linux guest as a list', async () => {
    const system = await bench.runningLinux();
    await using process = await system.createProcess('sim-report', ['a b', '"']);
    const { Arguments: given } = JSON.parse(await textOf(process.stdout)) as { Arguments: string[] };
    assert.deepEqual(given.slice(-2), ['a b', '"']);
  });

  const refused: readonly (readonly [string, readonly unknown[], string])[] = [
    ['an empty command line', [' '], 'command'],
    ['a NUL in the command line', ['a\0b'], 'command'],
    ['arguments that are not an array', ['cmd', '/c', {}], 'args'],
    ['a missing list before the options', ['cmd', undefined, { cwd: 'C:\\' }], 'args'],
    ['an argument that is not a string', ['cmd', ['/c', 1]], 'args[1]'],
    ['an empty program', ['', []], 'file'],
    ['a program with a quote', ['a"b', []], 'file'],
    ['an unknown option', ['cmd', { workingDirectory: 'b' }], 'options.workingDirectory'],
    ['a command beside a command line', ['cmd', { command: 'b' }], 'options.command'],
    ['a list beside arguments', ['cmd', [], { args: ['b'] }], 'options.args'],
    ['options that are not an object', ['cmd', 5], 'options'],
    ['an empty directory', ['cmd', { cwd: '' }], 'options.cwd'],
    ['an unknown kind of stream', ['cmd', [], { stdio: ['inherit'] }], 'options.stdio[0]'],
    ['a timeout of 0', ['cmd', { timeoutMs: 0 }], 'options.timeoutMs'],
    ['a directory beside JSON text', ['{"CommandLine":"a"}', { cwd: 'b' }], 'options.cwd'],
    ['arguments beside JSON text', ['{"CommandLine":"a"}', { args: [] }], 'options.args'],
    ['a command and a program', [{ command: 'a', file: 'b' }], 'parameters.file'],
    ['arguments beside a command', [{ command: 'a', args: ['b'] }], 'parameters.args'],
    ['arguments that are text', [{ file: 'a', args: 'b' }], 'parameters.args'],
    ['arguments alone', [{ args: ['b'] }], 'parameters.args'],
    ['options alone', [{ cwd: 'b' }], 'parameters.command'],
    ['a document of HCS with a signal inside', [{ CommandLine: 'a', timeoutMs: 5 }], 'parameters.CommandLine'],
    ['an array', [['cmd', '/c']], 'parameters'],
    ['a number', [5], 'parameters'],
    ['a directory beside an object', [{ command: 'a' }, { cwd: 'b' }], 'options.cwd'],
    ['a timeout that is passed twice', [{ command: 'a', timeoutMs: 5 }, { timeoutMs: 5 }], 'options.timeoutMs'],
    ['an invalid signal', [{ command: 'a', signal: 'SIGTERM' }], 'options.signal'],
  ];
  for (const [what, args, field] of refused) {
    it(`reject ${what}, naming ${field}`, async () => {
      const system = await bench.running();
      await assert.rejects(create(system, args), (error) => {
        assert.ok(error instanceof HcsArgumentError, String(error));
        assert.equal(error.field, field);
        assert.match(error.problem, /^must .*; received /);
        return true;
      });
      assert.equal((await bench.simulator.state()).Calls['vmcompute.HcsCreateProcess'] ?? 0, 0);
    });
  }
});
