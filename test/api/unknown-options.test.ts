import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';

import { Host, LayerStore, reap } from 'hostcompute';
import { supports } from 'hostcompute/documents';
import { Simulator } from 'hostcompute/simulator';

import { useSimulator } from '../support/host.js';

describe('an unknown option', () => {
  const bench = useSimulator();

  it('of reap() terminates nothing', async () => {
    const system = await bench.running();
    const { host } = bench.simulator;
    const { Owner } = await system.properties();
    const reaping = reap({ owner: Owner!, host, dryrun: true } as never);
    await assert.rejects(reaping, {
      field: 'options.dryrun',
      message: '"options.dryrun" must be a known option; received true. Did you mean dryRun?',
    });
    assert.equal((await system.properties()).State, 'Running');
  });

  it('of createProcess() and exec() names the option that was meant', async () => {
    const system = await bench.running();
    await assert.rejects(system.exec('cmd', { maxBufer: 5 } as never), {
      message: '"options.maxBufer" must be a known option; received 5. Did you mean maxBuffer?',
    });
    await assert.rejects(system.createProcess({ CommandLine: 'cmd' }, { cwd: 'C:\\' } as never), {
      message: '"options.cwd" must be a known option; received "C:\\\\". There are signal, timeoutMs.',
    });
  });

  it('of notifications(), Host.open(), Host#close() and supports() is refused', async () => {
    const system = await bench.running();
    assert.throws(() => system.notifications({ tpyes: [] } as never), { field: 'options.tpyes' });
    await assert.rejects(Host.open('simulated', { maxWorker: 5 } as never), { field: 'settings.maxWorker' });
    await assert.rejects(bench.simulator.host.close({ timeout: 5 } as never), { field: 'options.timeout' });
    assert.throws(() => supports('Container.FilterType', { build: 1 } as never), { field: 'host.build' });
  });
});

describe('options that must be an object', () => {
  const bench = useSimulator();
  const calls: readonly (readonly [string, string, (options: never) => unknown])[] = [
    ['reap()', 'options', (options) => reap(options)],
    ['Host.open()', 'settings', (settings) => Host.open('simulated', settings)],
    ['Host#close()', 'options', (options) => bench.simulator.host.close(options)],
    ['LayerStore.open()', 'options', (options) => LayerStore.open(tmpdir(), options)],
    ['Simulator.open()', 'settings', (settings) => Simulator.open(settings)],
    ['Simulator#configure()', 'configuration', (configuration) => bench.simulator.configure(configuration)],
    ['Simulator#inject()', 'rule', (rule) => bench.simulator.inject(rule)],
    ['Simulator#reached()', 'counters', (counters) => bench.simulator.reached(counters)],
    ['supports()', 'host', (host) => supports('Container.FilterType', host)],
  ];
  for (const [name, field, call] of calls) {
    for (const value of [null, 5, []]) {
      it(`of ${name} are not ${JSON.stringify(value)}`, async () => {
        await assert.rejects(Promise.resolve(value as never).then(call), { code: 'ERR_HC_ARGUMENT', field });
      });
    }
  }
});

describe('null', () => {
  const bench = useSimulator();

  it('is not a mode of a stream', async () => {
    const system = await bench.running();
    const refused = (stdio: unknown): Promise<unknown> => system.createProcess('cmd', { stdio } as never);
    await assert.rejects(refused(null), { field: 'options.stdio' });
    await assert.rejects(refused(['pipe', null]), { field: 'options.stdio[1]' });
  });

  it('is not the socket of a remote simulator', async () => {
    await assert.rejects(Simulator.open({ servedAt: null as never }), { field: 'settings.servedAt' });
  });

  it('is not a feature', () => {
    assert.throws(() => supports(null as never, { osBuild: 20348 }), { field: 'feature' });
  });
});
