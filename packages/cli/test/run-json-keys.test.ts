// The members of the JSON of what runs containers, as test/json-keys.json has them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { addLayers } from './support/layers.js';
import { ServedHost } from './support/served-host.js';

type Keys = Readonly<Record<string, readonly string[]>>;

const table = JSON.parse(readFileSync(new URL('../../test/json-keys.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, Keys>
>;

const layers = ['--layers', 'app,base'];

describe('The members of JSON of containers', () => {
  let served: ServedHost;
  before(async () => {
    served = await ServedHost.open();
    await addLayers(served.folder.pathOf('root'), served.simulator.host);
  });
  after(async () => served[Symbol.asyncDispose]());

  /** Runs a command, which has to print objects of these kinds. */
  async function prints(kinds: readonly string[], command: string, ...words: readonly string[]): Promise<void> {
    const { stdout, stderr } = await served.run('--json', command, ...words);
    const printed = stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as { kind: string }]));
    assert.deepEqual([...new Set(printed.map(({ kind }) => kind))], kinds, stderr);
    for (const each of printed)
      assert.deepEqual(Object.keys(each), table[command]?.[each.kind], `${command} ${each.kind}`);
  }

  it('are held', async () => {
    await prints(['document'], 'run', '--print-document', ...layers, 'cmd');
    await prints(['started', 'output', 'exit'], 'run', ...layers, 'cmd', '/c', 'echo hello');
    await prints(['started'], 'run', '-d', '--name', 'one', ...layers, 'cmd', '/c', 'echo hello& sim-sleep');
    await prints(['container'], 'ps');
    await prints(['started', 'output', 'exit'], 'exec', 'one', 'cmd', '/c', 'echo hello');
    await prints(['started'], 'exec', '-d', 'one', 'sim-sleep');
    await prints(['copied'], 'cp', served.folder.write('given.txt', 'given'), 'one:C:\\given.txt');
    await prints(['log'], 'logs', 'one');
    await prints(['killed'], 'kill', '-s', 'INT', 'one');
    await prints(['stopped'], 'stop', 'one');
    await prints(['removed'], 'rm', 'one');
    await prints(['started'], 'run', '-d', '-i', '--name', 'two', ...layers, 'sim-cat');
    await prints(['exit'], 'attach', 'two');
    await prints(['reaped'], 'reap', '--all');
    await served.run('rm', '-f', 'two');
  });
});
