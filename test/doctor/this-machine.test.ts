// What this machine answers that Windows is not asked for: files, the environment, systems, networks, the host.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Answer } from 'hostcompute/doctor';
import { Network, networks } from 'hostcompute/network';

import type { Machine } from '#dist/doctor/this-machine.js';
import { thisMachine } from '#dist/doctor/this-machine.js';
import { useSimulator } from '../support/host.js';

const { signal } = new AbortController();

describe('This machine', () => {
  const bench = useSimulator();
  let folder: string;
  const machine = (): Machine => thisMachine({ host: bench.simulator.host });
  const ask = (question: string): Promise<Answer> => machine().ask(question, signal);

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hostcompute-doctor-'));
    await writeFile(join(folder, 'kernel'), 'x'.repeat(5));
  });
  after(() => rm(folder, { recursive: true }));

  it('knows files and folders, by names with spaces too', async () => {
    await writeFile(join(folder, 'a kernel'), '');
    assert.deepEqual(await ask(`file ${join(folder, 'kernel')}`), { value: { kind: 'file', bytes: 5 } });
    assert.deepEqual(await ask(`file ${join(folder, 'a kernel')}`), { value: { kind: 'file', bytes: 0 } });
    const found = (await ask(`file ${folder}`)) as { readonly value: { readonly kind: string } };
    assert.equal(found.value.kind, 'folder');
    assert.deepEqual(await ask(`file ${join(folder, 'none')}`), { error: 2, call: 'stat' });
  });

  it('knows its environment', async () => {
    process.env.HOSTCOMPUTE_TEST_PLACE = folder;
    assert.deepEqual(await ask('environment HOSTCOMPUTE_TEST_PLACE'), { value: folder });
    delete process.env.HOSTCOMPUTE_TEST_PLACE;
    assert.deepEqual(await ask('environment HOSTCOMPUTE_TEST_PLACE'), { value: null });
  });

  it('knows its systems and networks, and which host has them', async () => {
    await bench.running();
    const { host } = bench.simulator;
    await using network = await Network.create(networks.nat({ name: 'n', subnet: '172.20.0.0/16' }), { host });
    assert.deepEqual(await ask('networks'), { value: [{ name: 'n', type: 'NAT', prefixes: ['172.20.0.0/16'] }] });
    const { value } = (await ask('systems')) as { readonly value: readonly object[] };
    assert.deepEqual(
      value.map((system) => Object.keys(system)),
      [['owner', 'state', 'systemType']],
    );
    assert.deepEqual(await ask('host'), { value: { kind: 'simulated' } });
    await network.delete();
  });

  it('says with which code HCS and HNS have refused', async () => {
    await bench.simulator.inject({ function: 'vmcompute.HcsEnumerateComputeSystems', status: 0x8037011b });
    assert.deepEqual(await ask('systems'), { error: 0x8037011b, call: 'HcsEnumerateComputeSystems' });
    await bench.simulator.inject({ function: 'computenetwork.HcnEnumerateNetworks', status: 0x80070005 });
    assert.deepEqual(await ask('networks'), { error: 0x80070005, call: 'HcnEnumerateNetworks' });
  });

  it('leaves all else to Windows', async () => {
    const asked: string[] = [];
    const inspect = (question: string): Promise<string> => {
      asked.push(question);
      return Promise.resolve('{"error":1060,"call":"OpenServiceW"}');
    };
    const windows = thisMachine({ host: undefined, inspect });
    assert.deepEqual(await windows.ask('service filer', signal), { error: 1060, call: 'OpenServiceW' });
    assert.deepEqual(await windows.ask('toString', signal), { error: 1060, call: 'OpenServiceW' });
    assert.deepEqual(asked, ['service filer', 'toString']);
  });

  it('closes the host that it has opened, and no other', async () => {
    const own = thisMachine({ host: undefined });
    const { HOSTCOMPUTE_HOST: before } = process.env;
    process.env.HOSTCOMPUTE_HOST = 'simulated';
    const opened = await own.open();
    if (before === undefined) delete process.env.HOSTCOMPUTE_HOST;
    else process.env.HOSTCOMPUTE_HOST = before;
    await own.close();
    await assert.rejects(opened.serviceProperties(), { code: 'ERR_HC_CLOSED' });
    const given = machine();
    await given.ask('systems', signal);
    await given.close();
    await bench.simulator.host.serviceProperties();
  });
});
