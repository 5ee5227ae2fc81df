import assert from 'node:assert/strict';
import { once } from 'node:events';

import { ComputeSystem, Host } from 'hostcompute';
import { Simulator } from 'hostcompute/simulator';

import { containerDocument } from '../../support/documents.js';
import { eventually } from '../../support/eventually.js';
import { useSimulator } from '../../support/host.js';

const nothing = {
  systems: 0,
  processes: 0,
  registrations: 0,
  streams: 0,
  layers: 0,
  callsInFlight: 0,
  stuckCalls: 0,
  open: [],
  mounted: [],
};

describe('Host#ledger()', () => {
  const bench = useSimulator();

  const ledger = () => {
    const { threads, ...rest } = bench.simulator.host.ledger();
    assert.ok(Number.isInteger(threads));
    return rest;
  };

  it('is empty when nothing is open', () => {
    assert.deepEqual(ledger(), nothing);
  });

  it('counts systems, processes and streams until they are closed', async () => {
    const system = await bench.running();
    const process = await bench.run({ command: 'sim-sleep', stdio: ['ignore', 'pipe', 'pipe'] }, system);
    const opened = await system.openProcess(process.pid);
    const { open, mounted, ...counts } = ledger();
    assert.deepEqual(mounted, []);
    const { systems, processes, registrations, streams } = counts;
    assert.deepEqual([systems, processes, registrations, streams], [1, 2, 3, 2]);
    assert.deepEqual(open, [
      { kind: 'system', systemId: system.id },
      { kind: 'process', systemId: system.id, processId: process.pid },
      { kind: 'process', systemId: system.id, processId: process.pid },
    ]);
    const streamsClosed = [process.stdout!, process.stderr!].map((stream) => once(stream, 'close'));
    await opened.close();
    await process.close();
    await system.close();
    await Promise.all(streamsClosed);
    assert.deepEqual(ledger(), nothing);
  });

  it('matches the state of the host', async () => {
    const systems = await Promise.all(Array.from({ length: 5 }, () => bench.running()));
    await Promise.all(systems.map((system) => bench.run('sim-cat', system)));
    const { Handles } = await bench.simulator.state();
    const { systems: ours, processes, registrations } = ledger();
    assert.deepEqual([ours, processes, registrations], [Handles.System, Handles.Process, Handles.Registration]);
  });

  it('counts calls in flight, and those that timed out', async () => {
    const system = await bench.create();
    const fault = await bench.simulator.inject({ function: 'HcsStartComputeSystem', block: true });
    const controller = new AbortController();
    const started = assert.rejects(system.start({ signal: controller.signal }), { code: 'ABORT_ERR' });
    assert.equal(ledger().callsInFlight, 1);
    await bench.simulator.reached({ blockedCalls: 1 });
    controller.abort();
    await started;
    assert.deepEqual([ledger().callsInFlight, ledger().stuckCalls], [1, 1]);
    await fault.release();
    await system.terminate();
    assert.ok(await bench.noneStuck());
    assert.deepEqual([ledger().callsInFlight, ledger().stuckCalls], [0, 0]);
  });

  it('keeps handles that could not be closed', async () => {
    const system = await bench.create();
    await bench.simulator.inject({ function: 'HcsCloseComputeSystem', status: 0x80004005 });
    await assert.rejects(system.close(), { code: 'E_FAIL' });
    assert.equal(ledger().systems, 1);
    await system.close();
    assert.equal(ledger().systems, 0);
  });

  it('drops a system whose create() timed out once it is closed', async () => {
    const fault = await bench.simulator.inject({ function: 'HcsCreateComputeSystem', block: true });
    const created = assert.rejects(bench.create({ timeoutMs: 50 }), { code: 'ERR_HC_TIMEOUT' });
    await bench.simulator.reached({ blockedCalls: 1 });
    await created;
    await fault.release();
    await bench.simulator.reached({ handles: { system: 0 }, callsInside: 0 });
    await eventually(
      () => bench.simulator.state(),
      () => ledger().systems === 0,
    );
    assert.deepEqual(ledger(), nothing);
  });

  it('records where each handle was opened in debug mode', async () => {
    await using host = await Host.open('simulated', { debug: true });
    await using simulator = Simulator.of(host);
    const process = await bench.run('sim-sleep');
    async function whoOpens() {
      return ComputeSystem.open(process.system.id, { host });
    }
    const system = await whoOpens();
    const [entry] = simulator.host.ledger().open;
    assert.match(entry?.openedAt ?? '', /whoOpens/);
    await system.close();
  });

  it('is empty after the host is closed', async () => {
    await using other = await Simulator.open();
    await other.host.close();
    const { threads, ...rest } = other.host.ledger();
    assert.deepEqual(rest, nothing);
    assert.equal(threads, 0);
  });

  it('is empty after the host is closed, even when it failed to close a handle', async () => {
    await using other = await Simulator.open();
    await ComputeSystem.create(bench.id(), containerDocument(), { host: other.host });
    await other.inject({ function: 'HcsCloseComputeSystem', status: 0x80004005 });
    await other.host.close();
    const { threads, ...rest } = other.host.ledger();
    assert.deepEqual(rest, nothing);
    assert.equal(threads, 0);
  });
});
