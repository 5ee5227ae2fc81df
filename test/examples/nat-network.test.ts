import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runExample } from '../support/child.js';
import { imageLayout } from '../support/layers/image-layout.js';
import { file, folder, tar } from '../support/layers/tar.js';

describe('The example nat-network', () => {
  let place: string;
  let image: string;

  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), 'hostcompute-image-'));
    const configuration = { os: 'windows', config: { Cmd: ['sim-http', '8888', 'from the image'] } };
    image = imageLayout(join(place, 'layout'), {
      archives: [tar(folder('Files'), file('Files/a.txt', 'a'))],
      configuration,
    });
  });

  afterEach(() => rmSync(place, { recursive: true }));

  it('fetches what the program in the container answers from the published port', async () => {
    const { code, stdout, stderr } = await runExample('nat-network', [image]);
    assert.deepEqual([stdout.trimEnd(), code], ['from the image', 0], stderr);
    assert.equal(stderr.split(/\r?\n/)[0], 'Host: simulated; no container runs');
    // Nothing could not be undone.
    assert.doesNotMatch(stderr, /HCN_E_|0x8/);
  });

  it('fails when the command ends, and still undoes everything', async () => {
    const { code, stdout, stderr } = await runExample('nat-network', [image, '--', 'cmd', '/c', 'exit', '5']);
    assert.deepEqual([stdout, code], ['', 1]);
    assert.deepEqual(stderr.trimEnd().split(/\r?\n/), [
      'Host: simulated; no container runs',
      'The command ended with 5 before it answered',
    ]);
  });
});
