import assert from 'node:assert/strict';

import type { ComputeSystem } from 'hostcompute';

import { usageOf } from '../src/commands/systems/usage.js';
import { ServedHost } from './support/served-host.js';
import { started } from './support/started.js';

describe('Commands that look at containers', () => {
  let served: ServedHost;
  let web: ComputeSystem;
  before(async () => {
    served = await ServedHost.open();
    await served.simulator.configure({ pauseContainers: true });
    web = await served.container('web');
  });
  after(async () => {
    await web.close();
    await served[Symbol.asyncDispose]();
  });

  it('inspect prints all that the host says', async () => {
    const [shown] = await served.json('inspect', 'web');
    assert.deepEqual(
      [shown!.kind, shown!.id, shown!.owner, shown!.state],
      ['container', 'web', 'hostcompute-cli', 'Running'],
    );
    const properties = shown!.properties as Record<string, unknown>;
    assert.ok(properties.Statistics !== undefined);
    assert.equal((JSON.parse((await served.run('inspect', 'web')).stdout) as { id: string }).id, 'web');
    const refused = await served.run('inspect', 'web', '--property', 'Nonsense');
    assert.notEqual(refused.exitCode, 0);
  });

  it('top lists processes', async () => {
    const system = await served.container('busy');
    await using process = await system.createProcess('sim-sleep 600000');
    const processes = await served.json('top', 'busy');
    assert.ok(processes.some(({ kind, pid }) => kind === 'process' && pid === process.pid));
    assert.match((await served.run('top', 'busy')).stdout, /^PID +PROGRAM +USER +KERNEL +MEMORY\n/);
    await process.kill();
    await system.terminate();
    await system.close();
  });

  it('stats prints a sample of each that runs', async () => {
    const [sample] = await served.json('stats', '--no-stream');
    assert.deepEqual([sample!.kind, sample!.id, sample!.cpuPercent], ['stats', 'web', null]);
    assert.match((await served.run('stats', 'web', '--no-stream')).stdout, /^CONTAINER +CPU +MEMORY/);
  });

  it('stats goes on until it is ended', async () => {
    const words = served.words(['stats', 'web', '--interval', '10ms', '--json']);
    await using running = await started(words, /\n.*\n.*\n/);
    assert.deepEqual((await running.end('SIGINT')).exitCode, 130);
    const samples = running
      .stdout()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string; cpuPercent: number | null });
    // Last comes what ended it.
    assert.equal(samples.pop()!.kind, 'error');
    assert.ok(samples.every(({ kind, cpuPercent }) => kind === 'stats' && (cpuPercent === null || cpuPercent >= 0)));
  });

  it('pause and resume', async () => {
    assert.equal((await served.run('pause', 'web')).stdout, 'web\n');
    assert.equal((await served.json('inspect', 'web'))[0]!.state, 'Paused');
    assert.deepEqual(await served.json('resume', 'web'), [{ kind: 'resumed', id: 'web' }]);
    assert.equal((await served.run('resume', 'web')).exitCode, 1);
  });

  it('events prints what happens to those that come later as well', async () => {
    await using running = await started(served.words(['events', '--json']), undefined);
    const late = await served.container('late');
    // Two of each container, and that of the network service.
    assert.equal(await served.simulator.reached({ handles: { registration: 5 } }, 30_000), true);
    await late.terminate();
    await running.until(/"SystemExited"/);
    const { exitCode, stderr } = await running.end('SIGINT');
    assert.equal(exitCode, 130, stderr);
    const seen = running
      .stdout()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const exit = seen.find(({ type }) => type === 'SystemExited')!;
    assert.deepEqual([exit.kind, exit.source, exit.id, exit.status], ['event', 'system', 'late', null]);
    await late.close();
  });

  it('say that there is no such container', async () => {
    for (const command of ['inspect', 'top', 'stats', 'pause', 'resume']) {
      const { exitCode, stderr } = await served.run(command, 'nothing');
      assert.equal(exitCode, 1, command);
      assert.match(stderr, /There is no container "nothing"\. List those that run by "hostcompute ps"/);
    }
  });
});

describe('The share of the processor', () => {
  const at = (second: number): Date => new Date(1_700_000_000_000 + second * 1000);
  const used = (seconds: number) => ({ Processor: { TotalRuntime100ns: seconds * 1e7 } });

  it('is that since the sample before', () => {
    const first = usageOf('web', used(10), at(0), undefined);
    assert.deepEqual([first.cpuPercent, first.cpuTimeMs, first.memoryBytes], [null, 10_000, null]);
    assert.equal(usageOf('web', used(13), at(2), first).cpuPercent, 150);
    assert.equal(usageOf('web', {}, at(2), first).cpuPercent, null);
    assert.equal(usageOf('web', used(13), at(0), first).cpuPercent, null);
  });
});
