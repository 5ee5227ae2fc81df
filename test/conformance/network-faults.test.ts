import assert from 'node:assert/strict';

import type { HostFunction } from 'hostcompute';
import { HcsError, Host } from 'hostcompute';
import { Network } from 'hostcompute/network';

import { functions } from '#dist/backend/functions.js';
import { useSimulator } from '../support/host.js';
import type { NetworkScene } from './network-api-calls.js';
import { networkCalls, setNetworks } from './network-api-calls.js';

// What Windows has been seen to answer.
const failures = {
  HCN_E_ADDR_INVALID_OR_RESERVED: 0x803b002f,
  ERROR_SERVICE_NOT_ACTIVE: 0x80070426,
} as const;

// What a call does without: an object is there whether its handle has been closed or not.
const closes = /\.Hcn(Close|Unregister|Free)/;

describe('Calls of networks', () => {
  const bench = useSimulator();
  let scene: NetworkScene;
  beforeEach(async () => {
    scene = await setNetworks(bench);
  });

  it('cover every function of the host but those that end what another has begun', () => {
    const made = new Set(Object.values(networkCalls).flatMap((call) => call.functions));
    const all = Object.keys(functions).filter((name) => /\.(Hcn|HNS)/.test(name)) as HostFunction[];
    const left = all.filter((name) => !made.has(name)).map((name) => name.replace('computenetwork.', ''));
    assert.deepEqual(left.sort(), [
      'HcnEnumerateGuestNetworkServices',
      'HcnQueryEndpointAddresses',
      'HcnReleaseGuestNetworkServicePortReservationHandle',
      'HcnUnregisterServiceCallback',
    ]);
  });

  for (const [title, { functions: made, refusal, make }] of Object.entries(networkCalls)) {
    describe(title, () => {
      it('makes the host calls listed in the table', async () => {
        const before = (await bench.simulator.state()).Calls;
        if (refusal === undefined) await make(scene, {});
        else await assert.rejects(make(scene, {}), { code: refusal });
        const { Calls: after } = await bench.simulator.state();
        const called = Object.keys(after).filter((name) => (after[name] ?? 0) > (before[name] ?? 0));
        assert.deepEqual(called.filter((name) => !name.startsWith('simulator.')).sort(), [...new Set(made)].sort());
      });

      for (const name of made.filter((each) => !closes.test(each))) {
        for (const [code, status] of Object.entries(failures)) {
          it(`rejects when ${name} fails with ${code}`, async () => {
            await bench.simulator.inject({ function: name, status });
            await assert.rejects(make(scene, {}), (error) => {
              assert.ok(error instanceof HcsError, String(error));
              assert.deepEqual([error.code, error.status], [code, status]);
              assert.notEqual(error.remedy, undefined);
              return true;
            });
          });
        }

        it(`rejects, naming ${name}, when the host lacks it`, async () => {
          await bench.simulator.inject({ function: name, missing: true });
          const optional = title === 'Endpoint#statistics' && name.endsWith('QueryEndpointStats');
          if (optional) await make(scene, {});
          else await assert.rejects(make(scene, {}), { code: 'ERR_HC_SYMBOL' });
        });
      }
    });
  }

  it('reject when the host is closed', async () => {
    const host = await Host.open('simulated');
    const network = await Network.open(scene.network.id, { host });
    await host.close();
    await assert.rejects(network.properties(), { code: 'ERR_HC_CLOSED' });
    await assert.rejects(Network.list({}, { host }), { code: 'ERR_HC_CLOSED' });
  });
});
