// The probe leaves nothing, wherever it fails or is cut off.
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';

import type { HostFunction } from 'hostcompute';
import { ComputeSystem } from 'hostcompute';
import type { DoctorOptions, DoctorReport } from 'hostcompute/doctor';
import { doctor, replay } from 'hostcompute/doctor';

import { eventually } from '../support/eventually.js';
import { useSimulator } from '../support/host.js';

const steps: readonly [HostFunction, step: string][] = [
  ['vmcompute.HcsCreateComputeSystem', 'create'],
  ['vmcompute.HcsStartComputeSystem', 'start'],
  ['vmcompute.HcsTerminateComputeSystem', 'terminate'],
];

describe('The probe', () => {
  const bench = useSimulator();
  const probed = (more: DoctorOptions = {}): Promise<DoctorReport> =>
    doctor({ host: bench.simulator.host, goals: ['vm', 'process'], probe: true, ...more });

  async function nothingIsLeft(): Promise<void> {
    const { host } = bench.simulator;
    // What was cut off is undone by itself.
    let left: readonly number[] = [];
    const look = async (): Promise<void> => {
      const listed = await ComputeSystem.list({}, { host });
      const { systems, callsInFlight, stuckCalls } = host.ledger();
      left = [listed.length, systems, callsInFlight, stuckCalls];
    };
    await look();
    await eventually(look, () => left.every((number) => number === 0));
    assert.deepEqual(left, [0, 0, 0, 0]);
  }

  it('makes, starts and terminates a system, as the last check', async () => {
    const { checks, host } = await probed();
    const last = checks.at(-1)!;
    assert.deepEqual([last.id, last.outcome, last.blocks], ['probe', 'ok', []]);
    assert.deepEqual(
      last.evidence.map(({ asked }) => asked),
      ['probe open', 'probe create', 'probe start', 'probe terminate'],
    );
    const { Calls } = await bench.simulator.state();
    for (const [name] of steps) assert.ok((Calls[name] ?? 0) > 0, name);
    assert.equal(checks.length, 35);
    assert.equal(host.simulated, true);
    await nothingIsLeft();
  });

  it('lists the systems where no virtual machine is wanted', async () => {
    const { checks } = await probed({ goals: ['process'] });
    assert.deepEqual(
      checks.at(-1)?.evidence.map(({ asked }) => asked),
      ['probe open', 'probe list'],
    );
    const { Calls } = await bench.simulator.state();
    assert.equal(Calls['vmcompute.HcsCreateComputeSystem'] ?? 0, 0);
  });

  it('is not there unless it is asked for', async () => {
    const { checks } = await doctor({ host: bench.simulator.host });
    assert.ok(!checks.some(({ id }) => id === 'probe'));
  });

  for (const [name, step] of steps) {
    it(`leaves nothing when ${step} fails, and says how`, async () => {
      await bench.simulator.inject({ function: name, status: 0x80370102 });
      const { checks, summary } = await probed();
      const last = checks.at(-1)!;
      assert.deepEqual([last.outcome, last.blocks], ['problem', ['vm']]);
      assert.match(last.cause ?? '', new RegExp(`^It failed at ${step}: `));
      assert.deepEqual(last.evidence.at(-1), {
        asked: `probe ${step}`,
        answer: { error: 0x80370102, call: name.slice('vmcompute.'.length) },
      });
      assert.ok(last.remedy);
      assert.equal(summary.healthy, false);
      await nothingIsLeft();
    });

    it(`leaves nothing when it is cut off during ${step}`, async () => {
      await bench.simulator.inject({ function: name, block: true });
      const abort = new AbortController();
      const aborted = assert.rejects(probed({ signal: abort.signal }), { name: 'AbortError' });
      assert.ok(await bench.simulator.reached({ blockedCalls: 1 }));
      abort.abort();
      await bench.simulator.clear();
      await aborted;
      assert.deepEqual(getEventListeners(abort.signal, 'abort'), []);
      await nothingIsLeft();
    });
  }

  it('needs a host', async () => {
    const recording = { schema: 1, made: '2026-11-30', version: '1', root: 'C:\\', answers: {} } as const;
    const rejected = doctor({ answers: replay(recording), probe: true });
    await assert.rejects(rejected, { code: 'ERR_HC_ARGUMENT', field: 'options.probe' });
  });
});
