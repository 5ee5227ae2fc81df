import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { join } from 'node:path';

import tar from 'tar-stream';

import { Folder } from './support/folder.js';
import { hostcompute } from './support/hostcompute.js';
import { started } from './support/started.js';

/** The tar of a layer with one file. */
async function layerTar(name: string, content: string): Promise<Buffer> {
  const pack = tar.pack();
  pack.entry({ name: 'Files', type: 'directory' });
  pack.entry({ name: `Files/${name}` }, content);
  pack.finalize();
  return buffer(pack);
}

describe('hostcompute layers', () => {
  const folder = new Folder();
  const root = folder.pathOf('root');
  after(() => folder[Symbol.dispose]());

  const layers = (words: readonly string[], input?: Buffer) =>
    hostcompute(['--host', 'simulated', '--root', root, 'layers', ...words], {}, input);
  const json = async (...words: readonly string[]): Promise<Record<string, unknown>[]> => {
    const { exitCode, stdout, stderr } = await layers([...words, '--json']);
    assert.equal(exitCode, 0, stderr);
    return stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Record<string, unknown>]));
  };

  it('imports a tar from a file and from standard input, and lists what there is', async () => {
    const base = await layerTar('base.txt', 'base');
    const [imported] = await json('import', folder.write('base.tar', base), '--id', 'base');
    const digest = `sha256:${createHash('sha256').update(base).digest('hex')}`;
    assert.deepEqual([imported!.kind, imported!.digest, imported!.diffId], ['layer-imported', digest, digest]);
    const app = await layers(['import', '-', '--id', 'app', '--parent', 'base'], await layerTar('app.txt', 'app'));
    assert.equal(app.exitCode, 0, app.stderr);
    assert.deepEqual(
      (await json('ls')).map(({ id, type }) => [id, type]),
      [
        ['app', 'read-only'],
        ['base', 'read-only'],
      ],
    );
    assert.match((await layers(['ls'])).stdout, /^LAYER +TYPE +FOLDER\napp /);
  });

  it('exports a layer, whole or not at all', async () => {
    const file = folder.pathOf('out.tar');
    const [exported] = await json('export', 'app', '--parent', 'base', '-o', file);
    assert.equal(exported!.digest, `sha256:${createHash('sha256').update(readFileSync(file)).digest('hex')}`);
    assert.ok(readFileSync(file).includes('app.txt'));
    const piped = await layers(['export', 'app', '--parent', 'base', '-o', '-', '--format', 'gzip']);
    assert.equal(piped.exitCode, 0, piped.stderr);
    assert.equal(piped.stdout.startsWith('\x1f'), true);
    const missing = await layers(['export', 'nothing', '-o', folder.pathOf('nothing.tar')]);
    assert.equal(missing.exitCode, 1);
    assert.deepEqual(
      readdirSync(folder.path).filter((name) => name.startsWith('nothing')),
      [],
    );
    assert.equal((await layers(['export', 'app', '-o', '-', '--json'])).exitCode, 2);
  });

  it('verifies a layer against a digest', async () => {
    const [first] = await json('verify', 'base');
    assert.equal(first!.isEqual, null);
    const [same] = await json('verify', 'base', '--diff-id', String(first!.diffId));
    assert.equal(same!.isEqual, true);
    const other = await layers(['verify', 'base', '--diff-id', `sha256:${'0'.repeat(64)}`]);
    assert.equal(other.exitCode, 1);
    assert.match(other.stdout, /It is not sha256:000/);
  });

  it('refuses a tar that is not what it must be, and leaves nothing', async () => {
    const wrong = await layers([
      'import',
      folder.pathOf('base.tar'),
      '--id',
      'bad',
      '--diff-id',
      `sha256:${'1'.repeat(64)}`,
    ]);
    assert.equal(wrong.exitCode, 1);
    assert.equal(existsSync(join(root, 'images', 'layers', 'bad')), false);
  });

  it('refuses ids that belong to images, and those that are paths', async () => {
    for (const id of ['a'.repeat(64), 'import-1', 'a/b', '..']) {
      const { exitCode } = await layers(['import', folder.pathOf('base.tar'), '--id', id]);
      assert.equal(exitCode, 2, id);
    }
    assert.equal((await layers(['rm', 'a'.repeat(64)])).exitCode, 2);
  });

  it('mounts a scratch, makes a layer of it, and removes both', async () => {
    const name =
      process.platform === 'win32' ? `\\\\.\\pipe\\hostcompute-layers-${process.pid}` : folder.pathOf('host');
    await using served = await started(['simulate', '--name', name], /Ctrl\+C/);
    const at = ['--host', name, '--root', root, 'layers'];
    const parents = ['--parent', 'app', '--parent', 'base'];
    const mounted = await hostcompute([...at, 'mount', 'work', ...parents]);
    assert.equal(mounted.exitCode, 0, mounted.stderr);
    assert.match(mounted.stdout, /^\\\\\?\\Volume\{/);
    assert.equal((await hostcompute([...at, 'unmount', 'work'])).stdout, 'work\n');
    const committed = await hostcompute([...at, 'commit', 'work', '--id', 'next', ...parents, '--json']);
    assert.equal(committed.exitCode, 0, committed.stderr);
    assert.equal((JSON.parse(committed.stdout) as { id: string }).id, 'next');
    assert.equal((await hostcompute([...at, 'rm', 'work', 'next'])).stdout, 'work\nnext\n');
    assert.deepEqual(
      (await json('ls')).map(({ id }) => id),
      ['app', 'base'],
    );
    await served.end('SIGTERM');
  });

  it('needs a host that lasts to mount', async () => {
    const { exitCode, stderr } = await hostcompute(['--root', root, 'layers', 'mount', 'x', '--parent', 'base'], {
      HOSTCOMPUTE_HOST: undefined,
      HOSTCOMPUTE_SIMULATOR_SOCKET: folder.pathOf('nobody'),
    });
    if (process.platform === 'win32') return;
    assert.equal(exitCode, 125);
    assert.match(stderr, /hostcompute simulate/);
  });

  it('takes another store, which has to be there', async () => {
    const other = folder.pathOf('other');
    assert.equal((await layers(['ls', '--store', other])).exitCode, 1);
    assert.equal(statSync(folder.path).isDirectory(), true);
  });
});
