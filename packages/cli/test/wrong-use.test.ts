// What is typed wrong ends with 2, and what is not there with 1 or 125: both say what to do.
import assert from 'node:assert/strict';

import type { Ran } from './support/hostcompute.js';
import { hostcompute } from './support/hostcompute.js';
import { ServedHost } from './support/served-host.js';
import { started } from './support/started.js';
import { Folder } from './support/folder.js';

function says({ exitCode, stdout, stderr }: Ran, code: number, ...wanted: readonly RegExp[]): void {
  assert.equal(exitCode, code, stderr);
  assert.equal(stdout, '');
  for (const each of wanted) assert.match(stderr, each);
}

describe('Wrong use', () => {
  it('of help names commands that are near', async () => {
    says(await hostcompute(['help', 'nosuch']), 2, /unknown command 'nosuch'/);
    says(await hostcompute(['help', 'imges']), 2, /unknown command 'imges'/, /images/);
    says(await hostcompute(['help', 'layers', 'imprt']), 2, /unknown command 'imprt'/, /import/);
    says(await hostcompute(['help', 'rmi']), 2, /hostcompute images rm/);
  });

  it('help prints that of a command', async () => {
    const { exitCode, stdout } = await hostcompute(['help', 'layers', 'import']);
    assert.equal(exitCode, 0);
    assert.match(stdout, /^Usage: hostcompute layers import /);
    assert.doesNotMatch(stdout, /default: \[\]/);
    assert.equal((await hostcompute(['help'])).stdout, (await hostcompute([])).stdout);
  });

  it('of exec, save and explain says what is missing', async () => {
    says(await hostcompute(['exec']), 2, /No container is named/, /hostcompute exec NAME COMMAND/);
    says(await hostcompute(['exec', 'web']), 2, /no command to run/);
    says(await hostcompute(['save', 'web']), 2, /Add --output <file>/);
    says(await hostcompute(['explain', '']), 2, /A code is empty/, /0xC0370106/);
    says(await hostcompute(['run', '-e', '', 'image']), 2, /-e "" has no name/);
    says(await hostcompute(['run', '--label', '=x', 'image']), 2, /--label "=x" has no name/);
    says(await hostcompute(['run', '--layers', 'a'.repeat(64), 'cmd']), 2, /is a layer of images/, /Run the image/);
  });

  it('of layers: an id is the name of one folder', async () => {
    using root = new Folder();
    const layers = async (...words: readonly string[]): Promise<Ran> =>
      hostcompute(['--host', 'simulated', '--root', root.path, 'layers', ...words]);
    says(await layers('rm', '..'), 2, /"\.\." cannot be the id of a layer/);
    says(await layers('verify', '..'), 2, /"\.\." cannot be the id of a layer/);
    says(await layers('commit', '..', '--id', 'new'), 2, /"\.\." cannot be the id of a layer/);
    says(await layers('verify', 'missing'), 1, /There is no layer "missing"/, /hostcompute layers ls/);
  });

  it('of a host says what there is', async () => {
    says(await hostcompute(['ps'], { HOSTCOMPUTE_HOST: 'bogus' }), 2, /HOSTCOMPUTE_HOST is "bogus"/, /must be windows/);
    if (process.platform !== 'win32')
      says(await hostcompute(['--host', 'windows', 'ps']), 125, /on Windows only/, /Leave --host out/);
  });

  it('of an image that is not there says what to type', async () => {
    using root = new Folder();
    const words = ['--host', 'simulated', '--root', root.path, 'run', '--pull', 'never', 'nosuch', 'cmd'];
    const { exitCode, stderr } = await hostcompute(words);
    assert.equal(exitCode, 125);
    assert.match(stderr, /hostcompute images ls/);
    assert.doesNotMatch(stderr, /list\(\)/);
  });

  if (process.platform === 'linux') {
    it('of a root folder where none can be ends', async () => {
      const words = ['--host', 'simulated', 'images', 'ls', '--root', '/proc/nosuch'];
      says(await hostcompute(words), 125, /\/proc\/nosuch\/images cannot be made/, /--root/);
    });
  }
});

describe('ps --watch', () => {
  let served: ServedHost;
  before(async () => {
    served = await ServedHost.open();
  });
  after(async () => served[Symbol.asyncDispose]());

  it('needs a terminal or a program', async () => {
    says(await served.run('ps', '--watch'), 2, /--watch needs a terminal/, /--json/);
  });

  it('prints what comes, what changes and what goes', async () => {
    await using running = await started(served.words(['ps', '--watch', '--json']), undefined);
    const system = await served.container('seen');
    await running.until(/"container","id":"seen","state":"Running"/);
    await system.terminate();
    await system.close();
    await running.until(/"container-gone","id":"seen"/);
    assert.equal((await running.end('SIGINT')).exitCode, 130);
    const lines = running
      .stdout()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string; id: string });
    // Nothing is printed again while nothing changes.
    assert.equal(new Set(lines.map((line) => JSON.stringify(line))).size, lines.length);
    assert.equal(lines.at(-2)!.kind, 'container-gone');
  });
});
