import assert from 'node:assert/strict';

import type { SystemDocument } from 'hostcompute';
import { ComputeSystem } from 'hostcompute';
import { documents, validateDocument } from 'hostcompute/documents';

import { containerDocument } from '../support/documents.js';
import { foreignDocuments, useSimulator } from '../support/host.js';
import { hyperVDocumentV1, machineDocument, set } from '../support/machines.js';
import { options, windowsConfig } from '../support/oci.js';

const errorsOf = (document: object, kind?: string): string[] =>
  validateDocument(document, kind === undefined ? {} : { kind })
    .filter(({ severity }) => severity === 'error')
    .map(({ rule }) => rule);

/** What Go clients write for what is absent. */
describe('null for an absent member', () => {
  const bench = useSimulator(foreignDocuments);

  it('is accepted for the Settings of a Remove request', async () => {
    const request = {
      ResourcePath: 'VirtualMachine/Devices/NetworkAdapters/nic',
      RequestType: 'Remove',
      Settings: null,
    } as const;
    assert.deepEqual(errorsOf(request, 'ModifySettingRequest'), []);
    const { host } = bench.simulator;
    for (const form of [request, JSON.stringify(request)] as never[]) {
      await using system = await ComputeSystem.create(bench.id(), machineDocument() as SystemDocument, { host });
      await system.start();
      await system.modify(form); // the types know no null
      await system.terminate();
    }
  });

  it('is accepted for the HvRuntime of a process-isolated container of schema 1', async () => {
    await bench.simulator.configure({ strict: true });
    const id = bench.id();
    const document = {
      SystemType: 'Container',
      Name: id,
      VolumePath: '\\\\?\\Volume{0f3a6b52-7c1e-4f6f-9a27-1d5e8c0b4a11}',
      LayerFolderPath: 'D:\\layers\\scratch',
      Layers: hyperVDocumentV1(id).Layers,
      HvPartition: false,
      HvRuntime: null,
      MappedDirectories: null,
      EndpointList: null,
    };
    assert.deepEqual(errorsOf(document), []);
    const { host } = bench.simulator;
    for (const form of [document, JSON.stringify(document)]) {
      await using system = await ComputeSystem.create(id, form as never, { host });
      await system.start();
      assert.equal((await system.properties()).State, 'Running');
      await system.terminate();
    }
  });
});

/** Where a container may have a folder of the host: what hosts take, what they refuse, and what fromOciSpec() writes. */
const targets: readonly (readonly [target: string, host: 'accepts' | 'refuses', written: string | undefined])[] = [
  ['D:', 'accepts', 'D:'],
  ['d:', 'accepts', 'd:'],
  ['C:\\data', 'accepts', 'C:\\data'],
  ['D:\\build', 'refuses', undefined],
  ['d:\\', 'refuses', 'd:'],
  ['c:/x', 'refuses', 'c:\\x'],
  ['/x', 'refuses', 'C:\\x'],
  ['C:\\data\\', 'refuses', 'C:\\data'],
];

describe('The container path of a mapped directory', () => {
  const bench = useSimulator();

  for (const [target, verdict, written] of targets) {
    const document = set(containerDocument(), 'Container.MappedDirectories', [
      { HostPath: 'D:\\data', ContainerPath: target },
    ]) as SystemDocument;

    it(`${JSON.stringify(target)}: the validator and the simulated host agree that a host ${verdict} it`, async () => {
      assert.deepEqual(errorsOf(document), verdict === 'accepts' ? [] : ['mapped-directory']);
      const { host } = bench.simulator;
      const run = async (): Promise<void> => {
        await using system = await ComputeSystem.create(bench.id(), document, { host, validate: 'off' });
        await system.start().finally(() => system.terminate());
      };
      if (verdict === 'accepts') await run();
      else await assert.rejects(run(), { name: 'HcsError' });
    });

    it(`${JSON.stringify(target)}: fromOciSpec() ${written === undefined ? 'refuses it and names its path' : 'writes a path that hosts accept'}`, () => {
      const config = windowsConfig({}, { mounts: [{ source: 'D:\\data', destination: target }] });
      const convert = () => documents.fromOciSpec(config, options(2));
      if (written === undefined) {
        assert.throws(convert, { field: 'config.mounts[0].destination', remedy: /whole, or a folder of C:/ });
        return;
      }
      const { document: made, notExpressed } = convert();
      const [directory] = (made as { Container: { MappedDirectories: { ContainerPath: string }[] } }).Container
        .MappedDirectories;
      assert.equal(directory?.ContainerPath, written);
      const noted = notExpressed.filter(({ path }) => path === 'mounts[0].destination').map(({ reason }) => reason);
      assert.deepEqual(noted, written === target ? [] : [`is written as ${JSON.stringify(written)}`]);
      assert.deepEqual(errorsOf(made), []);
    });
  }
});
