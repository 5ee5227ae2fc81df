import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { runExample } from '../support/child.js';
import { imageLayout, sha256 } from '../support/layers/image-layout.js';
import { file, folder, tar } from '../support/layers/tar.js';

const lines = (text: string): string[] => text.trimEnd().split(/\r?\n/);
const files = folder('Files');
const archives = [tar(files, file('Files/a.txt', 'a')), tar(files, folder('Files/app'), file('Files/app/b.txt', 'b'))];
const diffIds = archives.map((archive) => `sha256:${sha256(archive)}`);
const configuration = (os: string): object => ({
  os,
  'os.version': '10.0.20348.2700',
  config: { Cmd: ['cmd /c echo from the image'], ArgsEscaped: true },
  rootfs: { type: 'layers', diff_ids: diffIds },
});

describe('The example import-image', () => {
  let place: string;

  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), 'hostcompute-image-'));
  });

  afterEach(() => rmSync(place, { recursive: true }));

  function layout(os = 'windows', damage?: (blob: Buffer) => Buffer): string {
    return imageLayout(join(place, 'layout'), {
      archives,
      configuration: configuration(os),
      ...(damage && { damage }),
    });
  }

  it('imports an OCI layout and runs its command in a container', async () => {
    const { code, stdout, stderr } = await runExample('import-image', [layout()]);
    assert.deepEqual([lines(stdout), code], [['from the image'], 0], stderr);
    const [first, ...rest] = lines(stderr);
    assert.equal(first, 'Host: simulated; no container runs');
    assert.deepEqual(
      rest.filter((line) => line.includes(' entries in ')).map((line) => line.slice(0, 64)),
      diffIds.map((id) => id.slice('sha256:'.length)),
    );
  });

  it('imports a docker save archive, and runs another command', async () => {
    const saved = join(place, 'image.tar');
    const manifest = [{ Config: 'config.json', Layers: ['0/layer.tar', '1/layer.tar'] }];
    writeFileSync(
      saved,
      tar(
        { name: 'config.json', body: JSON.stringify(configuration('windows')) },
        ...archives.map((body, index) => ({ name: `${index}/layer.tar`, body })),
        { name: 'manifest.json', body: JSON.stringify(manifest) },
      ),
    );
    const { code, stdout, stderr } = await runExample('import-image', [saved, '--', 'cmd', '/c', 'exit', '5']);
    assert.deepEqual([stdout, code], ['', 5], stderr);
  });

  it('reuses the layers of a store', async () => {
    const store = join(place, 'store');
    mkdirSync(store);
    const source = layout();
    for (const imports of [2, 0]) {
      const { code, stderr } = await runExample('import-image', ['--store', store, source]);
      assert.equal(code, 0, stderr);
      assert.equal(stderr.split(' entries in ').length - 1, imports);
    }
    assert.deepEqual(readdirSync(store).sort(), diffIds.map((id) => id.slice('sha256:'.length)).sort());
  });

  it('refuses a Linux image before importing anything', async () => {
    const { code, stderr } = await runExample('import-image', [layout('linux')]);
    assert.equal(code, 1);
    assert.match(stderr, /is an image of linux: a process-isolated container needs one of windows/);
    assert.doesNotMatch(stderr, /entries/);
  });

  it('refuses a layer that does not match the manifest, and leaves nothing behind', async () => {
    const store = join(place, 'store');
    mkdirSync(store);
    const other = gzipSync(tar(files, file('Files/other', 'x')));
    const { code, stderr } = await runExample('import-image', ['--store', store, layout('windows', () => other)]);
    assert.equal(code, 1);
    assert.match(stderr, /digest/);
    assert.deepEqual(readdirSync(store), []);
  });
});
