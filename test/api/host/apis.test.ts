import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ComputeSystem, Host } from 'hostcompute';
import { record } from 'hostcompute/recorder';
import { Simulator } from 'hostcompute/simulator';

import { containerDocument, machineDocument } from '../../support/documents.js';

const argument = (name: string): object => ({ code: 'ERR_HC_ARGUMENT', field: name });

describe('The library that drives systems', () => {
  let simulator: Simulator;

  beforeEach(async () => {
    simulator = await Simulator.open({ api: 'computecore' });
    await simulator.reset();
  });
  afterEach(() => simulator.close());

  it('is vmcompute.dll unless another is chosen', async () => {
    const { HOSTCOMPUTE_API: chosen } = process.env;
    delete process.env.HOSTCOMPUTE_API;
    await using host = await Host.open('simulated');
    if (chosen !== undefined) process.env.HOSTCOMPUTE_API = chosen;
    assert.equal(host.api, 'vmcompute');
  });

  it('must be one that there is', async () => {
    await assert.rejects(Host.open('simulated', { api: 'hcs' as never }), argument('settings.api'));
  });

  it('is what HOSTCOMPUTE_API names, where the settings do not', async () => {
    const { HOSTCOMPUTE_API: chosen } = process.env;
    try {
      process.env.HOSTCOMPUTE_API = 'auto';
      await using host = await Host.open('simulated');
      assert.equal(host.api, 'computecore');
      process.env.HOSTCOMPUTE_API = 'x';
      await assert.rejects(Host.open('simulated'), argument('HOSTCOMPUTE_API'));
      await using other = await Host.open('simulated', { api: 'vmcompute' });
      assert.equal(other.api, 'vmcompute');
    } finally {
      if (chosen === undefined) delete process.env.HOSTCOMPUTE_API;
      else process.env.HOSTCOMPUTE_API = chosen;
    }
  });

  const running = async (host: Host, id = `apis-${process.pid}`): Promise<ComputeSystem> => {
    const system = await ComputeSystem.create(id, containerDocument(), { host });
    await system.start();
    return system;
  };

  it('gives events the numbers that are its own, by one name in either', async () => {
    const seen: (readonly [string, number])[] = [];
    await using system = await running(simulator.host);
    system.on('notification', ({ type, number }) => seen.push([type, number]));
    await simulator.disconnect({});
    await assert.rejects(system.exited);
    assert.deepEqual(seen, [['ServiceDisconnect', 0x02000000]]);
  });

  it('has the exit of a system with its status, from the document of the event', async () => {
    await using system = await running(simulator.host);
    await simulator.exit(system.id, { status: 0xc0370106, exitType: 'UnexpectedExit' });
    const { status, exitType } = await system.waitForExit({ timeoutMs: 10_000 });
    assert.deepEqual([status, exitType], [0xc0370106, 'UnexpectedExit']);
  });

  it('alone sees and drives what it has opened, and both list it', async () => {
    await using other = await Host.open('simulated', { api: 'vmcompute' });
    await using system = await running(simulator.host);
    const listed = await ComputeSystem.list({ Ids: [system.id] }, { host: other });
    assert.equal(listed.length, 1);
  });

  it('crashes a virtual machine by computecore.dll alone', async () => {
    await using other = await Host.open('simulated', { api: 'vmcompute' });
    await using machine = await ComputeSystem.create('apis-other', machineDocument(), { host: other });
    await machine.start();
    await assert.rejects(machine.crash(), {
      code: 'ERR_HC_SYMBOL',
      functionName: 'HcsCrashComputeSystem',
      remedy: /computecore/,
    });
    await machine.terminate();
    await using own = await ComputeSystem.create('apis-own', machineDocument(), { host: simulator.host });
    await own.start();
    const crashed = new Promise((resolve) => own.once('crash', resolve));
    await own.crash({ options: { Type: 'CrashGuest' } });
    await crashed;
  });

  it('has systems of the same id in two namespaces, each seen in its own alone', async () => {
    const { host } = simulator;
    const given = { host, idNamespace: 'other' };
    await using ours = await running(host, 'twice');
    await using theirs = await ComputeSystem.create('twice', containerDocument(), given);
    const again = ComputeSystem.create('twice', containerDocument(), given);
    await assert.rejects(again, {
      code: 'HCS_E_SYSTEM_ALREADY_EXISTS',
      operation: 'HcsCreateComputeSystemInNamespace',
    });
    await using opened = await ComputeSystem.open('twice', given);
    assert.deepEqual([(await ours.properties()).State, (await opened.properties()).State], ['Running', 'Created']);
    const listed = async (options: object): Promise<unknown[]> =>
      (await ComputeSystem.list({}, options)).map(({ Id, State }) => [Id, State]);
    assert.deepEqual(await listed({ host }), [['twice', 'Running']]);
    assert.deepEqual(await listed(given), [['twice', 'Created']]);
    await ours.terminate();
    assert.deepEqual([await listed({ host }), await listed(given)], [[], [['twice', 'Created']]]);
    await theirs.terminate();
    await assert.rejects(ComputeSystem.open('twice', given), { operation: 'HcsOpenComputeSystemInNamespace' });
  });

  it('refuses a namespace without a name, and any on vmcompute.dll', async () => {
    const { host } = simulator;
    await assert.rejects(ComputeSystem.list({}, { host, idNamespace: '' }), argument('options.idNamespace'));
    await using other = await Host.open('simulated', { api: 'vmcompute' });
    await assert.rejects(ComputeSystem.open('x', { host: other, idNamespace: 'other' }), { code: 'ERR_HC_SYMBOL' });
  });

  // The handles of a client mean nothing in the process of a remote simulator.
  if (process.env.HOSTCOMPUTE_SIMULATOR_SOCKET !== undefined) {
    it('refuses resources at a remote simulator', async () => {
      const resources = [{ type: 'file', uri: 'hcs:/x', handle: 1 }] as const;
      const { host } = simulator;
      await assert.rejects(ComputeSystem.create('x', containerDocument(), { host, resources }), {
        code: 'ERROR_PROC_NOT_FOUND',
        operation: 'HcsCreateComputeSystem',
      });
    });
  } else {
    it('hands resources over with a create, and refuses those that are none', async () => {
      const { host } = simulator;
      const resource = { type: 'file', uri: 'hcs:/x', handle: 1 } as const;
      const resources = [resource];
      await using system = await ComputeSystem.create('resources', containerDocument(), { host, resources });
      await system.terminate();
      const wrong: readonly [field: string, resource: object][] = [
        ['type', { ...resource, type: 'pipe' }],
        ['uri', { ...resource, uri: '' }],
        ['handle', { ...resource, handle: 0 }],
      ];
      for (const [field, each] of wrong) {
        await assert.rejects(
          ComputeSystem.create('x', containerDocument(), { host, resources: [each as never] }),
          argument(`options.resources[0].${field}`),
        );
      }
      const { Calls } = await simulator.state();
      assert.equal(Calls['computecore.HcsAddResourceToOperation'], 1);
      await using other = await Host.open('simulated', { api: 'vmcompute' });
      await assert.rejects(ComputeSystem.create('x', containerDocument(), { host: other, resources }), {
        code: 'ERR_HC_SYMBOL',
        functionName: 'HcsAddResourceToOperation',
        remedy: /computecore/,
      });
    });

    it('refuses a create whose resource the host does not take, and leaves nothing', async () => {
      const { host } = simulator;
      await simulator.inject({ function: 'computecore.HcsAddResourceToOperation', status: 0x80070057 });
      const resources = [{ type: 'socket', uri: 'hcs:/x', handle: 1n }] as const;
      await assert.rejects(ComputeSystem.create('x', containerDocument(), { host, resources }), {
        status: 0x80070057,
        operation: 'HcsCreateComputeSystem',
      });
      const { Handles, Systems } = await simulator.state();
      assert.deepEqual([Handles.Operation, Handles.System, Systems], [0, 0, []]);
    });
  }

  it('reports how far a save is, to whom asks for that', async () => {
    const { host } = simulator;
    await using machine = await ComputeSystem.create('progress', machineDocument(), { host });
    await machine.start();
    await machine.pause();
    const seen: unknown[] = [];
    const options = { SaveType: 'ToFile', SaveStateFilePath: 'c:\\vm.vmrs' } as const;
    await machine.save({ options, onProgress: ({ type, data }) => seen.push([type, data]) });
    assert.deepEqual(seen, [
      ['GroupOperationInfo', '{"Progress":0}'],
      ['GroupOperationInfo', '{"Progress":100}'],
    ]);
    await machine.save({ options });
    assert.equal(seen.length, 2);
    assert.equal((await simulator.state()).Handles.Operation, 0);
    await assert.rejects(machine.save({ onProgress: 1 as never }), argument('options.onProgress'));
    await machine.terminate();
    await using other = await Host.open('simulated', { api: 'vmcompute' });
    await using old = await ComputeSystem.create('old', machineDocument(), { host: other });
    await assert.rejects(old.save({ onProgress: () => undefined }), {
      functionName: 'HcsCreateOperationWithNotifications',
    });
    await old.terminate();
  });

  it('is in a recording, whose replay has the same numbers', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hostcompute-'));
    const file = join(folder, 'host.jsonl');
    const numbers = async (host: Host): Promise<unknown[]> => {
      const seen: unknown[] = [];
      await using system = await running(host, 'apis-recorded');
      system.on('notification', ({ type, number }) => seen.push([type, number]));
      await system.terminate();
      await system.exited;
      return [host.api, seen];
    };
    try {
      const host = await record(file, { host: 'simulated', settings: { api: 'computecore' } });
      const recorded = await numbers(host);
      await host.close();
      await using replayed = await Host.open({ replay: file });
      assert.deepEqual(await numbers(replayed), recorded);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
