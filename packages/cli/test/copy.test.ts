// Files and folders that go into a container and come out again, on a simulated host that this process serves.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { extract, pack } from 'tar-stream';

import { hostcompute } from './support/hostcompute.js';
import { addLayers } from './support/layers.js';
import { ServedHost } from './support/served-host.js';
import { started } from './support/started.js';

describe('hostcompute cp', function () {
  this.timeout(120_000);
  let served: ServedHost;
  let place: string;

  before(async () => {
    served = await ServedHost.open();
    await addLayers(served.folder.pathOf('root'), served.simulator.host);
    const { exitCode, stderr } = await served.run('run', '-d', '--name', 'web', '--layers', 'app,base', 'sim-sleep');
    assert.equal(exitCode, 0, stderr);
  });
  beforeEach(() => {
    place = mkdtempSync(join(served.folder.path, 'cp-'));
  });
  after(async () => {
    await served.run('rm', '-f', 'web');
    await served[Symbol.asyncDispose]();
  });

  const at = (...names: readonly string[]): string => join(place, ...names);
  /** A folder of each test's own in the container. */
  const there = (path = ''): string => `web:C:\\${place.slice(-6)}${path}`;
  const copies = async (from: string, to: string): Promise<void> => {
    const { exitCode, stderr } = await served.run('cp', from, to);
    assert.equal(exitCode, 0, stderr);
  };
  const fails = async (from: string, to: string, expected = 1): Promise<string> => {
    const before = treeOf(place);
    const { exitCode, stderr } = await served.run('cp', from, to);
    assert.equal(exitCode, expected, stderr);
    assert.deepEqual(treeOf(place), before);
    return stderr;
  };

  it('copies a file of some MB both ways, byte for byte', async () => {
    const bytes = randomBytes(5_000_001);
    writeFileSync(at('big.bin'), bytes);
    await copies(at('big.bin'), there());
    await copies(there(), at('back.bin'));
    assert.ok(bytes.equals(readFileSync(at('back.bin'))));
    assert.deepEqual(readdirSync(place).sort(), ['back.bin', 'big.bin']);
    // A tar that ends before it has read all says why.
    assert.match(
      await fails(at('big.bin'), there('-none\\x')),
      /tar in "web" ended with exit code 1: .*could not chdir/,
    );
  });

  it('copies a folder with 2,000 files, empty ones, empty folders, long names and letters of all kinds', async () => {
    mkdirSync(at('tree', 'empty', 'deeper'), { recursive: true });
    mkdirSync(at('tree', 'Grüße'));
    writeFileSync(at('tree', 'Grüße', '日本語.txt'), 'hello');
    writeFileSync(at('tree', 'zero'), '');
    writeFileSync(at('tree', '-C'), 'no option');
    writeFileSync(at('tree', `${'long'.repeat(40)}.txt`), 'long');
    mkdirSync(at('tree', 'many'));
    for (let i = 0; i < 2000; i++) writeFileSync(at('tree', 'many', `${i}.txt`), `file ${i}`);
    await copies(at('tree'), there());
    await copies(there(), at('back'));
    assert.deepEqual(treeOf(at('back')), treeOf(at('tree')));
  });

  it('goes into a folder that is there, with its name, or with /. without', async () => {
    mkdirSync(at('one'));
    writeFileSync(at('one', 'a.txt'), 'a');
    await copies(at('one'), there());
    await copies(at('one'), there());
    await copies(there(), at('out'));
    assert.deepEqual(treeOf(at('out')), { 'a.txt': 'a', one: { 'a.txt': 'a' } });
    writeFileSync(at('one', 'a.txt'), 'b');
    await copies(`${at('one')}/.`, there());
    mkdirSync(at('into'));
    await copies(there('\\.'), at('into'));
    assert.deepEqual(treeOf(at('into')), { 'a.txt': 'b', one: { 'a.txt': 'a' } });
    await copies(there('\\one'), at('into'));
    await copies(there('\\a.txt'), at('into', 'one'));
    assert.deepEqual(treeOf(at('into')), { 'a.txt': 'b', one: { 'a.txt': 'b' } });
  });

  it('refuses what has no place, and leaves nothing', async () => {
    mkdirSync(at('folder'));
    writeFileSync(at('file'), 'file');
    await copies(at('folder'), there());
    await copies(at('file'), there());
    assert.match(await fails(there('\\none'), at('x')), /exit code 1: tar: none: Couldn't visit directory/);
    assert.match(await fails(there(), at('none', 'x')), /There is no folder/);
    assert.match(await fails(there(), at('file')), /is a file, and a folder is copied/);
    assert.match(await fails(there('\\file'), at('x/')), /There is no folder/);
    assert.match(await fails(there('\\file\\'), at('x')), /is no folder/);
    assert.match(await fails(at('file'), there('\\none\\x')), /could not chdir to/);
    assert.match(await fails(at('file'), there('\\none\\')), /There is no folder/);
    assert.match(await fails(at('folder'), there('\\file')), /is no folder, and/);
    assert.match(await fails(at('none'), there()), /is not there/);
  });

  it('says what was typed wrong, and which container does not run', async () => {
    for (const [from, to, wanted] of [
      ['web:C:\\a', 'other:C:\\b', /hostcompute cp web:C:\\a - \| hostcompute cp - other:C:\\b/],
      ['a', 'b', /CONTAINER:PATH/],
      ['web:C:\\*.txt', '.', /is no path/],
      ['web:C:\\', '.', /a whole drive/],
    ] as const) {
      const { exitCode, stderr } = await served.run('cp', from, to);
      assert.deepEqual([exitCode, wanted.test(stderr)], [2, true], stderr);
    }
    const { exitCode, stderr } = await served.run('cp', 'nosuch:C:\\a', at('a'));
    assert.deepEqual([exitCode, stderr.includes('no container "nosuch"')], [125, true], stderr);
  });

  it('takes and gives a tar', async () => {
    const tar = pack();
    tar.entry({ name: 'one', type: 'directory' });
    tar.entry({ name: 'one/a.txt' }, 'a');
    tar.finalize();
    const { buffer } = await import('node:stream/consumers');
    const bytes = await buffer(tar);
    mkdirSync(at('folder'));
    await copies(at('folder'), there());
    const taken = await hostcompute(served.words(['cp', '-', there()]), {}, bytes);
    assert.equal(taken.exitCode, 0, taken.stderr);
    assert.match(taken.stdout, /2.0 kB|2.6 kB/);
    await copies(there(), at('out'));
    assert.deepEqual(treeOf(at('out')), { one: { 'a.txt': 'a' } });
    const given = await served.run('cp', there('\\one'), '-');
    assert.equal(given.exitCode, 0, given.stderr);
    const names: string[] = [];
    const entries = extract();
    entries.end(Buffer.from(given.stdout, 'latin1'));
    for await (const entry of entries) {
      names.push(entry.header.name);
      entry.resume();
    }
    assert.deepEqual(names, ['one/', 'one/a.txt']);
    const none = await hostcompute(served.words(['cp', '-', there('\\none')]), {}, bytes);
    assert.deepEqual([none.exitCode, none.stderr.includes('There is no folder')], [1, true]);
    const cut = await hostcompute(served.words(['cp', '-', there()]), {}, bytes.subarray(0, 1024 + 100));
    assert.deepEqual([cut.exitCode, cut.stderr.includes('Truncated')], [1, true], cut.stderr);
  });

  it('is the same with a kernel of its own, and ends with the container', async () => {
    const ran = await served.run(
      'run',
      '-d',
      '--name',
      'vm',
      '--isolation',
      'hyperv',
      '--layers',
      'app,base',
      'sim-sleep',
    );
    assert.equal(ran.exitCode, 0, ran.stderr);
    writeFileSync(at('a.txt'), 'a');
    await copies(at('a.txt'), 'vm:C:\\Users');
    await copies('vm:C:\\Users\\a.txt', at('b.txt'));
    assert.equal(readFileSync(at('b.txt'), 'utf8'), 'a');
    const { Pipes } = await served.simulator.state();
    await using copying = await started(served.words(['cp', '-', 'vm:C:\\Users']), undefined);
    // The tar that looks whether there is a folder has two.
    assert.equal(await served.simulator.reached({ pipes: Pipes + 3 }, 30_000), true);
    assert.equal((await served.run('rm', '-f', 'vm')).exitCode, 0);
    const { exitCode, stderr } = await copying.ended();
    assert.deepEqual([exitCode === 0, /tar in "vm" (has )?ended/.test(stderr)], [false, true], stderr);
    assert.match(await fails(at('a.txt'), 'vm:C:\\', 125), /no container "vm"/);
  });

  it('is ended by Ctrl+C, in the container as well', async () => {
    mkdirSync(at('folder'));
    await copies(at('folder'), there());
    const { Pipes } = await served.simulator.state();
    await using copying = await started(served.words(['cp', '-', there()]), undefined);
    assert.equal(await served.simulator.reached({ pipes: Pipes + 3 }, 30_000), true);
    const { exitCode, stderr } = await copying.end('SIGINT');
    assert.deepEqual([exitCode, /process \d+ in "web" was ended/.test(stderr)], [130, true], stderr);
    assert.equal(await served.simulator.reached({ pipes: Pipes }, 30_000), true);
  });

  it('is ended by Ctrl+C while its tar starts', async () => {
    mkdirSync(at('folder'));
    await copies(at('folder'), there());
    const { Pipes } = await served.simulator.state();
    const fault = await served.simulator.inject({ function: 'vmcompute.HcsCreateProcess', block: true });
    await using copying = await started(served.words(['cp', there(), at('x')]), undefined);
    assert.equal(await served.simulator.reached({ blockedCalls: 1 }, 30_000), true);
    const ended = copying.end('SIGINT');
    await fault.release();
    const { exitCode, stderr } = await ended;
    assert.equal(exitCode, 130, stderr);
    assert.deepEqual(readdirSync(place), ['folder']);
    assert.equal(await served.simulator.reached({ pipes: Pipes }, 30_000), true);
  });

  it('says when a container has no tar', async () => {
    await served.simulator.inject({ function: 'vmcompute.HcsCreateProcess', status: 0x80070002 });
    const { exitCode, stderr } = await served.run('cp', there(), at('x'));
    assert.deepEqual([exitCode, /"web" has no program tar.*1803/.test(stderr)], [127, true], stderr);
    const printed = await served.run('--json', 'cp', there(), '-');
    assert.equal(printed.exitCode, 2, printed.stderr);
  });

  it('replaces a link of this machine, and does not write through it', async () => {
    mkdirSync(at('folder'));
    writeFileSync(at('folder', 'a.txt'), 'new');
    await copies(at('folder'), there());
    writeFileSync(at('outside'), 'old');
    mkdirSync(at('into'));
    symlinkSync(at('outside'), at('into', 'a.txt'));
    await copies(there('\\a.txt'), at('into'));
    assert.deepEqual([readFileSync(at('outside'), 'utf8'), readFileSync(at('into', 'a.txt'), 'utf8')], ['old', 'new']);
    mkdirSync(at('elsewhere'));
    const name = there().slice('web:C:\\'.length);
    symlinkSync(at('elsewhere'), at('into', name));
    await fails(there(), at('into'));
    assert.equal(existsSync(at('elsewhere', 'a.txt')), false);
  });
});

/** Files with their contents, folders as objects. */
function treeOf(folder: string): Record<string, unknown> {
  return Object.fromEntries(
    readdirSync(folder, { withFileTypes: true })
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((entry) => {
        const path = join(folder, entry.name);
        if (entry.isSymbolicLink()) return [entry.name, `-> ${readlinkSync(path)}`];
        return [entry.name, entry.isDirectory() ? treeOf(path) : readFileSync(path, 'utf8')];
      }),
  );
}
