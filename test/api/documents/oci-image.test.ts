import assert from 'node:assert/strict';

import type { ProcessCommand } from 'hostcompute';
import { documents } from 'hostcompute/documents';

import { useSimulator } from '../../support/host.js';

const shell = 'powershell -Command $ErrorActionPreference = "Stop";';
const windowsPath = 'Path=C:\\Windows\\system32;C:\\Windows';

interface Case {
  readonly config: object;
  readonly options?: documents.ImageProcessOptions;
  readonly os?: string;
  readonly command: string | readonly string[];
}

/** As `docker run` and containerd run them. */
const commands: Readonly<Record<string, Case>> = {
  'the entry point with Cmd': {
    config: { Entrypoint: ['C:\\app.exe', '--name'], Cmd: ['a b'] },
    command: ['C:\\app.exe', '--name', 'a b'],
  },
  'Cmd alone': { config: { Cmd: ['cmd', '/c', 'ver'], Entrypoint: null }, command: ['cmd', '/c', 'ver'] },
  'the entry point alone': { config: { Entrypoint: ['app'] }, command: ['app'] },
  'an empty argument': { config: { Cmd: ['app', ''] }, command: ['app', ''] },
  'arguments in place of Cmd': {
    config: { Entrypoint: ['app'], Cmd: ['--help'] },
    options: { args: ['--run', 'a b'] },
    command: ['app', '--run', 'a b'],
  },
  'no arguments in place of Cmd': {
    config: { Entrypoint: ['app'], Cmd: ['--help'] },
    options: { args: [] },
    command: ['app'],
  },
  'an entry point in place of both': {
    config: { Entrypoint: ['app'], Cmd: ['--help'] },
    options: { entrypoint: ['cmd', '/c'] },
    command: ['cmd', '/c'],
  },
  'an entry point and arguments': {
    config: { Entrypoint: ['app'], Cmd: ['--help'] },
    options: { entrypoint: ['cmd', '/c'], args: ['dir'] },
    command: ['cmd', '/c', 'dir'],
  },
  'arguments without the entry point': {
    config: { Entrypoint: ['app'], Cmd: ['--help'] },
    options: { entrypoint: [], args: ['cmd'] },
    command: ['cmd'],
  },
  'a command line that is escaped': {
    config: { Cmd: ['cmd /S /C dir "C:\\Program Files"'], ArgsEscaped: true },
    command: 'cmd /S /C dir "C:\\Program Files"',
  },
  'an escaped entry point and Cmd, joined and not quoted': {
    config: { Entrypoint: [shell], Cmd: ['Get-Item "a b"'], ArgsEscaped: true },
    command: `${shell} Get-Item "a b"`,
  },
  'an escaped entry point, and arguments, which are quoted': {
    config: { Entrypoint: [shell], Cmd: ['Get-Item "a b"'], ArgsEscaped: true },
    options: { args: ['plain', 'a b', 'say "hi"', ''] },
    command: `${shell} plain "a b" "say \\"hi\\"" ""`,
  },
  'an argument list in place of an escaped Cmd': {
    config: { Cmd: ['cmd /S /C dir'], ArgsEscaped: true },
    options: { args: ['cmd', '/c', 'a b'] },
    command: ['cmd', '/c', 'a b'],
  },
  'an entry point list in place of an escaped one': {
    config: { Entrypoint: [shell], Cmd: ['x'], ArgsEscaped: true },
    options: { entrypoint: ['cmd'], args: ['/c', 'a b'] },
    command: ['cmd', '/c', 'a b'],
  },
  'Linux arguments, ignoring ArgsEscaped': {
    config: { Entrypoint: ['/bin/sh', '-c'], Cmd: ['echo "a"'], ArgsEscaped: true },
    os: 'linux',
    command: ['/bin/sh', '-c', 'echo "a"'],
  },
};

