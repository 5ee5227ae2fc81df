import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';

import { ComputeSystem, Host } from 'hostcompute';

import { containerDocument } from '../support/documents.js';

// The addon is a shared library with none of a host's functions.
const library =
  process.env.HOSTCOMPUTE_ADDON ?? fileURLToPath(new URL('../../../build/Release/hostcompute.node', import.meta.url));

describe('A library without functions', () => {
  let host: Host;
  before(async () => {
    host = await Host.open({ libraries: { vmcompute: library } });
  });
  after(() => host.close());

  it('opens, and reports no function as present', () => {
    assert.equal(host.kind, 'custom');
    assert.deepEqual(new Set(Object.values(host.functions)), new Set([false]));
  });

  const calls: readonly [functionName: string, call: () => Promise<unknown>][] = [
    ['HcsEnumerateComputeSystems', () => ComputeSystem.list({}, { host })],
    ['HcsCreateComputeSystem', () => ComputeSystem.create('x', containerDocument(), { host })],
    ['HcsOpenComputeSystem', () => ComputeSystem.open('x', { host })],
    ['HcsGetServiceProperties', () => host.serviceProperties()],
    ['HcsModifyServiceSettings', () => host.modifyServiceSettings({})],
  ];
  for (const [functionName, call] of calls) {
    it(`makes calls that need ${functionName} reject, naming it`, async () => {
      await assert.rejects(call(), { code: 'ERR_HC_SYMBOL', functionName, operation: functionName });
    });
  }
});
