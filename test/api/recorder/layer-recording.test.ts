import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { grantVmAccess, Host, LayerStore, nameToGuid } from 'hostcompute';

import { useSimulator } from '../../support/host.js';
import { useLayers } from '../../support/layers/layers.js';
import { recordInto, useFile } from '../../support/recording.js';

describe('A recording of storage calls', () => {
  const bench = useSimulator();
  const layers = useLayers(bench);
  const file = useFile();

  const play = async (host: Host): Promise<unknown> => {
    const store = await LayerStore.open(layers.folder, { host });
    const mounted = await store.mount('scratch', ['app', 'base']);
    const heard: unknown[] = [mounted.volume, mounted.storage, await store.exists('none'), await store.baseImages()];
    await mounted.close();
    await store.expandScratch('scratch', 2 ** 40);
    await store.export('app', join(layers.folder, 'out'), ['base']);
    await assert.rejects(grantVmAccess('vm', join(layers.folder, 'none'), { host }), { code: 'ERROR_FILE_NOT_FOUND' });
    heard.push(await nameToGuid('a name', { host }));
    return heard;
  };

  beforeEach(async () => {
    await layers.scratch();
    await mkdir(join(layers.folder, 'out'));
  });

  it('contains parents, sizes, GUIDs and paths, and replays them', async () => {
    let expected: unknown;
    const lines = await recordInto(file, async (host) => {
      expected = await play(host);
    });
    const inputOf = (name: string): unknown => lines.find((line) => line.function === `vmcompute.${name}`)?.input;
    const { store } = layers;
    const ids = [
      await nameToGuid('app', { host: bench.simulator.host }),
      await nameToGuid('base', { host: bench.simulator.host }),
    ];
    assert.deepEqual(inputOf('PrepareLayer'), {
      layer: store.pathOf('scratch'),
      parents: { json: [ids[0], store.pathOf('app'), ids[1], store.pathOf('base')] },
    });
    assert.deepEqual(inputOf('ExpandSandboxSize'), { layer: store.pathOf('scratch'), bytes: 2 ** 40 });

    const replayed = await Host.open({ replay: file.path });
    assert.deepEqual(await play(replayed), expected);
    await replayed.close();
    assert.deepEqual(replayed.replay?.remaining, []);
  });

  it('diverges when the parents differ', async () => {
    await recordInto(file, play);
    const replayed = await Host.open({ replay: file.path });
    const store = await LayerStore.open(layers.folder, { host: replayed });
    await assert.rejects(store.mount('scratch', ['base']), { name: 'HcsReplayError' });
    await assert.rejects(replayed.close(), { name: 'HcsReplayError' });
  });
});
