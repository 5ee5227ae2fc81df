import assert from 'node:assert/strict';
import { once } from 'node:events';

import type { MigrationEvent, MigrationStart, Process } from 'hostcompute';
import { ComputeSystem, Host } from 'hostcompute';
import type { FaultRule } from 'hostcompute/simulator';
import { Simulator } from 'hostcompute/simulator';

import { machineDocument } from '../../support/documents.js';
import type { SocketEnd } from '../../support/socket-pair.js';
import { socketPair } from '../../support/socket-pair.js';

const onRemote = process.env.HOSTCOMPUTE_SIMULATOR_SOCKET !== undefined;

let count = 0;

describe('A live migration', () => {
  // No descriptor of a socket can be had from Node on Windows, nor is one known to the process of a remote simulator.
  if (onRemote || process.platform === 'win32') return;

  let simulator: Simulator;
  let ends: readonly [SocketEnd, SocketEnd];
  let source: ComputeSystem;
  let target: ComputeSystem;

  beforeEach(async () => {
    simulator = await Simulator.open({ api: 'computecore' });
    await simulator.reset();
    ends = await socketPair();
    const { host } = simulator;
    const id = `migration-${process.pid}-${++count}`;
    source = await ComputeSystem.create(id, machineDocument(), { host });
    await source.start();
    const waiting = machineDocument({ MigrationOptions: { Origin: 'Destination' } });
    target = await ComputeSystem.create(`${id}-there`, waiting, { host });
  });
  afterEach(async () => {
    await simulator.clear();
    ends.forEach(({ socket }) => socket.destroy());
    for (const system of [source, target]) {
      await system.terminate();
      await system.close();
    }
    await simulator.close();
  });

  const sourceStart = (more: Partial<MigrationStart> = {}): MigrationStart => ({ socket: ends[0].handle, ...more });
  const targetStart = (more: Partial<MigrationStart> = {}): MigrationStart => ({ socket: ends[1].handle, ...more });
  const both = (signal?: AbortSignal): Promise<PromiseSettledResult<void>[]> => {
    const more = signal === undefined ? {} : { signal };
    return Promise.allSettled([source.migration.send(sourceStart(more)), target.migration.receive(targetStart(more))]);
  };
  const stateOf = async (system: ComputeSystem): Promise<string> =>
    (await system.properties().catch(() => ({ State: 'Stopped' }))).State ?? 'Stopped';
  // Where the machine runs; everything else about it is over.
  const owner = async (): Promise<string> => {
    const states = [await stateOf(source), await stateOf(target)];
    if (states[1] === 'Running') await source.exited;
    const { Systems } = await simulator.state();
    const running = Systems.filter(({ State }) => State === 'Running').map(({ Id }) => Id);
    assert.equal(running.length, 1, `running: ${states.join(', ')}`);
    const [machine, name] = running[0] === target.id ? ([target, 'target'] as const) : ([source, 'source'] as const);
    await machine.pause(); // no migration is under way
    await machine.resume();
    return name;
  };

  it('takes a machine to the target, where its process goes on with its open pipes', async () => {
    const { stdin, stdout } = (await source.createProcess('sim-cat')) as Process & { stdin: NodeJS.WritableStream };
    const process = (await source.processes())[0]!;
    const echoed = async (text: string): Promise<string> => {
      stdin.write(text);
      const [chunk] = (await once(stdout!, 'data')) as [Buffer];
      return String(chunk);
    };
    assert.equal(await echoed('before\n'), 'before\n');
    assert.deepEqual(
      (await both()).map(({ status }) => status),
      ['fulfilled', 'fulfilled'],
    );
    assert.equal(await owner(), 'target');
    assert.equal(await echoed('after\n'), 'after\n');
    await using there = await target.openProcess(process.ProcessId!);
    stdin.end();
    assert.equal((await there.exited).exitCode, 0);
    assert.equal((await source.exited).exitType, 'GracefulExit');
  });

  it('tells of itself on both sides, the last with its result', async () => {
    const all = [source, target].map(async ({ migration }) => {
      const seen: MigrationEvent[] = [];
      for await (const event of migration.events()) {
        seen.push(event);
        if (event.event === 'MigrationDone') return seen;
      }
      return seen;
    });
    await both();
    const told = (await Promise.all(all)).map((seen) => seen.map(({ event }) => event));
    assert.deepEqual(told[0], ['SetupDone', 'BlackoutStarted', 'MigrationDone']);
    assert.deepEqual(told[1], ['SetupDone', 'TransferInProgress', 'BlackoutExited', 'MigrationDone']);
    const [first] = await Promise.all(all);
    const { origin, result } = first!.at(-1)!;
    assert.deepEqual([origin, result], ['Source', 'Success']);
  });

  it('is cancelled when the connection ends, and the machine stays', async () => {
    await source.migration.initialize();
    await source.migration.start(sourceStart());
    await target.migration.startDestination(targetStart());
    const failed = (async () => {
      for await (const { event, result } of source.migration.events()) if (event === 'MigrationFailed') return result;
      return undefined;
    })();
    ends[1].socket.end();
    assert.equal(await failed, 'SourceMigrationFailed');
    assert.equal(await owner(), 'source');
  });

  it('can be cancelled at the source after the transfer, and the target exits', async () => {
    await source.migration.initialize();
    await source.migration.start(sourceStart());
    await target.migration.startDestination(targetStart());
    await Promise.all([source.migration.transfer(), target.migration.transfer()]);
    assert.deepEqual([await stateOf(source), await stateOf(target)], ['Paused', 'Paused']);
    await source.migration.cancel();
    await target.exited;
    assert.equal(await owner(), 'source');
    await assert.rejects(source.migration.cancel(), { code: 'HCS_E_INVALID_STATE' });
  });

  it('is undone by finalising it the other way round', async () => {
    await source.migration.initialize();
    await source.migration.start(sourceStart());
    await target.migration.startDestination(targetStart());
    await Promise.all([source.migration.transfer(), target.migration.transfer()]);
    const over = once(source, 'notification'); // it runs again
    await target.migration.finalize('Stop');
    await target.exited;
    await over;
    assert.equal(await owner(), 'source');
  });

  for (const [who, end] of [
    ['source', () => source],
    ['target', () => target],
  ] as const) {
    it(`does not survive that its ${who} is terminated`, async () => {
      await source.migration.initialize();
      await source.migration.start(sourceStart());
      await target.migration.startDestination(targetStart());
      await Promise.all([source.migration.transfer(), target.migration.transfer()]);
      const other = end() === source ? target : source;
      const over = other === target ? target.exited : once(source, 'notification');
      await end().terminate();
      await over;
      if (other === source) assert.equal(await owner(), 'source');
      else assert.deepEqual(await ComputeSystem.list({ Ids: [source.id] }, { host: simulator.host }), []);
    });
  }

  const points: readonly [side: 'source' | 'target', name: string][] = [
    ['source', 'HcsInitializeLiveMigrationOnSource'],
    ['source', 'HcsStartLiveMigrationOnSource'],
    ['target', 'HcsStartComputeSystem'],
    ['source', 'HcsStartLiveMigrationTransfer'],
    ['target', 'HcsStartLiveMigrationTransfer'],
    ['source', 'HcsFinalizeLiveMigration'],
    ['target', 'HcsFinalizeLiveMigration'],
  ];
  const inject = (side: string, rule: FaultRule): Promise<unknown> =>
    simulator.inject({ ...rule, system: side === 'source' ? source.id : target.id });
  for (const [side, name] of points) {
    const key = `computecore.${name}` as FaultRule['function'];
    for (const [how, effect] of [
      ['is refused', { status: 0x80004005 }],
      ['fails', { completionStatus: 0x80004005 }],
    ] as const) {
      it(`has one owner when ${name} ${how} at the ${side}`, async () => {
        await inject(side, { function: key, ...effect });
        const limit = new AbortController();
        const sides = [
          source.migration.send(sourceStart({ signal: limit.signal })),
          target.migration.receive(targetStart({ signal: limit.signal })),
        ];
        const [own, other] = side === 'source' ? sides : [sides[1], sides[0]];
        other!.catch(() => undefined);
        await assert.rejects(own!, { status: 0x80004005 });
        limit.abort(); // the other may wait for what never comes
        await other!.catch(() => undefined);
        await owner();
      });
    }

    it(`has one owner when it is cancelled inside ${name} at the ${side}`, async () => {
      await inject(side, { function: key, block: true });
      const limit = new AbortController();
      const sides = both(limit.signal);
      assert.ok(await simulator.reached({ blockedCalls: 1 }));
      limit.abort();
      await sides;
      await simulator.clear();
      assert.ok(await simulator.reached({ callsInside: 0 }));
      await owner();
    });
  }

  it('needs the same session on both sides', async () => {
    const results = await Promise.allSettled([
      source.migration.send(sourceStart({ sessionId: 1 })),
      target.migration.receive(targetStart({ sessionId: 2 })),
    ]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    assert.equal(await owner(), 'source');
  });

  it('keeps other calls away from the machine, and has an order', async () => {
    const refused = { code: 'HCS_E_INVALID_STATE' };
    await assert.rejects(source.migration.start(sourceStart()), refused);
    await assert.rejects(target.start(), refused);
    await source.migration.initialize();
    await assert.rejects(source.pause(), refused);
    await assert.rejects(source.createProcess('sim-cat'), refused);
    await assert.rejects(source.migration.transfer(), refused);
    await assert.rejects(source.migration.finalize('Stop'), refused);
    await source.migration.cancel();
    await source.pause();
    await source.resume();
  });

  it('begins anew, step by step, after one that has failed', async () => {
    await simulator.inject({ function: 'computecore.HcsStartLiveMigrationOnSource', status: 0x80070005, count: 1 });
    await assert.rejects(source.migration.send(sourceStart()), { code: 'E_ACCESSDENIED' });
    await source.migration.initialize();
    await assert.rejects(source.pause(), { code: 'HCS_E_INVALID_STATE' });
    await source.migration.start(sourceStart());
    await source.migration.cancel();
    assert.equal(await owner(), 'source');
  });

  it('needs a connected socket, which is a handle', async () => {
    await source.migration.initialize();
    const argument = { code: 'ERR_HC_ARGUMENT', field: 'options.socket' };
    for (const socket of [0, -1, 1.5, '7' as never, 1n << 64n]) {
      await assert.rejects(source.migration.start({ socket }), argument);
    }
    await assert.rejects(source.migration.start({ socket: 9999n }), { status: 0x80070006 });
    const sessionId = -1;
    await assert.rejects(source.migration.start(sourceStart({ sessionId })), { field: 'options.sessionId' });
    await assert.rejects(source.migration.finalize('Keep' as never), { field: 'operation' });
    const misspelt = { socketHandle: 1 } as never;
    for (const call of [
      () => source.migration.send(misspelt),
      () => source.migration.start(misspelt),
      () => target.migration.receive(misspelt),
      () => source.migration.transfer(misspelt),
      () => source.migration.cancel(misspelt),
    ]) {
      await assert.rejects(call, { code: 'ERR_HC_ARGUMENT', field: 'options.socketHandle' });
    }
    await source.migration.cancel();
  });

  it('is refused by name where the host has no such functions', async () => {
    await using old = await Host.open('simulated', { api: 'vmcompute' });
    await using system = await ComputeSystem.create(`old-${process.pid}`, machineDocument(), { host: old });
    await assert.rejects(system.migration.initialize(), {
      code: 'ERR_HC_SYMBOL',
      functionName: 'HcsInitializeLiveMigrationOnSource',
      remedy: /computecore/,
    });
    await system.terminate();
    const { host } = await Simulator.open({ api: 'computecore', osBuild: 20348 });
    await using opened = await ComputeSystem.open(source.id, { host });
    await assert.rejects(opened.migration.initialize(), { code: 'ERR_HC_SYMBOL' });
    await opened.close();
    await host.close();
  });
});
