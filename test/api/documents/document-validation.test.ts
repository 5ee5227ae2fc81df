import assert from 'node:assert/strict';
import { once } from 'node:events';

import type { CreateOptions, Host, SystemDocument } from 'hostcompute';
import { ComputeSystem, HcsArgumentError, HcsValidationError } from 'hostcompute';

import { containerDocument } from '../../support/documents.js';
import type { Bench } from '../../support/host.js';
import { useSimulator } from '../../support/host.js';
import { machineDocument, set } from '../../support/machines.js';
import { recordInto, useFile } from '../../support/recording.js';

const odd = set(machineDocument(), 'VirtualMachine.ComputeTopology.Memory.SizeInMB', 1023) as SystemDocument;
const misspelt = (name: string): SystemDocument => set(containerDocument(), `Container.${name}`, {}) as SystemDocument;

interface Warning extends Error {
  readonly code: string;
  readonly detail: string;
}

async function nextWarning(): Promise<Warning> {
  const [warning] = (await once(process, 'warning')) as [Warning];
  return warning;
}

async function make(bench: Bench, document: SystemDocument, options: CreateOptions = {}): Promise<void> {
  const system = await ComputeSystem.create(bench.id(), document, { host: bench.simulator.host, ...options });
  await system.close();
}

describe('Validation in ComputeSystem.create()', () => {
  const bench = useSimulator();
  const created = async (): Promise<number> =>
    (await bench.simulator.state()).Calls['vmcompute.HcsCreateComputeSystem'] ?? 0;

  for (const [what, document] of [
    ['a document', odd],
    ['its JSON text', JSON.stringify(odd)],
  ] as const) {
    it(`rejects ${what} that the host would refuse, and lists every issue`, async () => {
      const refused = ComputeSystem.create(bench.id(), document, { host: bench.simulator.host });
      await assert.rejects(refused, (error: HcsValidationError) => {
        assert.ok(error instanceof HcsValidationError && error instanceof HcsArgumentError);
        assert.equal(error.field, 'document.VirtualMachine.ComputeTopology.Memory.SizeInMB');
        assert.match(error.message, /SizeInMB" must be an even number; received 1023\. Round it up/);
        assert.deepEqual(
          [error.issues.length, error.issues[0]?.rule, error.code],
          [1, 'machine-memory', 'ERR_HC_ARGUMENT'],
        );
        return true;
      });
      assert.equal(await created(), 0);
    });
  }

  it('reports the number of issues and the first one in the message', async () => {
    const Memory = { SizeInMB: 1023 };
    const VirtualMachine = { Chipset: { Uefi: {} }, ComputeTopology: { Memory } };
    const document = { ...containerDocument(), HostingSystemId: 'vm', VirtualMachine } as unknown as SystemDocument;
    const refused = ComputeSystem.create(bench.id(), document, { host: bench.simulator.host });
    await assert.rejects(
      refused,
      /^HcsValidationError: "document\.VirtualMachine\.ComputeTopology\.Memory\.SizeInMB" must .+; received 1023 \(one of 3 issues\)\. /,
    );
  });

  it('rejects text that is not JSON, or not a JSON object', async () => {
    for (const text of ['{', '[]', 'null']) {
      await assert.rejects(ComputeSystem.create('x', text, { host: bench.simulator.host }), { field: 'document' });
    }
  });

  it('validates against the id of the system', async () => {
    const MappedDirectories = [{ HostPath: 'D:\\a', ContainerPath: 'D:\\a' }];
    const document: SystemDocument = { SystemType: 'Container', Name: 'other', Layers: [], MappedDirectories };
    const refused = ComputeSystem.create(bench.id(), document, { host: bench.simulator.host });
    await assert.rejects(refused, (error: HcsValidationError) =>
      error.issues.some(({ rule }) => rule === 'schema1-identity'),
    );
  });

  it('emits each warning once and sends the document', async () => {
    await bench.simulator.configure({ strict: true });
    const warned = nextWarning();
    const ofTheHost = { code: 'HCS_E_INVALID_JSON' };
    for (let i = 0; i < 2; i++) {
      await assert.rejects(make(bench, misspelt('Memoryy')), ofTheHost);
    }
    const { name, code, message, detail } = await warned;
    assert.deepEqual([name, code], ['HostcomputeWarning', 'HC_DOCUMENT']);
    assert.equal(message, 'document: "Container.Memoryy" must be a member of Container, such as Memory.');
    assert.match(detail, /Correct the spelling/);
    const second = nextWarning();
    await assert.rejects(make(bench, misspelt('Storagee')), ofTheHost);
    assert.match((await second).message, /Storagee/);
  });

  it('sends and validates a snapshot of the document, whatever the caller changes later', async () => {
    const document: SystemDocument = { ...containerDocument(), Owner: 'before' };
    const creating = ComputeSystem.create(bench.id(), document, { host: bench.simulator.host });
    Object.assign(document, { Owner: 'after', Container: 'wrong' });
    await using system = await creating;
    assert.equal((await system.properties()).Owner, 'before');
  });

  it('treats null as an absent member', async () => {
    await make(bench, set(containerDocument(), 'VirtualMachine', null) as SystemDocument);
    await make(bench, set(set(containerDocument(), 'SchemaVersion', null), 'Container.Memory', null) as SystemDocument);
  });

  it('only warns with validate: "warn"', async () => {
    const warned = nextWarning();
    await assert.rejects(make(bench, odd, { validate: 'warn' }), { code: 'HCS_E_INVALID_JSON' });
    assert.match((await warned).message, /1023/);
  });

  it('does not validate with validate: "off"', async () => {
    const refused = ComputeSystem.create(bench.id(), '{', { host: bench.simulator.host, validate: 'off' });
    await assert.rejects(refused, { code: 'HCS_E_INVALID_JSON' });
    assert.equal(await created(), 1);
  });

  it('rejects any other value of validate', async () => {
    const options = { host: bench.simulator.host, validate: 'no' as 'off' };
    await assert.rejects(ComputeSystem.create('x', containerDocument(), options), { field: 'options.validate' });
  });
});

describe('The schema version in ComputeSystem.create()', () => {
  const bench = useSimulator();
  const file = useFile();
  const unversioned = set(containerDocument(), 'SchemaVersion', undefined) as SystemDocument;

  async function versionsSent(
    play: (create: (document: SystemDocument | string) => Promise<void>, host: Host) => Promise<void>,
  ) {
    const lines = await recordInto(file, async (host) => {
      const create = async (document: SystemDocument | string): Promise<void> => {
        await using system = await ComputeSystem.create(bench.id(), document, { host });
        await system.terminate();
      };
      await play(create, host);
    });
    return JSON.stringify(lines)
      .match(/SchemaVersion[\\"]*:{[^}]*}/g)
      ?.map((text) => text.replaceAll(/[\\"]/g, ''));
  }

  it('defaults to the version of the host when the document has none', async () => {
    const sent = await versionsSent(async (create) => {
      await create(unversioned);
      await create(unversioned);
    });
    assert.deepEqual(sent, ['SchemaVersion:{Major:2,Minor:5}', 'SchemaVersion:{Major:2,Minor:5}']);
  });

  it('is queried once for each host', async () => {
    for (let i = 0; i < 2; i++) {
      await make(bench, unversioned);
    }
    assert.equal((await bench.simulator.state()).Calls['vmcompute.HcsGetServiceProperties'], 1);
  });

  it('is capped at the newest version of the types on a newer host', async () => {
    const lines = await recordInto(file, async (host) => {
      await bench.simulator.configure({ schemaVersion: '2.11' });
      await using system = await ComputeSystem.create(bench.id(), unversioned, { host });
      await system.terminate();
    });
    assert.match(JSON.stringify(lines), /Minor[\\":]*6/);
  });

  it('is not changed when the caller sets it', async () => {
    assert.deepEqual(await versionsSent((create) => create(containerDocument())), ['SchemaVersion:{Major:2,Minor:1}']);
    assert.equal((await bench.simulator.state()).Calls['vmcompute.HcsGetServiceProperties'] ?? 0, 0);
  });

  it('is 2.1 when the host does not report its versions', async () => {
    const { host } = bench.simulator;
    await bench.simulator.inject({ function: 'HcsGetServiceProperties', status: 0x80004001 });
    await make(bench, unversioned);
    const newer = set(unversioned, 'Container.AssignedDevices', [{ Type: 'GpuMirror' }]) as SystemDocument;
    const warned = nextWarning();
    const system = await ComputeSystem.create(bench.id(), newer, { host });
    await system.close();
    assert.match((await warned).message, /Type" must not be used before schema 2\.2, and the host supports 2\.1/);
  });

  it('must be given for a host that supports only schema 1', async () => {
    await bench.simulator.configure({ schemaVersion: '1.0' });
    const refused = ComputeSystem.create(bench.id(), unversioned, { host: bench.simulator.host });
    await assert.rejects(refused, { field: 'document.SchemaVersion' });
  });
});

describe('Validation in ComputeSystem#modify()', () => {
  const bench = useSimulator();

  it('rejects requests that the host would refuse', async () => {
    const system = await bench.running();
    const request = '{"ResourcePath":"Container/Memory/SizeInMB","RequestType":"Update","Settings":"512"}';
    await assert.rejects(system.modify(request), (error: HcsValidationError) => {
      assert.deepEqual([error.name, error.field], ['HcsValidationError', 'request.Settings']);
      return true;
    });
    await assert.rejects(system.modify(request, { validate: 'off' }), { code: 'HCS_E_INVALID_JSON' });
  });

  it('warns about an unknown resource', async () => {
    const system = await bench.running();
    const warned = nextWarning();
    await system.modify('{"ResourcePath":"Container/Memory/SizeInMb2","RequestType":"Update"}', { validate: 'warn' });
    assert.match((await warned).message, /such as Container\/Memory\/SizeInMB/);
  });
});
