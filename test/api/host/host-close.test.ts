import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';

import { ComputeSystem, Host } from 'hostcompute';

import { containerDocument } from '../../support/documents.js';
import { useSimulator } from '../../support/host.js';
import { stopTime } from '../../support/time.js';

describe('Host#close() while the host hangs', () => {
  const bench = useSimulator();

  /** A host of its own, one of whose calls hangs inside the simulated host. */
  async function hanging(): Promise<{ host: Host; release: () => Promise<void> }> {
    const host = await Host.open('simulated');
    const system = await ComputeSystem.create(bench.id(), containerDocument(), { host });
    const fault = await bench.simulator.inject({ function: 'vmcompute.HcsGetComputeSystemProperties', block: true });
    void assert.rejects(system.properties(), { code: 'ERR_HC_CLOSED' });
    assert.ok(await bench.simulator.reached({ blockedCalls: 1 }));
    return { host, release: () => fault.release() };
  }

  it('rejects when its signal aborts, and continues to close', async () => {
    const { host, release } = await hanging();
    const abort = new AbortController();
    const reason = new Error('enough');
    const closed = assert.rejects(host.close({ signal: abort.signal }), { name: 'AbortError', cause: reason });
    abort.abort(reason);
    await closed;
    assert.deepEqual(getEventListeners(abort.signal, 'abort'), []);
    await assert.rejects(host.serviceProperties(), { code: 'ERR_HC_CLOSED' });
    await release();
    await host.close();
    assert.equal(host.ledger().callsInFlight, 0);
  });

  it('has no effect when its signal is already aborted', async () => {
    const host = await Host.open('simulated');
    await assert.rejects(host.close({ signal: AbortSignal.abort() }), { name: 'AbortError' });
    assert.ok((await host.serviceProperties()).Properties);
    await host.close();
  });

  it('fulfils at its timeout, and leaves the call on its thread', async () => {
    const { host, release } = await hanging();
    using time = stopTime();
    const closed = host.close({ timeoutMs: 50 });
    await time.pass(50);
    await closed;
    assert.equal(host.ledger().threads, 0);
    await release();
  });

  it('applies the timeout of each caller to that caller', async () => {
    const { host, release } = await hanging();
    using time = stopTime();
    const first = host.close({ timeoutMs: 60_000 });
    const second = host.close({ timeoutMs: 20 });
    await time.pass(20);
    await second;
    assert.ok(host.ledger().callsInFlight > 0);
    await release();
    await first;
    assert.equal(host.ledger().callsInFlight, 0);
  });

  it('does not change the timeout of another caller', async () => {
    const { host, release } = await hanging();
    using time = stopTime();
    const first = host.close({ timeoutMs: 5000 });
    const abort = new AbortController();
    const second = assert.rejects(host.close({ timeoutMs: 60_000, signal: abort.signal }), { name: 'AbortError' });
    abort.abort();
    await second;
    await time.pass(5000);
    await first;
    await release();
  });
});
