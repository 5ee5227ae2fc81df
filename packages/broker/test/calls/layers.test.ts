import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { LayerOwners } from '../../src/ledger/layer-owners.js';
import { anna, ben, Bench, container, machine, policyOf } from '../support/broker.js';
import type { Client } from '../support/broker.js';

const driver = { flavour: 1, homeDir: '' };
const parents = [{ id: '00000000-0000-0000-0000-000000000001', flags: 0, path: 'D:\\base\\one' }];
const layer = 'D:\\work\\mine';
const sandbox = { driver, layer, parent: '', parents };
const made = async (client: Client): Promise<unknown> => client.allowed('CreateSandboxLayer', sandbox);
const mountPath = '\\\\?\\Volume{01234567-89ab-cdef-0123-456789abcdef}\\';

describe('layers of clients', () => {
  it('are made below a folder for writing, on parents of the policy', async () => {
    const { inputs } = await new Bench().connect().allowed('CreateSandboxLayer', sandbox);
    assert.deepEqual(inputs, sandbox);
  });

  it('are not made elsewhere, nor on other parents', async () => {
    const client = new Bench().connect();
    const wrong: readonly object[] = [
      { layer: 'D:\\base\\mine' },
      { layer: 'C:\\Windows' },
      { layer: 'mine' },
      { layer: null },
      { driver: { flavour: 1, homeDir: 'D:\\work' } },
      { driver: { flavour: 7, homeDir: '' } },
      { driver: null },
      { parent: 'C:\\Windows' },
      { parents: [{ ...parents[0], path: 'C:\\Windows' }] },
      { parents: [{ ...parents[0], id: '..' }] },
      { parents: 'x' },
      { parents: [null] },
    ];
    for (const change of wrong) await client.refused('CreateSandboxLayer', { ...sandbox, ...change });
    await made(client);
  });

  for (const name of [
    'ActivateLayer',
    'DestroyLayer',
    'ExpandSandboxSize',
    'GetLayerMountPath',
    'DeactivateLayer',
    'UnprepareLayer',
  ]) {
    it(`are for their owner alone: ${name}`, async () => {
      const bench = new Bench();
      const owner = bench.connect(anna);
      await made(owner);
      const answers = [
        await bench.connect(ben).refused(name, { driver, layer }),
        await bench.connect(ben).refused(name, { driver, layer: 'D:\\work\\none' }),
      ];
      assert.deepEqual(
        answers.map(({ status }) => status),
        [0x80070003, 0x80070003],
      );
      const [others, none] = answers.map(({ message }) => message.replace(/received.*/, ''));
      assert.equal(others, none);
      await owner.allowed(name, { driver, layer });
    });
  }

  it('cannot be made over another’s', async () => {
    const bench = new Bench();
    await made(bench.connect(anna));
    await bench.connect(ben).refused('CreateSandboxLayer', { ...sandbox, layer: 'D:\\WORK\\Mine' });
  });

  it('are nobody’s when they were not made, and when they are destroyed', async () => {
    const bench = new Bench();
    const client = bench.connect();
    await client.allowed('CreateSandboxLayer', sandbox, { status: 0x80070005 });
    await client.refused('DestroyLayer', { driver, layer });
    await made(client);
    await client.allowed('DestroyLayer', { driver, layer });
    assert.equal(bench.folders.requests.at(-1)?.removes, true);
    await client.refused('DestroyLayer', { driver, layer });
  });

  it('are unmounted when their client goes: what was mounted last, first', async () => {
    const bench = new Bench();
    const client = bench.connect();
    await made(client);
    const other = 'D:\\work\\other';
    await client.allowed('CreateSandboxLayer', { ...sandbox, layer: other });
    await client.allowed('ActivateLayer', { driver, layer });
    await client.allowed('PrepareLayer', { driver, layer, parents });
    await client.allowed('ActivateLayer', { driver, layer: other });
    await client.allowed('ActivateLayer', { driver, layer: other }, { status: 0x80070005 });
    const undone = bench.broker.disconnected(client.connection);
    assert.deepEqual(
      undone.map(({ name, inputs }) => [name, inputs.layer]),
      [
        ['DeactivateLayer', other],
        ['UnprepareLayer', layer],
        ['DeactivateLayer', layer],
      ],
    );
    assert.deepEqual(bench.broker.disconnected(client.connection), []);
  });

  it('are unmounted as well when they were mounted for a client that had gone', async () => {
    const bench = new Bench();
    const client = bench.connect();
    await made(client);
    const call = client.call('ActivateLayer', { driver, layer });
    assert.ok('allow' in (await bench.broker.decide(call)));
    assert.deepEqual(bench.broker.disconnected(client.connection), []);
    bench.broker.completed(call, { status: 0, outputs: {} });
    assert.deepEqual(
      bench.undone.map(({ name, inputs }) => [name, inputs.layer]),
      [['DeactivateLayer', layer]],
    );
  });

  it('need no undoing when the client has unmounted them', async () => {
    const bench = new Bench();
    const client = bench.connect();
    await made(client);
    await client.allowed('PrepareLayer', { driver, layer, parents });
    await client.allowed('UnprepareLayer', { driver, layer });
    await client.allowed('DeactivateLayer', { driver, layer });
    assert.deepEqual(bench.broker.disconnected(client.connection), []);
  });

  it('are written in documents by their owner alone', async () => {
    const bench = new Bench();
    await made(bench.connect(anna));
    const document = { SystemType: 'Container', Name: 'probe', LayerFolderPath: layer };
    assert.match(await bench.connect(ben).refusal(document), /LayerFolderPath" must be there, and not/);
    assert.equal((await bench.connect(anna).document(document)).LayerFolderPath, layer);
  });

  it('are not read in documents of others: not as parents, nor the disks in them', async () => {
    const bench = new Bench();
    await made(bench.connect(anna));
    const other = bench.connect(ben);
    const Layers = [{ Id: '00000000-0000-0000-0000-000000000001', Path: layer }];
    const disk = { Type: 'VirtualDisk', Path: `${layer.toUpperCase()}\\sandbox.vhdx`, ReadOnly: true };
    const documents = [
      container({ Storage: { Layers } }),
      machine({ Devices: { Scsi: { '0': { Attachments: { '0': disk } } } } }),
    ];
    for (const document of documents) {
      assert.match(await other.refusal(document), /must be there, and not be another's/);
      await bench.connect(anna).document(document);
    }
    const parent = { ...parents[0], path: layer };
    await other.refused('CreateSandboxLayer', { ...sandbox, layer: 'D:\\work\\other', parents: [parent] });
  });

  it('are no shares for writing', async () => {
    const folders = [{ path: 'D:\\layers', use: ['layers'], access: 'write' }];
    const client = new Bench(policyOf({ folders })).connect();
    const share = (ReadOnly: boolean): object =>
      machine({ Devices: { VirtualSmb: { Shares: [{ Name: 'x', Path: 'D:\\layers\\x', Options: { ReadOnly } }] } } });
    assert.match(await client.refusal(share(false)), /opens for shares/);
    await client.document(share(true));
  });

  it('alone are shared with the right of a backup, for reading', async () => {
    const folders = ['layers', 'shares'].map((use) => ({ path: `D:\\${use}`, use: [use], access: 'write' }));
    const client = new Bench(policyOf({ folders })).connect();
    const share = (use: string, ReadOnly: boolean): object => {
      const Options = { ReadOnly, TakeBackupPrivilege: true };
      return machine({ Devices: { VirtualSmb: { Shares: [{ Name: 'x', Path: `D:\\${use}\\x`, Options }] } } });
    };
    await client.document(share('layers', true));
    assert.match(await client.refusal(share('layers', false)), /must be read only with Options\.TakeBackupPrivilege/);
    assert.match(await client.refusal(share('shares', true)), /opens for layers/);
    assert.match(await client.refusal(share('shares', false)), /must be read only/);
  });

  it('have volumes that only their client can name', async () => {
    const bench = new Bench();
    const client = bench.connect(anna);
    await made(client);
    const document = container({ Storage: { Path: mountPath } });
    assert.match(await client.refusal(document), /Storage\.Path" must be/);
    await client.allowed('GetLayerMountPath', { driver, layer }, { outputs: { mountPath } });
    const { Container } = await client.document(document);
    assert.deepEqual(Container, { Storage: { Path: mountPath } });
    assert.match(await bench.connect(ben).refusal(document), /Storage\.Path" must be/);
    await client.allowed('DeactivateLayer', { driver, layer });
    assert.match(await client.refusal(document), /Storage\.Path" must be/);
  });
});

describe('LayerOwners', () => {
  it('knows the owners again after a restart, also when the last line was cut', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hostcompute-broker-'));
    try {
      const path = join(folder, 'layers.jsonl');
      const before = new LayerOwners('windows', path);
      before.set('D:\\a', anna);
      before.set('D:\\b', ben);
      before.remove('D:\\b');
      appendFileSync(path, '{"layer":"D:\\\\c","us');
      new LayerOwners('windows', path).set('D:\\d', ben);
      const after = new LayerOwners('windows', path);
      assert.deepEqual(
        ['d:\\A', 'D:\\b', 'D:\\c', 'D:\\d'].map((each) => after.ownerOf(each)),
        [anna, undefined, undefined, ben],
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