describe('documents.processFromOciImage()', () => {
  const bench = useSimulator();

  for (const [what, { config, options, os = 'windows', command }] of Object.entries(commands)) {
    it(`writes ${what}`, () => {
      assert.deepEqual(documents.processFromOciImage({ os, config }, options).command, command);
    });
  }

  it('writes the user, the working directory and the environment', () => {
    const config = {
      Cmd: ['app'],
      User: 'ContainerUser',
      WorkingDir: 'C:\\app',
      Env: ['A=1', 'B=', '=C:=C:\\', 'X=a=b'],
    };
    const image = { architecture: 'amd64', os: 'windows', config, rootfs: {}, history: [] };
    const process = documents.processFromOciImage(image);
    assert.deepEqual(
      { ...process, env: { ...process.env } },
      { command: ['app'], cwd: 'C:\\app', user: 'ContainerUser', env: { A: '1', B: '', '=C:': 'C:\\', X: 'a=b' } },
    );
  });

  it('uses the default working directory of container runtimes, and no other defaults', () => {
    const config = { Cmd: ['app'], User: '', WorkingDir: '', Env: null };
    assert.deepEqual(documents.processFromOciImage({ config }), { command: ['app'], cwd: 'C:\\' });
    assert.deepEqual(documents.processFromOciImage({ os: 'linux', config }), { command: ['app'], cwd: '/' });
  });

  it('prefers the user and the working directory of the caller', () => {
    const config = { Cmd: ['app'], User: 'a', WorkingDir: 'C:\\a' };
    const { user, cwd } = documents.processFromOciImage({ config }, { user: 'b', cwd: 'C:\\b' });
    assert.deepEqual([user, cwd], ['b', 'C:\\b']);
  });

  it('merges Windows variables case-insensitively: the last one wins, and those of the caller override', () => {
    const config = { Cmd: ['app'], Env: [windowsPath, 'A=1', 'PATH=C:\\app', 'a=2', 'Gone=1'] };
    const { env } = documents.processFromOciImage({ config }, { env: { path: 'C:\\mine', GONE: undefined, New: 'n' } });
    assert.deepEqual({ ...env }, { path: 'C:\\mine', a: '2', New: 'n' });
    const { env: own } = documents.processFromOciImage({ config });
    assert.deepEqual({ ...own }, { PATH: 'C:\\app', a: '2', Gone: '1' });
  });

  it('keeps Linux variables that differ in case', () => {
    const config = { Cmd: ['app'], Env: ['A=1', 'a=2'] };
    const { env } = documents.processFromOciImage({ os: 'linux', config }, { env: { A: '3' } });
    assert.deepEqual({ ...env }, { A: '3', a: '2' });
  });

  const refused: Readonly<Record<string, readonly [image: unknown, options: object, field: string]>> = {
    'a value that is not an object': [null, {}, 'image'],
    'an array': [[], {}, 'image'],
    'another os': [{ os: 'freebsd', config: { Cmd: ['a'] } }, {}, 'image.os'],
    'a configuration of another form': [{ config: 'x' }, {}, 'image.config'],
    'no command': [{ config: {} }, {}, 'image.config.Cmd'],
    'an empty entry point and no arguments': [{ config: { Cmd: ['a'] } }, { entrypoint: [] }, 'image.config.Cmd'],
    'a Cmd that is a string': [{ config: { Cmd: 'cmd /c ver' } }, {}, 'image.config.Cmd'],
    'an argument that is a number': [{ config: { Entrypoint: ['a', 1] } }, {}, 'image.config.Entrypoint[1]'],
    'an argument with NUL': [{ config: { Cmd: ['a\0b'] } }, {}, 'image.config.Cmd[0]'],
    'ArgsEscaped in words': [{ config: { Cmd: ['a'], ArgsEscaped: 'yes' } }, {}, 'image.config.ArgsEscaped'],
    'a variable without a value': [{ config: { Cmd: ['a'], Env: ['A=1', 'B'] } }, {}, 'image.config.Env[1]'],
    'a variable without a name': [{ config: { Cmd: ['a'], Env: [''] } }, {}, 'image.config.Env[0]'],
    'an object of variables': [{ config: { Cmd: ['a'], Env: { A: '1' } } }, {}, 'image.config.Env'],
    'a user that is a number': [{ config: { Cmd: ['a'], User: 1000 } }, {}, 'image.config.User'],
    'arguments that are a string': [{ config: { Cmd: ['a'] } }, { args: 'x' }, 'options.args'],
    'a variable that is a number': [{ config: { Cmd: ['a'] } }, { env: { A: 1 } }, 'options.env["A"]'],
    'an unknown option': [{ config: { Cmd: ['a'] } }, { argv: [] }, 'options.argv'],
  };

  for (const [what, [image, options, field]] of Object.entries(refused)) {
    it(`refuses ${what} as ${field}`, () => {
      assert.throws(() => documents.processFromOciImage(image as object, options), {
        name: 'HcsArgumentError',
        field,
      });
    });
  }

  it('runs in a container together with process options', async () => {
    const system = await bench.running();
    const image = {
      os: 'windows',
      config: { Cmd: ['cmd /c echo %GREETING%'], ArgsEscaped: true, Env: ['GREETING=hello'] },
    };
    const command: ProcessCommand = documents.processFromOciImage(image);
    assert.equal((await system.exec({ ...command, timeoutMs: 10_000 })).stdout.trim(), 'hello');
    await using child = await system.createProcess({ ...documents.processFromOciImage(image), stdio: 'ignore' });
    assert.equal((await child.exited).exitCode, 0);
  });
});
