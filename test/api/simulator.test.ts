import assert from 'node:assert/strict';

import { ComputeSystem } from 'hostcompute';

import { openings, useSimulator } from '../support/host.js';

describe('The state of the simulated host', () => {
  const bench = useSimulator();

  it('tells what is open, and which call opened it', async () => {
    const { simulator } = bench;
    const { Open: before } = await simulator.state();
    assert.deepEqual(before, []);
    const system = await bench.running();
    const again = await ComputeSystem.open(system.id, { host: simulator.host });
    const process = await bench.run('sim-sleep', again);
    const state = await simulator.state();
    const made = state.Systems[0]!.Call;
    assert.deepEqual(
      state.Open.filter(({ Kind }) => Kind !== 'Registration').map(({ Kind, Function, Process }) => [
        Kind,
        Function,
        Process,
      ]),
      [
        ['System', 'HcsCreateComputeSystem', undefined],
        ['System', 'HcsOpenComputeSystem', undefined],
        ['Process', 'HcsCreateProcess', process.pid],
        ['Program', 'HcsCreateProcess', process.pid],
      ],
    );
    assert.equal(state.Open[0]!.Call, made);
    const calls = state.Open.map(({ Call }) => Call);
    assert.deepEqual(
      calls,
      calls.toSorted((a, b) => a - b),
    );
    assert.match(
      openings(state),
      new RegExp(`^System ${system.id}, opened by call ${made}, HcsCreateComputeSystem$`, 'm'),
    );
    assert.match(
      openings(state),
      new RegExp(`^Process ${system.id}/${process.pid}, opened by call \\d+, HcsCreateProcess$`, 'm'),
    );
    await again.close();
    const left = (await simulator.state()).Open.filter(({ Function }) => Function === 'HcsOpenComputeSystem');
    assert.deepEqual(left, []);
  });
});
