import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { runIn } from '../support/child.js';

describe('The image in the README', function () {
  this.timeout(60_000);
  const lines = [...readFileSync('docs/images/npm-start.svg', 'utf8').matchAll(/<text [^>]*>([^<]*)<\/text>/g)];
  const [command, ...shown] = lines.map(([, text = '']) => text);

  it('shows a run on the simulated host', () => {
    assert.equal(command, '$ npm start');
    assert.match(shown[0] ?? '', /^Host: simulated/);
  });

  it('shows the output of `npm start`, except for the figures', async () => {
    const words = (text: string): string[] => text.replace(/\(this is [^;]*/, '').match(/[a-z]{2,}/gi) ?? [];
    const args = ['--host', 'simulated', '--count', '2', '--warmup', '0'];
    const { code, stdout } = await runIn('.', resolve('out/bench/start.js'), args);
    assert.equal(code, 0);
    assert.deepEqual(words(shown.join(' ')), words(stdout));
  });
});
