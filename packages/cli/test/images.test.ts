import assert from 'node:assert/strict';
import { mkdirSync, readdirSync } from 'node:fs';

import { Folder } from './support/folder.js';
import type { Ran } from './support/hostcompute.js';
import { hostcompute } from './support/hostcompute.js';
import { SmallRegistry } from './support/small-registry.js';

const windows = (version: string) => ({ os: 'windows', 'os.version': version });

describe('hostcompute images', () => {
  const folder = new Folder();
  let registry: SmallRegistry;
  before(async () => {
    registry = await SmallRegistry.open();
    // What is pulled by its bare name comes from here.
    mkdirSync(folder.pathOf('hosts'));
    mkdirSync(folder.pathOf('hosts/docker.io'));
    folder.write(
      'hosts/docker.io/hosts.toml',
      `[host."http://${registry.host}"]\n  capabilities = ["pull", "resolve"]\n`,
    );
    await registry.image('library/nanoserver', 'ltsc2019-amd64', windows('10.0.17763.5458'));
    const builds = ['10.0.17763.5458', '10.0.20348.2966', '10.0.26100.32230', '10.0.20348.9'].map(windows);
    await registry.index('library/nanoserver', 'ltsc2019', [{ os: 'linux' }, ...builds]);
    await registry.index('library/busybox', 'latest', [{ os: 'linux' }]);
  });
  after(async () => {
    await registry[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  const run = (words: readonly string[], input?: string): Promise<Ran> =>
    hostcompute(
      ['--host', 'simulated', '--root', folder.pathOf('root'), ...words],
      { HOSTCOMPUTE_REGISTRY_HOSTS: folder.pathOf('hosts'), DOCKER_CONFIG: folder.pathOf('docker') },
      input,
    );
  const json = async (...words: readonly string[]): Promise<Record<string, unknown>[]> => {
    const { exitCode, stdout, stderr } = await run([...words, '--json']);
    assert.equal(exitCode, 0, stderr);
    return stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Record<string, unknown>]));
  };

  it('pull nanoserver:ltsc2019-amd64', async () => {
    const { exitCode, stdout, stderr } = await run(['pull', 'nanoserver:ltsc2019-amd64']);
    assert.equal(exitCode, 0, stderr);
    assert.match(
      stdout,
      /^docker\.io\/library\/nanoserver:ltsc2019-amd64: [\da-f]{12}, windows\/amd64 10\.0\.17763\.5458\n$/,
    );
    assert.doesNotMatch(stderr, /\x1b|\[=/, 'no bars in a pipe');
  });

  it('pull nanoserver:ltsc2019: of an index the build that is asked for, numbers compared as such', async () => {
    const platform = 'windows/amd64:10.0.20348';
    const [image] = await json('images', 'pull', 'nanoserver:ltsc2019', '--platform', platform);
    assert.deepEqual([image!.kind, image!.os, image!.osVersion], ['image', 'windows', '10.0.20348.2966']);
  });

  it('pull busybox:latest: refused before the first blob, naming the platform', async () => {
    const before = registry.requests.length;
    const { exitCode, stdout, stderr } = await run(['pull', 'busybox:latest', '--json']);
    assert.equal(exitCode, 1);
    assert.match(stderr, /linux/);
    assert.equal((JSON.parse(stdout) as { code: string }).code, 'ERR_HC_IMAGE_PLATFORM');
    assert.equal(
      registry.requests.slice(before).some((request) => request.includes('/blobs/')),
      false,
    );
  });

  it('lists and shows images', async () => {
    const [first] = await json('images', 'ls');
    assert.deepEqual([first!.kind, first!.created], ['image', '2026-01-02T03:04:05.000Z']);
    const { stdout } = await run(['images', 'ls']);
    assert.match(
      stdout,
      /^IMAGE +ID +PLATFORM +SIZE +CREATED\ndocker\.io\/library\/nanoserver:ltsc2019 +[\da-f]{12} +windows\/amd64 10\.0\.20348\.2966 +[\d.]+ kB +2026-01-02\n/,
    );
    const [details] = await json('images', 'inspect', String(first!.id).slice(7, 19));
    assert.deepEqual((details!.configuration as { config: object }).config, { Cmd: ['cmd'] });
  });

  it('tags and removes', async () => {
    const [tagged] = await json('images', 'tag', 'nanoserver:ltsc2019', 'mine:1');
    assert.ok((tagged!.references as string[]).includes('docker.io/library/mine:1'));
    assert.equal((await run(['images', 'rm', 'nanoserver:ltsc2019', 'nothing:1'])).exitCode, 1);
    assert.match((await run(['images', 'rm', 'mine:1'])).stdout, /^name docker\.io\/library\/mine:1\n/);
    const [removed] = await json('images', 'rm', 'nanoserver:ltsc2019');
    assert.equal((removed!.images as string[]).length, 1);
    const [pruned] = await json('images', 'prune', '--dry-run');
    assert.deepEqual([pruned!.kind, pruned!.dryRun, pruned!.layers], ['images-pruned', true, []]);
    assert.equal((await json('images', 'ls')).length, 1);
  });

  it('saves images as archives of both forms and as a folder, and loads them', async () => {
    const name = 'nanoserver:ltsc2019-amd64';
    const [before] = await json('images', 'inspect', name);
    for (const format of ['oci', 'docker', 'folder']) {
      const file = folder.pathOf(`saved.${format}`);
      const [saved] = await json('images', 'save', name, '-o', file, '--format', format);
      assert.deepEqual([saved!.kind, saved!.format], ['images-saved', format]);
      await json('images', 'rm', name);
      const [loaded] = await json('images', 'load', file);
      assert.deepEqual([loaded!.id, loaded!.references], [before!.id, ['docker.io/library/nanoserver:ltsc2019-amd64']]);
    }
    const missing = await run(['images', 'save', 'nothing:1', '-o', folder.pathOf('nothing.tar')]);
    assert.equal(missing.exitCode, 1);
    assert.equal(
      readdirSync(folder.path).some((each) => each.startsWith('nothing')),
      false,
    );
  });

  it('takes credentials from standard input, in two forms, and repeats none', async () => {
    registry.password = 'me:s3cret:with';
    const name = `${registry.host}/library/nanoserver:ltsc2019-amd64`;
    const pull = (input: string) => run(['pull', name, '--registry-auth-stdin'], input);
    assert.equal((await pull('me:s3cret:with\n')).exitCode, 0);
    assert.equal((await pull('{"username":"me","password":"s3cret:with"}')).exitCode, 0);
    const wrong = await pull('me:other');
    assert.equal(wrong.exitCode, 1);
    const none = await pull('s3cret');
    assert.equal(none.exitCode, 2);
    assert.doesNotMatch(wrong.stderr + none.stderr, /s3cret|other/);
    registry.password = undefined;
  });

  it('refuses what is no platform and no name', async () => {
    for (const words of [
      ['--platform', 'Windows 11'],
      ['--isolation', 'full'],
    ])
      assert.equal((await run(['pull', 'nanoserver:ltsc2019', ...words])).exitCode, 2, words.join(' '));
    const { exitCode, stderr } = await run(['pull', 'https://x/y']);
    assert.equal(exitCode, 1);
    assert.match(stderr, /Leave out https:/);
  });

  it('says what a file is that is no archive of images', async () => {
    const { exitCode, stderr } = await run(['images', 'load', folder.write('x.zip', 'PK\x03\x04')]);
    assert.equal(exitCode, 1);
    assert.match(stderr, /zip/i);
  });
});
