// Containers in the foreground, on the simulated host of the command itself.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { hostcompute, program } from './support/hostcompute.js';
import type { Root } from './support/layers.js';
import { rootWithLayers } from './support/layers.js';

describe('hostcompute run', () => {
  let root: Root;
  before(async () => (root = await rootWithLayers()));
  after(async () => root[Symbol.asyncDispose]());

  // Nobody serves a host at this name.
  const nobody =
    process.platform === 'win32' ? '\\\\.\\pipe\\hostcompute-nobody' : join(tmpdir(), 'hostcompute-nobody.sock');
  const env = { HOSTCOMPUTE_HOST: 'simulated', HOSTCOMPUTE_SIMULATOR_SOCKET: nobody };
  const run = (words: readonly string[], input?: string) =>
    hostcompute(['--root', root.folder, 'run', ...words], env, input);
  const layers = ['--layers', 'app,base'];
  const left = async (): Promise<string[]> => readdir(join(root.folder, 'containers'));

  afterEach(async () => assert.deepEqual(await left(), []));

  it('leaves the flags of the guest alone', async () => {
    const { exitCode, stdout, stderr } = await run([
      '--rm',
      '-e',
      'A=1',
      ...layers,
      'cmd',
      '/c',
      'echo',
      '--rm',
      '-e',
      'x',
    ]);
    assert.equal(stdout, '--rm -e x\r\n');
    assert.equal(exitCode, 0, stderr);
    assert.match(stderr, /^Host: simulated, for this command only; no container runs\n$/);
  });

  it('takes -- away before the command', async () => {
    const folders = ['app', 'base'].map((id) => join(root.folder, 'images', 'layers', id)).join(',');
    assert.equal((await run([folders, '--', 'cmd', '/c', 'echo', 'hello'])).stdout, 'hello\r\n');
    assert.equal((await run([...layers, '--', 'cmd', '/c', 'echo', '--'])).stdout, '--\r\n');
  });

  it('ends with the exit code of the guest', async () => {
    assert.equal((await run([...layers, 'sim-crash', '7'])).exitCode, 7);
    assert.equal(
      (await run([...layers, 'sim-crash', '0x1234'])).exitCode,
      process.platform === 'win32' ? 0x1234 : 0x34,
    );
    // A failure is never taken for success.
    assert.notEqual((await run([...layers, 'sim-crash', '0x100'])).exitCode, 0);
  });

  it('has the whole exit code with --json, and the output as lines', async () => {
    const { stdout } = await run(['--json', ...layers, 'cmd', '/c', 'echo hello& sim-crash 0xc0000005']);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(
      lines.map((line) => Object.keys(line).join()),
      ['kind,id,pid', 'kind,stream,time,text', 'kind,id,exitCode,error,inferred'],
    );
    assert.equal(lines[1]!.text, 'hello\r\n');
    assert.equal(lines[2]!.exitCode, 0xc0000005);
  });

  it('ends with 127 for a program that is not there, and with 125 for what the host refuses', async () => {
    assert.equal((await run([...layers, 'nosuch'])).exitCode, 127);
    assert.equal((await run(['--net', 'nosuch', ...layers, 'cmd'])).exitCode, 125);
    assert.equal((await run(['--layers', 'nosuch', 'cmd'])).exitCode, 125);
  });

  it('ends with 2 for wrong use', async () => {
    assert.equal((await run([])).exitCode, 2);
    assert.equal((await run([...layers])).exitCode, 2);
    assert.equal((await run(['-p', '99999:1', ...layers, 'cmd'])).exitCode, 2);
    assert.equal((await run(['-p', '80:80', '--net', 'none', ...layers, 'cmd'])).exitCode, 2);
    assert.equal((await run(['--name', '../x', ...layers, 'cmd'])).exitCode, 2);
    assert.equal((await run(['-v', 'data:C:\\data', ...layers, 'cmd'])).exitCode, 2);
    assert.equal((await run(['-m', 'much', ...layers, 'cmd'])).exitCode, 2);
  });

  it('passes the input on to its end with -i, and none without', async () => {
    assert.equal((await run(['-i', ...layers, 'sim-cat'], 'one\ntwo\n')).stdout, 'one\ntwo\n');
    assert.equal((await run([...layers, 'sim-cat'], 'one\n')).stdout, '');
  });

  it('passes all output on, to both streams', async () => {
    const { stdout } = await run([...layers, 'sim-flood', '3000000']);
    assert.equal(stdout.length, 3_000_000);
    assert.equal((await run([...layers, 'sim-flood', '1000', 'stderr'])).stdout, '');
  });

  it('passes environment, folder and account on', async () => {
    const { stdout } = await run(['-e', 'A=1', '-w', 'C:\\x', '-u', 'bob', ...layers, 'sim-report']);
    const report = JSON.parse(stdout) as {
      Environment: Record<string, string>;
      WorkingDirectory: string;
      User: string;
    };
    assert.equal(report.Environment.A, '1');
    assert.equal(report.WorkingDirectory, 'C:\\x');
    assert.equal(report.User, 'bob');
  });

  it('prints the document, and creates nothing', async () => {
    const { stdout } = await run([
      '--print-document',
      '--name',
      'web',
      '-p',
      '80:80',
      '-m',
      '1g',
      '--cpus',
      '2',
      ...layers,
      'cmd',
    ]);
    const { Container } = JSON.parse(stdout) as { Container: Record<string, unknown> };
    assert.deepEqual(Container.Memory, { SizeInMB: 1024 });
    assert.deepEqual(Container.Processor, { Count: 2 });
    const hyperv = await run(['--print-document', '--isolation', 'hyperv', '--cpus', '1.5', ...layers, 'cmd']);
    const { HvPartition, ProcessorCount, ProcessorMaximum } = JSON.parse(hyperv.stdout) as Record<string, unknown>;
    assert.deepEqual([HvPartition, ProcessorCount, ProcessorMaximum], [true, 2, 7500]);
  });

  it('runs what --print-document has printed', async () => {
    const place = await mkdtemp(join(tmpdir(), 'hostcompute-cli-'));
    try {
      const file = join(place, 'web.json');
      const printed = await run(['--print-document', '--net', 'none', ...layers, 'cmd']);
      await writeFile(file, printed.stdout);
      assert.equal((await run(['--document', file, 'cmd', '/c', 'echo hello'])).stdout, 'hello\r\n');
      assert.equal((await run(['--document', file, '-m', '1g', 'cmd'])).exitCode, 2);
      await writeFile(file, 'nothing');
      assert.equal((await run(['--document', file, 'cmd'])).exitCode, 2);
    } finally {
      await rm(place, { recursive: true, force: true });
    }
  });

  it('runs with Hyper-V isolation, and with a port', async () => {
    assert.equal((await run(['--isolation', 'hyperv', ...layers, 'cmd', '/c', 'echo hello'])).stdout, 'hello\r\n');
    assert.equal((await run(['-p', '8080:80', ...layers, 'cmd', '/c', 'echo hello'])).stdout, 'hello\r\n');
  });

  it('ends the guest when --timeout is over, with 124', async () => {
    const { exitCode, stderr } = await hostcompute(
      ['--timeout', '700ms', '--root', root.folder, 'run', ...layers, 'sim-sleep'],
      env,
    );
    assert.equal(exitCode, 124, stderr);
  });

  it('ends with 0 when nobody reads its output, and ends the guest', async () => {
    const child = spawn(
      process.execPath,
      [program, '--root', root.folder, 'run', ...layers, 'ping', '-t', 'example.test'],
      {
        env: { ...process.env, ...env },
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    await once(child.stdout, 'data');
    child.stdout.destroy();
    assert.deepEqual(await once(child, 'close'), [0, null]);
  });

  // On Windows signals of others cannot be received.
  if (process.platform !== 'win32') {
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
      ['SIGHUP', 129],
    ] as const) {
      it(`ends with ${code} by ${signal}, and the guest with it`, async () => {
        const words = ['--root', root.folder, 'run', ...layers, 'cmd', '/c', 'echo ready& sim-sleep'];
        const child = spawn(process.execPath, [program, ...words], { env: { ...process.env, ...env } });
        await once(child.stdout, 'data');
        child.kill(signal);
        assert.deepEqual(await once(child, 'close'), [code, null]);
      });
    }
  }
});
