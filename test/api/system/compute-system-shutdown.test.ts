import assert from 'node:assert/strict';

import { ComputeSystem } from 'hostcompute';
import type { Host, SystemDocument } from 'hostcompute';
import { documents } from 'hostcompute/documents';

import { containerDocument } from '../../support/documents.js';
import { foreignDocuments, useSimulator } from '../../support/host.js';
import { recordInto, useFile } from '../../support/recording.js';
import { hyperVDocumentV1, machineDocument, set, utilityVmDocument } from '../../support/machines.js';

const byIntegrationService = { Mechanism: 'IntegrationService', Type: 'Shutdown' };

const plain = machineDocument();

/** Each kind of system, and the options that its shutdown needs. */
const kinds: readonly (readonly [string, object, object | undefined])[] = [
  ['a process-isolated container', containerDocument(), undefined],
  ['a Hyper-V isolated container of schema 1', hyperVDocumentV1(), undefined],
  ['a utility VM', utilityVmDocument(), undefined],
  ['a virtual machine', plain, byIntegrationService],
  ['a virtual machine of the builder', documents.virtualMachine({ memoryMiB: 512 }), byIntegrationService],
  [
    'a virtual machine without a connection by null',
    set(plain, 'VirtualMachine.GuestConnection', null),
    byIntegrationService,
  ],
  ['a virtual machine with a guest connection', set(plain, 'VirtualMachine.GuestConnection', {}), undefined],
];

const shutdown = 'vmcompute.HcsShutdownComputeSystem';
const query = 'vmcompute.HcsGetComputeSystemProperties';

describe('ComputeSystem#shutdown() by kind of system', () => {
  const bench = useSimulator(foreignDocuments);
  const file = useFile();

  async function running(document: object | string, host: Host): Promise<ComputeSystem> {
    const id = bench.id();
    const named = typeof document === 'object' && 'Name' in document ? { ...document, Name: id } : document;
    const system = await ComputeSystem.create(id, named as SystemDocument | string, { host });
    await system.start();
    return system;
  }

  /** The calls of a function while this is played, each with its input. */
  async function callsOf(name: string, play: (host: Host) => Promise<unknown>): Promise<unknown[]> {
    const lines = await recordInto(file, play);
    return lines.filter(({ kind, function: called }) => kind === 'call' && called === name).map(({ input }) => input);
  }

  async function stopsBy(options: object | undefined, play: (host: Host) => Promise<ComputeSystem>): Promise<void> {
    const inputs = await callsOf(shutdown, async (host) => {
      await using system = await play(host);
      assert.equal(await system.stop(), 'stopped');
      assert.equal((await system.exited).exitType, 'GracefulExit');
    });
    const sent = inputs.map((input) => (input as { options: { json: object } | null }).options?.json);
    assert.deepEqual(sent, [options]);
  }

  for (const [what, document, options] of kinds) {
    const how = options === undefined ? 'without options' : 'by its integration service';
    it(`shuts down ${what}, ${how}`, () => stopsBy(options, (host) => running(document, host)));

    it(`shuts down ${what}, opened by id, ${how}`, async () => {
      await stopsBy(options, async (host) => {
        await using created = await running(document, host);
        return await ComputeSystem.open(created.id, { host });
      });
    });
  }

  it('detects the kind of system from JSON text without querying the host', async () => {
    await stopsBy(byIntegrationService, (host) => running(JSON.stringify(plain), host));
    const queries = await callsOf(query, async (host) => {
      await using system = await running(JSON.stringify(plain), host);
      await system.shutdown();
    });
    assert.deepEqual(queries, []);
  });

  it('does not mistake a string in a document for a virtual machine', async () => {
    const named = set(containerDocument(), 'Owner', '"VirtualMachine"');
    await stopsBy(undefined, (host) => running(JSON.stringify(named), host));
  });

  it('sends the options of the caller for any kind', async () => {
    await using machine = await running(plain, bench.simulator.host);
    const options = { Mechanism: 'GuestConnection' } as const;
    await assert.rejects(machine.shutdown({ options }), { code: 'ERROR_NOT_SUPPORTED' });
    await machine.shutdown({ options: byIntegrationService as object });
    assert.equal((await machine.exited).exitType, 'GracefulExit');
  });

  it('shuts down an opened virtual machine when the host does not report guest connections', async () => {
    await using created = await running(plain, bench.simulator.host);
    await using system = await ComputeSystem.open(created.id, { host: bench.simulator.host });
    await bench.simulator.inject({ function: 'HcsGetComputeSystemProperties', status: 0x80070032, count: 1 });
    assert.equal(await system.stop(), 'stopped');
  });

  for (const [what, fault] of [
    ['refuses', { status: 0x80070032 }],
    ['answers without JSON', { properties: 'none' }],
  ] as const) {
    it(`sends no options to an opened system when the host ${what}`, async () => {
      await using created = await running(containerDocument(), bench.simulator.host);
      await using system = await ComputeSystem.open(created.id, { host: bench.simulator.host });
      await bench.simulator.inject({ function: 'HcsGetComputeSystemProperties', count: 0, ...fault });
      assert.equal(await system.stop(), 'stopped');
    });
  }

  it('applies its timeout to the query', async () => {
    await using created = await running(plain, bench.simulator.host);
    await using system = await ComputeSystem.open(created.id, { host: bench.simulator.host });
    const fault = await bench.simulator.inject({ function: 'HcsGetComputeSystemProperties', block: true });
    await assert.rejects(system.shutdown({ timeoutMs: 20 }), {
      name: 'TimeoutError',
      operation: 'HcsGetComputeSystemProperties',
    });
    await fault.clear();
  });
});
