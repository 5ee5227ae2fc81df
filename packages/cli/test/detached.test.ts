// Containers that run detached, on a simulated host that this process serves.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ComputeSystem } from 'hostcompute';
import { Endpoint, Namespace, Network } from 'hostcompute/network';

import { hostcompute, program } from './support/hostcompute.js';
import { addLayers } from './support/layers.js';
import { ServedHost } from './support/served-host.js';
import { started } from './support/started.js';

const layers = ['--layers', 'app,base'];

describe('containers of hostcompute', function () {
  // Each test starts a dozen programs.
  this.timeout(240_000);
  let served: ServedHost;
  let root: string;

  before(async () => {
    served = await ServedHost.open();
    root = served.folder.pathOf('root');
    await addLayers(root, served.simulator.host);
  });
  afterEach(async () => {
    const { exitCode, stderr } = await served.run('reap', '--all');
    assert.equal(exitCode, 0, stderr);
    for (const { id } of await served.json('ps', '-a')) await served.run('rm', '-f', String(id));
    assert.deepEqual(await left(), { folders: [], systems: [], endpoints: 0, namespaces: 0, layers: [] });
  });
  after(async () => served[Symbol.asyncDispose]());

  async function left() {
    const { host } = served.simulator;
    const state = await served.simulator.state();
    return {
      folders: await readdir(join(root, 'containers')),
      systems: (await ComputeSystem.list({}, { host })).map(({ Id }) => Id),
      endpoints: (await Endpoint.list({}, { host })).length,
      namespaces: (await Namespace.list({}, { host })).length,
      layers: state.Layers,
    };
  }
  const run = async (...words: readonly string[]) => served.run('run', ...words);
  const detach = async (...words: readonly string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await run('-d', ...words);
    assert.equal(exitCode, 0, stderr);
    return stdout.trim();
  };
  const recordOf = async (id: string) =>
    JSON.parse(await readFile(join(root, 'containers', id, 'container.json'), 'utf8')) as {
      exit?: { exitCode: number };
    };

  it('are removed by their names, not by those of folders', async () => {
    const folders = async (): Promise<string[][]> =>
      Promise.all([served.folder.path, root].map((each) => readdir(each)));
    await mkdir(join(root, 'containers'), { recursive: true });
    const before = await folders();
    for (const name of ['.', '..', '../..']) {
      for (const words of [['rm'], ['rm', '-f'], ['stop'], ['kill']]) {
        const { exitCode, stderr } = await served.run(...words, name);
        assert.equal(exitCode, 1, `${words.join(' ')} "${name}"`);
        assert.match(stderr, /There is no container/);
      }
    }
    assert.deepEqual(await folders(), before);
  });

  it('run on, with a log that is kept until rm', async () => {
    const id = await detach(
      '--name',
      'web',
      '--label',
      'tier=front',
      ...layers,
      'cmd',
      '/c',
      'echo one& echo two 1>&2& sim-crash 7',
    );
    assert.equal(id, 'web');
    const followed = await served.run('logs', '-f', 'web');
    assert.deepEqual([followed.stdout, followed.stderr], ['one\r\n', 'two \r\n']);
    assert.equal((await recordOf('web')).exit?.exitCode, 7);
    const [row] = await served.json('ps', '-a', '--filter', 'label=tier=front');
    assert.deepEqual([row?.state, row?.exitCode], ['Exited', 7]);
    assert.equal((await served.run('logs', '--tail', '0', 'web')).stdout, '');
    assert.equal((await served.run('logs', '--since', '1h', 'web')).stdout, 'one\r\n');
    assert.equal((await served.run('logs', '--since', '2100-01-01T00:00:00Z', 'web')).stdout, '');
    assert.match((await run(...layers, '--name', 'web', 'cmd')).stderr, /has ended.*hostcompute rm web/);
    assert.equal((await served.run('rm', 'web')).exitCode, 0);
    assert.equal((await served.run('logs', 'web')).exitCode, 1);
  });

  it('have the keys that programs rely on', async () => {
    const [begun] = await served.json('run', '-d', ...layers, '--name', 'keys', 'cmd', '/c', 'echo hello& sim-sleep');
    assert.deepEqual(Object.keys(begun!), ['kind', 'id', 'pid']);
    const [row] = await served.json('ps');
    const keys = 'kind id state type owner image command created detached pid exitCode labels';
    assert.equal(Object.keys(row!).join(' '), keys);
    await using following = await started(served.words(['--json', 'logs', '-f', 'keys']), /hello/);
    assert.deepEqual(Object.keys(JSON.parse(following.stdout()) as object), ['kind', 'stream', 'time', 'text']);
    const [stopped] = await served.json('stop', 'keys');
    assert.deepEqual(Object.keys(stopped!), ['kind', 'id', 'outcome']);
    const [killed] = await served.json('kill', 'keys');
    assert.deepEqual(Object.keys(killed!), ['kind', 'id', 'signal', 'delivered']);
    const [removed] = await served.json('rm', 'keys');
    assert.deepEqual(Object.keys(removed!), ['kind', 'id']);
  });

  it('take more commands, with their exit codes', async () => {
    const id = await detach(...layers, 'sim-sleep');
    const hello = await served.run('exec', id, 'cmd', '/c', 'echo hello& sim-crash 5');
    assert.deepEqual([hello.stdout, hello.exitCode], ['hello\r\n', 5]);
    assert.equal((await hostcompute(served.words(['exec', '-i', id, '--', 'sim-cat']), {}, 'typed')).stdout, 'typed');
    assert.equal((await served.run('exec', id, 'nosuch')).exitCode, 127);
    assert.match((await served.run('exec', '-d', id, 'sim-sleep')).stdout, /^\d+\r?\n$/);
    assert.equal((await served.run('exec', 'nosuch', 'cmd')).exitCode, 125);
    const { exitCode, stdout } = await served.run('stop', id);
    assert.deepEqual([exitCode, stdout], [0, `${id}: stopped\n`]);
    const late = await served.run('exec', id, 'cmd');
    assert.equal(late.exitCode, 125);
    assert.match(late.stderr, new RegExp(`"${id}" has ended\\. Remove it by "hostcompute rm ${id}"`));
  });

  it('give and take streams by attach, to the end of the input', async () => {
    const id = await detach('-i', ...layers, 'sim-cat');
    const attached = await hostcompute(served.words(['attach', id]), {}, 'typed\n');
    assert.deepEqual([attached.stdout, attached.exitCode], ['typed\n', 0]);
    assert.equal((await served.run('attach', id)).exitCode, 125);
    assert.equal((await served.run('logs', id)).stdout, 'typed\n');
  });

  it('end by a signal to the first process', async () => {
    const id = await detach(...layers, 'sim-sleep');
    assert.equal((await served.run('kill', '-s', 'INT', id)).exitCode, 0);
    await served.run('logs', '-f', id);
    assert.equal((await recordOf(id)).exit?.exitCode, 0xc000013a);
  });

  it('go by rm -f, and refuse rm while they run', async () => {
    const id = await detach(...layers, 'sim-sleep');
    const { exitCode, stderr } = await served.run('rm', id);
    assert.equal(exitCode, 1);
    assert.match(stderr, new RegExp(`"${id}" runs. Stop it by`));
    assert.equal((await served.run('rm', '-f', id)).exitCode, 0);
    assert.deepEqual(await readdir(join(root, 'containers')), []);
  });

  it('leave nothing with --rm, nor when the program is not there', async () => {
    const id = await detach('--rm', ...layers, 'sim-sleep');
    await served.run('stop', id);
    const { exitCode } = await run('-d', ...layers, 'nosuch');
    assert.equal(exitCode, 127);
    assert.deepEqual(await readdir(join(root, 'containers')), []);
  });

  it('take a name once, of two at the same time', async () => {
    const both = await Promise.all([1, 2].map(async () => run('-d', '--name', 'one', ...layers, 'sim-sleep')));
    assert.deepEqual(both.map(({ exitCode }) => exitCode).sort(), [0, 125]);
    const refused = both.find(({ exitCode }) => exitCode === 125)!;
    assert.match(refused.stderr, /The name "one" is that of/);
    await served.run('rm', '-f', 'one');
  });

  it('refuse a name that the host has otherwise', async () => {
    await using system = await served.container('other');
    const { exitCode, stderr } = await run('--name', system.id, ...layers, 'cmd');
    assert.equal(exitCode, 125);
    assert.match(stderr, /of a system that the host has already/);
    await system.terminate();
  });

  it('are reaped when their process was killed, and spared while they run', async () => {
    const spared = await detach('-p', '8081:80', ...layers, 'sim-sleep');
    const words = served.words([
      'run',
      '--name',
      'killed',
      '-p',
      '8080:80',
      ...layers,
      'cmd',
      '/c',
      'echo ready& sim-sleep',
    ]);
    const child = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'pipe', 'ignore'] });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'close');
    // Windows, and the simulated host, end a system whose last handle is closed a moment later.
    const { host } = served.simulator;
    const found = await served.json('reap', '--dry-run');
    assert.ok(found.some(({ what, id }) => what === 'container' && id === 'killed'));
    const reaped = await served.json('reap');
    assert.deepEqual(Object.keys(reaped[0]!), ['kind', 'what', 'id', 'outcome', 'error']);
    assert.deepEqual([...new Set(reaped.map(({ outcome }) => outcome))], ['removed']);
    assert.deepEqual(await readdir(join(root, 'containers')), [spared]);
    assert.equal((await Endpoint.list({}, { host })).length, 1);
    assert.equal((await Namespace.list({}, { host })).length, 1);
    assert.deepEqual((await served.simulator.state()).Layers.length, 1);
    assert.deepEqual(
      (await served.json('ps')).map(({ id }) => id),
      [spared],
    );
    assert.equal((await served.run('rm', '-f', spared)).exitCode, 0);
    assert.equal((await served.run('reap')).exitCode, 0);
    assert.deepEqual(await Network.list({}, { host }), []);
  });

  it('need a host that goes on', async () => {
    const env = { HOSTCOMPUTE_SIMULATOR_SOCKET: served.folder.pathOf('nobody') };
    const { exitCode, stderr } = await hostcompute(
      ['--host', 'simulated', '--root', root, 'run', '-d', ...layers, 'cmd'],
      env,
    );
    assert.equal(exitCode, 125);
    assert.match(stderr, /Run "hostcompute simulate" in another terminal/);
  });
});
