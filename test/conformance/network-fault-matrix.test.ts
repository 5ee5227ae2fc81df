import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';

import { HcsError } from 'hostcompute';
import { Network } from 'hostcompute/network';
import type { FaultName, FaultScenario } from 'hostcompute/simulator';
import { faults } from 'hostcompute/simulator';

import { useSimulator } from '../support/host.js';
import type { NetworkCall } from './network-api-calls.js';
import { networkCalls, setNetworks } from './network-api-calls.js';

/** What comes of a call under a fault that meets it: fault, call, how it settles. */
type Outcomes = Record<string, Record<string, string>>;

// Each is looked at when it changes, and accepted with UPDATE_GOLDEN=1.
const goldenFile = 'test/golden/network-fault-matrix.json';
const update = process.env.UPDATE_GOLDEN === '1';
const golden = update ? {} : (JSON.parse(await readFile(goldenFile, 'utf8')) as Outcomes);
const updated: Outcomes = {};

const ofNetworks = (name: string): boolean => /\.(Hcn|HNSCall$)/.test(name);
const restarts = ({ act }: FaultScenario): boolean => act !== undefined && 'restartNetworks' in act;
const scenarios = (faults as readonly FaultScenario[]).filter(
  (scenario) => restarts(scenario) || scenario.rules.some((rule) => ofNetworks(rule.function)),
);

// Which requests of HNSCall a method makes the table does not say: test/api/simulator/network-faults.test.ts has those.
function meets(scenario: FaultScenario, { functions: made }: NetworkCall): boolean {
  if (restarts(scenario)) return true;
  return scenario.rules.some((rule) => rule.request === undefined && made.includes(rule.function));
}

describe('Each call of networks under each fault of networks', () => {
  const bench = useSimulator();
  after(async () => {
    if (update) await writeFile(goldenFile, JSON.stringify(updated, undefined, 2) + '\n');
  });

  it('has its outcome in the golden file, which has no others', () => {
    const cells = scenarios.flatMap((scenario) =>
      Object.entries(networkCalls).flatMap(([title, call]) =>
        meets(scenario, call) ? [`${scenario.name}: ${title}`] : [],
      ),
    );
    const known = Object.entries(golden).flatMap(([name, of]) => Object.keys(of).map((title) => `${name}: ${title}`));
    if (!update) assert.deepEqual(known, cells);
  });

  for (const scenario of scenarios) {
    for (const [title, call] of Object.entries(networkCalls)) {
      if (!meets(scenario, call)) continue;
      it(`${scenario.name} settles ${title}, and leaves nothing open`, async () => {
        const { simulator } = bench;
        const scene = await setNetworks(bench);
        const fault = await simulator.provoke(scenario.name as FaultName);
        let outcome = 'fulfilled';
        try {
          await call.make(scene, { timeoutMs: 10_000 });
        } catch (error) {
          assert.ok(error instanceof HcsError, String(error));
          assert.doesNotMatch(error.code, /^HRESULT_/);
          outcome = `rejected: ${error.code}`;
        }
        (updated[scenario.name] ??= {})[title] = outcome;
        if (!update) assert.equal(outcome, golden[scenario.name]?.[title]);

        // The service goes on, and what others have in it can be used.
        await fault.clear();
        const others = await Network.list({ Name: 'pods' }, { host: scene.host });
        if (others.length > 0) assert.equal((await scene.overlay.properties()).Name, 'pods');
        else assert.match(scenario.name, /^object-gone/);
      });
    }
  }
});
