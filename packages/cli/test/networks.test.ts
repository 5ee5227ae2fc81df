import assert from 'node:assert/strict';

import { Endpoint, endpoints } from 'hostcompute/network';

import { ServedHost } from './support/served-host.js';

describe('hostcompute networks', () => {
  let served: ServedHost;
  before(async () => (served = await ServedHost.open()));
  after(() => served[Symbol.asyncDispose]());

  it('creates, lists, shows and removes a network', async () => {
    const [made] = await served.json('networks', 'create', 'web', '--subnet', '192.168.100.0/24', '--owner', 'me');
    assert.deepEqual(
      [made!.kind, made!.name, made!.type, made!.subnets],
      ['network', 'web', 'NAT', ['192.168.100.0/24']],
    );
    assert.equal((await served.json('networks', 'ls')).find(({ name }) => name === 'web')!.id, made!.id);
    assert.match(
      (await served.run('networks', 'ls')).stdout,
      /^NAME +ID +TYPE +SUBNETS\n(.*\n)*web +\S+ +NAT +192\.168\.100\.0\/24\n/,
    );
    const [shown] = await served.json('networks', 'inspect', String(made!.id).slice(0, 8));
    assert.equal((shown!.properties as { Owner: string }).Owner, 'me');
    assert.equal((await served.run('networks', 'rm', 'WEB')).stdout, 'web\n');
    assert.equal(
      (await served.json('networks', 'ls')).find(({ name }) => name === 'web'),
      undefined,
    );
  });

  it('makes networks of other types, and says what one needs', async () => {
    const [made] = await served.json('networks', 'create', 'inner', '--type', 'internal', '--subnet', '10.9.0.0/24');
    assert.equal(made!.type, 'Internal');
    for (const words of [
      ['--type', 'l2bridge'],
      ['--type', 'overlay', '--subnet', '10.8.0.0/24'],
      ['--type', 'ring'],
    ]) {
      assert.equal((await served.run('networks', 'create', 'other', ...words)).exitCode, 2, words.join(' '));
    }
  });

  it('removes nothing when one of several is not there', async () => {
    const { exitCode, stderr } = await served.run('networks', 'rm', 'inner', 'nothing');
    assert.equal(exitCode, 1);
    assert.match(stderr, /There is no network "nothing"\. List those that are there by "hostcompute networks ls"/);
    assert.equal((await served.json('networks', 'inspect', 'inner')).length, 1);
  });

  it('lists, shows and removes endpoints', async () => {
    const [network] = await served.json('networks', 'inspect', 'inner');
    const options = { host: served.simulator.host };
    const id = String(network!.id);
    for (const name of ['one', 'two']) await Endpoint.create(id, endpoints.of(id, { name }), options);
    const listed = await served.json('endpoints', 'ls', '--network', 'inner');
    assert.deepEqual(
      listed.map(({ name, networkName }) => [name, networkName]),
      [
        ['one', 'inner'],
        ['two', 'inner'],
      ],
    );
    assert.match(String((listed[0]!.addresses as string[])[0]), /^10\.9\.0\./);
    assert.equal((await served.json('endpoints', 'inspect', 'one'))[0]!.id, listed[0]!.id);
    assert.equal((await served.run('endpoints', 'rm', 'one')).stdout, 'one\n');
    assert.equal((await served.json('endpoints', 'ls', '--network', 'inner')).length, 1);
    assert.equal((await served.run('endpoints', 'rm', 'one')).exitCode, 1);
  });
});
