import assert from 'node:assert/strict';

import type { Client } from './support/broker.js';
import { Bench, container, policyOf } from './support/broker.js';

describe('Limits of a broker', () => {
  const configuration = JSON.stringify(container());
  const refusedCreate = (client: Client): Promise<{ status: number }> =>
    client.refused('HcsCreateComputeSystem', { id: 'more', configuration, identity: null });

  it('count a system that is being opened while its last handle is closed', async () => {
    const bench = new Bench(policyOf({ limits: { systems: 1 } }));
    const client = bench.connect();
    const { handle } = await client.create('web');
    const opening = client.call('HcsOpenComputeSystem', { id: 'web' });
    assert.ok('allow' in (await bench.broker.decide(opening)));
    await client.allowed('HcsCloseComputeSystem', { computeSystem: handle });
    // The host has opened it before it was closed: it lives on.
    await refusedCreate(client);
    bench.broker.completed(opening, { status: 0, outputs: { computeSystem: 7 } });
    await refusedCreate(client);
    await client.allowed('HcsCloseComputeSystem', { computeSystem: 7 });
    await client.create('next');
    await refusedCreate(client);
  });

  it('count no system that could not be opened after its last handle was closed', async () => {
    const bench = new Bench(policyOf({ limits: { systems: 1 } }));
    const client = bench.connect();
    const { handle } = await client.create('web');
    const opening = client.call('HcsOpenComputeSystem', { id: 'web' });
    assert.ok('allow' in (await bench.broker.decide(opening)));
    await client.allowed('HcsCloseComputeSystem', { computeSystem: handle });
    bench.broker.completed(opening, { status: 0x8037010e, outputs: { computeSystem: null } });
    await client.create('next');
    await refusedCreate(client);
  });

  it('count once a system whose client goes while another of the user opens it', async () => {
    const bench = new Bench(policyOf({ limits: { systems: 1 } }));
    const [first, second] = [bench.connect(), bench.connect()];
    await first.create('web');
    const opening = second.call('HcsOpenComputeSystem', { id: 'web' });
    assert.ok('allow' in (await bench.broker.decide(opening)));
    bench.broker.disconnected(first.connection);
    bench.broker.disconnected(second.connection);
    bench.broker.completed(opening, { status: 0, outputs: { computeSystem: 7 } });
    const third = bench.connect();
    await third.create('next');
    await refusedCreate(third);
  });
});
