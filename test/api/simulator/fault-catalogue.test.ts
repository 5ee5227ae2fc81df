import assert from 'node:assert/strict';

import type { FaultName, FaultScenario } from 'hostcompute/simulator';
import { faults } from 'hostcompute/simulator';

import { limitedTo } from '#dist/simulator/faults/limits.js';
import { useSimulator } from '../../support/host.js';

const scenarios: readonly FaultScenario[] = faults;

describe('The catalogue of faults', () => {
  const bench = useSimulator();

  it('has names of its own for all of them, and a public report of each', () => {
    assert.equal(new Set(scenarios.map(({ name }) => name)).size, scenarios.length);
    for (const { name, report } of scenarios) assert.match(report, /^[\w.-]+\/[\w.-]+(#\d+|@[0-9a-f]{7,})$/, name);
  });

  it('says of each fault of the network service what is seen of it, and what helps', () => {
    const ofNetworks = scenarios.filter(({ act, rules }) =>
      act === undefined ? rules.some(({ function: name }) => /Hcn|HNSCall/.test(name)) : 'restartNetworks' in act,
    );
    assert.ok(ofNetworks.length > 10);
    for (const { name, sees, remedy } of ofNetworks) assert.ok(sees && remedy, name);
  });

  for (const { name, rules } of scenarios) {
    it(`can provoke ${name}, on anything and on one id, and clear it again`, async () => {
      const { simulator } = bench;
      await bench.running(); // what happens at once happens to it
      const expected = rules.filter((rule) => rule.missing !== true).length;
      for (const id of [undefined, '8f0e3b9c-5d5f-4d4b-8a53-0c0f7d6f2a11']) {
        if (id !== undefined && rules.length === 0) continue;
        const fault = await simulator.provoke(name as FaultName, id);
        assert.equal((await simulator.state()).Rules, expected);
        await fault.clear();
        if (rules.length > 0) assert.equal((await simulator.state()).Rules, 0);
        await simulator.clear();
      }
    });
  }

  it('limits a rule to a system or an object, but not what makes one or is asked of all', () => {
    const limits = (rule: FaultScenario['rules'][number]): unknown => {
      const { system, object } = limitedTo('x', rule);
      return system ?? object;
    };
    for (const name of [
      'vmcompute.HcsStartComputeSystem',
      'computenetwork.HcnOpenNetwork',
      'vmcompute.HNSCall',
    ] as const)
      assert.equal(limits({ function: name, status: 5 }), 'x', name);
    for (const name of ['vmcompute.HcsEnumerateComputeSystems', 'computenetwork.HcnCreateNetwork'] as const)
      assert.equal(limits({ function: name, status: 5 }), undefined, name);
    assert.equal(limits({ function: 'vmcompute.HNSCall', request: 'POST /endpoints', status: 5 }), undefined);
  });
});
