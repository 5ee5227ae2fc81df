import assert from 'node:assert/strict';

import type { SystemDocument } from 'hostcompute';
import { ComputeSystem, HcsArgumentError, HcsError, Host } from 'hostcompute';

import { containerDocument, containerDocumentV1 } from '../../support/documents.js';
import { useSimulator } from '../../support/host.js';
import { recordInto, useFile } from '../../support/recording.js';

describe('ComputeSystem.create()', () => {
  const bench = useSimulator();
  const file = useFile();

  it('passes JSON text unchanged', async () => {
    const { host } = bench.simulator;
    await using system = await ComputeSystem.create(bench.id(), JSON.stringify(containerDocument('text')), { host });
    assert.equal((await system.properties()).Owner, 'text');
  });

  it('accepts a schema 1 document', async () => {
    const { host } = bench.simulator;
    const id = bench.id();
    await using system = await ComputeSystem.create(id, containerDocumentV1(id), { host });
    assert.equal((await system.properties()).SystemType, 'Container');
  });

  it('passes 64-bit numbers without loss', async () => {
    const document = containerDocument();
    const memory = { ...document, Container: { ...document.Container, Memory: { SizeInMB: 2n ** 64n - 1n } } };
    const lines = await recordInto(file, async (host) => {
      await using system = await ComputeSystem.create(bench.id(), memory, { host });
      await system.terminate();
    });
    assert.match(JSON.stringify(lines), /SizeInMB[\\"]+:18446744073709551615}/);
  });

  it('rejects with HCS_E_SYSTEM_ALREADY_EXISTS when the id is in use', async () => {
    const system = await bench.create();
    const again = ComputeSystem.create(system.id, containerDocument(), { host: bench.simulator.host });
    await assert.rejects(again, { code: 'HCS_E_SYSTEM_ALREADY_EXISTS', systemId: system.id });
  });

  it("rejects with the host's error events when the document is refused", async () => {
    await bench.simulator.configure({ strict: true });
    const refused = ComputeSystem.create(bench.id(), { ...containerDocument(), Nonsense: 1 } as SystemDocument, {
      host: bench.simulator.host,
      validate: 'off',
    });
    await assert.rejects(refused, (error: HcsError) => {
      assert.ok(error instanceof HcsError);
      assert.equal(error.code, 'HCS_E_INVALID_JSON');
      assert.match(String(error.events[0]?.Message), /Nonsense/);
      assert.ok(error.remedy);
      assert.match(error.message, /^HcsCreateComputeSystem of system "[^"]+": HCS_E_INVALID_JSON \(0xC037010D\)/);
      return true;
    });
  });

  it('rejects with the stack of the caller', async () => {
    async function caller() {
      await ComputeSystem.create(bench.id(), '{}', { host: bench.simulator.host, validate: 'off' });
    }
    await assert.rejects(caller(), (error: Error) => (error.stack ?? '').includes('at async caller'));
  });

  it('terminates and closes a system whose callback cannot be registered', async () => {
    const status = 0xc0370104;
    await bench.simulator.inject({ function: 'HcsRegisterComputeSystemCallback', status });
    await assert.rejects(bench.create(), {
      code: 'HCS_E_TOO_MANY_NOTIFICATIONS',
      operation: 'HcsRegisterComputeSystemCallback',
    });
    assert.ok(await bench.simulator.reached({ handles: { system: 0 } }));
    assert.equal((await bench.simulator.state()).Calls['vmcompute.HcsTerminateComputeSystem'], 1);
  });

  const circular: Record<string, unknown> = {};
  circular.Self = { Again: circular };
  const wrong: readonly [what: string, id: unknown, document: unknown, field: string][] = [
    ['an empty id', '', {}, 'id'],
    ['an id that is not a string', 7, {}, 'id'],
    ['an id with a NUL', 'a\0b', {}, 'id'],
    ['an id with a slash', 'a/b', {}, 'id'],
    ['an id with a space', 'a b', {}, 'id'],
    ['the zero GUID', '00000000-0000-0000-0000-000000000000', {}, 'id'],
    ['no document', 'x', undefined, 'document'],
    ['a document that is an array', 'x', [], 'document'],
    ['a document that is a number', 'x', 1, 'document'],
    ['JSON text with a NUL', 'x', '{"a":"\0"}', 'document'],
    ['a member with a NUL', 'x', { Owner: 'a\0' }, 'document.Owner'],
    ['a member name with a NUL', 'x', { Container: { 'a\0': 1 } }, 'document.Container.a\\0'],
    ['a member that is a symbol', 'x', { Owner: Symbol('a') }, 'document.Owner'],
    ['a member that is NaN', 'x', { Container: { Layers: [1, NaN] } }, 'document.Container.Layers[1]'],
    ['a member that is a function', 'x', { Owner: () => 1 }, 'document.Owner'],
    ['a circular document', 'x', circular, 'document.Self.Again'],
    ['a document that is nothing as JSON', 'x', { toJSON: () => undefined }, 'document'],
    ['a document whose toJSON() gives a bigint', 'x', { toJSON: () => 1n }, 'document'],
    [
      'a document with a getter that throws',
      'x',
      {
        get Owner(): string {
          throw new Error('no');
        },
      },
      'document',
    ],
    ['an id that is a folder', '..', {}, 'id'],
  ];
  for (const [what, id, document, field] of wrong) {
    it(`rejects ${what} before calling the host`, async () => {
      const refused = ComputeSystem.create(id as string, document as SystemDocument, { host: bench.simulator.host });
      await assert.rejects(refused, (error: HcsArgumentError) => {
        assert.ok(error instanceof HcsArgumentError, String(error));
        assert.equal(error.field, field);
        assert.match(error.problem, /^must .*; received /);
        return true;
      });
      assert.equal((await bench.simulator.state()).Calls['vmcompute.HcsCreateComputeSystem'] ?? 0, 0);
    });
  }

  it('rejects invalid options', async () => {
    for (const options of [null, 5, 'simulated']) {
      await assert.rejects(ComputeSystem.create('x', '{}', options as unknown as object), { field: 'options' });
    }
  });

  it('rejects with ERR_HC_LIBRARY when there is no host, and names both alternatives', async function () {
    const before = process.env.HOSTCOMPUTE_HOST;
    delete process.env.HOSTCOMPUTE_HOST;
    try {
      const created = process.platform === 'win32' ? Host.open() : ComputeSystem.create('x', '{}');
      await assert.rejects(created, (error: HcsError) => {
        assert.equal(error.code, 'ERR_HC_LIBRARY');
        if (process.platform !== 'win32') {
          assert.match(error.message, /HOSTCOMPUTE_HOST=simulated/);
          assert.match(error.message, /hostcompute\/simulator/);
        }
        return true;
      });
    } finally {
      if (before !== undefined) process.env.HOSTCOMPUTE_HOST = before;
    }
  });
});

describe('ComputeSystem.open()', () => {
  const bench = useSimulator();

  it('opens a system that another handle created', async () => {
    const created = await bench.running();
    await using opened = await ComputeSystem.open(created.id, { host: bench.simulator.host });
    assert.equal((await opened.properties()).State, 'Running');
    await opened.terminate();
    assert.equal((await created.exited).status, 0);
  });

  it('rejects with HCS_E_SYSTEM_NOT_FOUND when there is none', async () => {
    const opened = ComputeSystem.open('nobody', { host: bench.simulator.host });
    await assert.rejects(opened, {
      code: 'HCS_E_SYSTEM_NOT_FOUND',
      operation: 'HcsOpenComputeSystem',
      systemId: 'nobody',
    });
  });
});

describe('ComputeSystem.list()', () => {
  const bench = useSimulator();

  it('finds systems by id and owner', async () => {
    const { host } = bench.simulator;
    const system = await bench.create();
    await bench.create();
    assert.equal((await ComputeSystem.list({}, { host })).length, 2);
    assert.deepEqual(
      (await ComputeSystem.list({ Ids: [system.id] }, { host })).map(({ Id }) => Id),
      [system.id],
    );
    assert.equal((await ComputeSystem.list({ Owners: ['hostcompute-test'] }, { host })).length, 2);
    assert.deepEqual(await ComputeSystem.list({ Owners: ['nobody'] }, { host }), []);
  });

  it('rejects an empty answer', async () => {
    await bench.simulator.inject({ function: 'HcsEnumerateComputeSystems', properties: '' });
    await assert.rejects(ComputeSystem.list({}, { host: bench.simulator.host }), { code: 'ERR_HC_DOCUMENT' });
  });
});

describe('ComputeSystem#properties()', () => {
  const bench = useSimulator();

  it('returns the requested properties', async () => {
    const system = await bench.running();
    const properties = await system.properties(['Statistics']);
    assert.equal(properties.Id, system.id);
    assert.equal(typeof (properties.Statistics as { Uptime100ns: number }).Uptime100ns, 'number');
  });

  it('returns 64-bit numbers without loss', async () => {
    const system = await bench.create();
    const properties = '{"Statistics":{"Uptime100ns":18446744073709551615,"Memory":{"MemoryUsageCommitBytes":1}}}';
    await bench.simulator.inject({ function: 'HcsGetComputeSystemProperties', properties });
    const { Statistics } = await system.properties(['Statistics']);
    assert.deepEqual(Statistics, { Uptime100ns: 2n ** 64n - 1n, Memory: { MemoryUsageCommitBytes: 1 } });
  });

  it('rejects with the text of an invalid answer', async () => {
    const system = await bench.create();
    await bench.simulator.inject({ function: 'HcsGetComputeSystemProperties', properties: '{"Id":' });
    await assert.rejects(system.properties(), { code: 'ERR_HC_DOCUMENT', text: '{"Id":', systemId: system.id });
  });
});

describe('ComputeSystem#modify()', () => {
  const bench = useSimulator();

  it('passes the request to the host', async () => {
    const system = await bench.running();
    await system.modify({ ResourcePath: 'Container/Memory/SizeInMB', RequestType: 'Update', Settings: 512 });
    await assert.rejects(system.modify('{"Settings":1}', { validate: 'off' }), { code: 'HCS_E_INVALID_JSON' });
  });
});
