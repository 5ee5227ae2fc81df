import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ComputeSystem, grantVmAccess, Host, LayerStore, nameToGuid, reap } from 'hostcompute';
import { supports } from 'hostcompute/documents';
import { record } from 'hostcompute/recorder';
import { Simulator } from 'hostcompute/simulator';

import { useSimulator } from '../../support/host.js';

describe('An unknown option', () => {
  const bench = useSimulator();

  it('of reap() rejects before anything is terminated', async () => {
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

  it('of createProcess() and exec() is rejected with the closest known option', async () => {
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

describe('Options that must be an object', () => {
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
      it(`of ${name} must not be ${JSON.stringify(value)}`, async () => {
        await assert.rejects(Promise.resolve(value as never).then(call), { code: 'ERR_HC_ARGUMENT', field });
      });
    }
  }
});

describe('An object that is not a plain object', () => {
  const bench = useSimulator();
  class Options {
    readonly timeoutMs = 5;
  }
  const objects: readonly (readonly [string, object])[] = [
    ['a Map', new Map([['timeoutMs', 5]])],
    ['a Set', new Set(['a'])],
    ['a Date', new Date(0)],
    ['an AbortSignal', new AbortController().signal],
    ['an AbortController', new AbortController()],
    ['an instance of a class', new Options()],
  ];
  for (const [name, object] of objects) {
    it(`is rejected as options and as environment: ${name}`, async () => {
      const system = await bench.running();
      await assert.rejects(system.properties([], object), { field: 'options' });
      await assert.rejects(system.stop(object), { field: 'options' });
      await assert.rejects(system.close(object), { field: 'options' });
      await assert.rejects(system.createProcess('cmd', object as never), { field: 'options' });
      const started = system.createProcess('cmd', { env: object as never });
      await assert.rejects(started, { field: 'options.env', message: /must be a plain object of names and values/ });
    });
  }

  it('is accepted when it is process.env or has no prototype', async () => {
    const system = await bench.running();
    const env = Object.assign(Object.create(null) as object, { GREETING: 'hello' });
    assert.match((await system.exec('cmd /c echo %GREETING%', { env: env })).stdout, /hello/);
    assert.equal((await system.exec('cmd /c exit 0', { env: process.env })).exitCode, 0);
  });
});

describe('ComputeSystem#createProcess()', () => {
  const bench = useSimulator();

  const refused: readonly (readonly [string, readonly unknown[], string, RegExp?])[] = [
    ['a document that is a Date', [new Date(0)], 'parameters'],
    ['a document that is a Map', [new Map([['CommandLine', 'cmd']])], 'parameters'],
    ['a Map in a document', [{ CommandLine: 'cmd', Environment: new Map() }], 'parameters.Environment'],
    ['a JSON document with arguments', ['{"CommandLine":"cmd"}', ['x']], 'args', /CommandLine or CommandArgs/],
    ['a member in another case', [{ commandLine: 'cmd' }], 'parameters.commandLine', /Did you mean CommandLine\?/],
    ['a misspelt command', [{ comand: 'cmd' }], 'parameters.comand', /Did you mean command\?/],
    ['another member of a console', ['cmd', { tty: { rows: 1, columns: 2, cols: 3 } }], 'options.tty.cols'],
  ];
  for (const [name, args, field, message] of refused) {
    it(`rejects ${name}`, async () => {
      const { createProcess } = await bench
        .running()
        .then((system) => ({ createProcess: system.createProcess.bind(system) }));
      const created = Reflect.apply(createProcess, undefined, args as never) as Promise<unknown>;
      await assert.rejects(created, { code: 'ERR_HC_ARGUMENT', field, ...(message && { message }) });
    });
  }

  it('accepts unknown document members, for versions newer than this package', async () => {
    const system = await bench.running();
    const child = await system.createProcess({ CommandLine: 'cmd /c exit 0', NewerThanThis: 1 } as never);
    await child.close();
  });
});

describe('null', () => {
  const bench = useSimulator();

  const nulls: readonly (readonly [string, () => Promise<unknown>, string])[] = [
    ['ComputeSystem.create()', () => ComputeSystem.create('x', {} as never, { host: null as never }), 'options.host'],
    ['ComputeSystem.open()', () => ComputeSystem.open('x', { host: null as never }), 'options.host'],
    ['ComputeSystem.list()', () => ComputeSystem.list({}, { host: null as never }), 'options.host'],
    ['LayerStore.open()', () => LayerStore.open(tmpdir(), { host: null as never }), 'options.host'],
    ['nameToGuid()', () => nameToGuid('x', { host: null as never }), 'options.host'],
    ['grantVmAccess()', () => grantVmAccess('x', tmpdir(), { host: null as never }), 'options.host'],
    ['reap()', () => reap({ owner: 'x', host: null as never }), 'options.host'],
    ['record()', () => record(join(tmpdir(), 'never-written.jsonl'), { host: null as never }), 'choice'],
    ['Host.open()', () => Host.open(null as never), 'choice'],
    ['a backend', () => Host.open('simulated', { backend: null as never }), 'settings.backend'],
    ['debug', () => Host.open('simulated', { debug: null as never }), 'settings.debug'],
  ];
  for (const [name, call, field] of nulls) {
    it(`is rejected as the host or setting of ${name}`, async () => {
      await assert.rejects(call(), { code: 'ERR_HC_ARGUMENT', field });
    });
  }

  it('is rejected as a signal and as an options document', async () => {
    const system = await bench.running();
    await assert.rejects(system.stop({ signal: null as never }), { field: 'options.signal' });
    await assert.rejects(system.pause({ options: null as never }), { field: 'options.options' });
    assert.throws(() => system.notifications({ signal: null as never }), { field: 'options.signal' });
  });

  it('is rejected as a stream mode', async () => {
    const system = await bench.running();
    const refused = (stdio: unknown): Promise<unknown> => system.createProcess('cmd', { stdio } as never);
    await assert.rejects(refused(null), { field: 'options.stdio' });
    await assert.rejects(refused(['pipe', null]), { field: 'options.stdio[1]' });
  });

  it('is rejected as the name of a remote simulator', async () => {
    await assert.rejects(Simulator.connect(null as never), { field: 'name' });
  });

  it('is rejected as a feature', () => {
    assert.throws(() => supports(null as never, { osBuild: 20348 }), { field: 'feature' });
  });
});

describe('A relative path', () => {
  const bench = useSimulator();

  it('is rejected as the socket of a remote simulator', async () => {
    await assert.rejects(Simulator.connect('relative/path'), { field: 'name' });
    await assert.rejects(bench.simulator.serve('relative/path'), { field: 'name' });
  });
});
