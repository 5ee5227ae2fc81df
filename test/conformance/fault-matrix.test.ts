import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';

import type { HostFunction } from 'hostcompute';
import { ComputeSystem, HcsError, isServiceGone } from 'hostcompute';
import type { Fault, FaultRule, FaultScenario, Simulator, SimulatorState } from 'hostcompute/simulator';
import { faults } from 'hostcompute/simulator';

import { functions } from '#dist/backend/functions.js';
import { forComputecore } from '#dist/simulator/faults/computecore.js';
import { onComputecore } from '../support/api.js';
import { useSimulator } from '../support/host.js';
import { containerDocument } from '../support/documents.js';
import { openDescriptors } from '../support/descriptors.js';
import { eventually } from '../support/eventually.js';
import { stopTime } from '../support/time.js';
import type { ApiCall, Scene } from './api-calls.js';
import { apiCalls, setScene } from './api-calls.js';
import { layerCalls } from './layer-api-calls.js';

/**
 * What a cell of the matrix comes to where its fault meets its call: fault, call, how it settles. Which status a host error
 * has follows from the rules of its fault, so it is not kept.
 */
type Outcomes = Record<string, Record<string, string>>;

// Each is looked at when it changes, and accepted with UPDATE_GOLDEN=1.
const goldenFile = 'test/golden/fault-matrix.json';
const golden = JSON.parse(await readFile(goldenFile, 'utf8')) as Outcomes;
const updated: Outcomes = {};
const update = process.env.UPDATE_GOLDEN === '1' && !onComputecore;

// A callback of computecore.dll ends with its handle, and a close has no status: such faults are of the other library alone.
const isHere = (rule: FaultRule): boolean => !onComputecore || forComputecore(rule) !== undefined;

const hostFunctions = Object.entries(functions)
  .filter(([name, { library }]) => library === 'vmcompute' && isHere({ function: name as HostFunction }))
  .map(([name]) => name as HostFunction);
const catalogue = (faults as readonly FaultScenario[]).filter(
  ({ rules }) => rules.length === 0 || rules.some((rule) => isHere(rule)),
);

function functionsOf({ functions: made, fallbacks = [] }: ApiCall): readonly HostFunction[] {
  return [...made, ...fallbacks];
}

function rulesFor({ rules }: FaultScenario, call: ApiCall): FaultScenario['rules'] {
  return rules.filter((rule) => isHere(rule) && functionsOf(call).includes(rule.function));
}

function takesTheServiceAway({ act }: FaultScenario): boolean {
  return act !== undefined && 'disconnect' in act;
}

function meets(scenario: FaultScenario, call: ApiCall): boolean {
  return takesTheServiceAway(scenario) || rulesFor(scenario, call).length > 0;
}

const deadlineMs = 10_000;

function holds(rules: FaultScenario['rules']): boolean {
  return rules.some(({ function: name, block, completion, loseExit }) => {
    return block === true || completion === 'lost' || (loseExit === true && name.endsWith('ComputeSystem'));
  });
}

// What keeps a call for ever, so that only its deadline ends it. Every other call has all the time that it needs.
function waitsForEver({ rules }: FaultScenario, { functions: made, waitsWithout }: ApiCall): boolean {
  if (waitsWithout?.every((name) => rules.some((rule) => rule.function === name))) return true;
  return holds(rules.filter(({ function: name }) => made.includes(name)));
}

/** The host has the call that only its deadline ends: the last of those that its fault is about, or one that it keeps. */
async function untilHeld(
  simulator: Simulator,
  rules: FaultScenario['rules'],
  before: SimulatorState['Calls'],
): Promise<void> {
  if (rules.some((rule) => rule.block)) {
    assert.ok(await simulator.reached({ blockedCalls: 1 }));
    return;
  }
  let { Calls: calls } = await simulator.state();
  const more = ({ function: name }: { function: HostFunction }): boolean => (calls[name] ?? 0) > (before[name] ?? 0);
  const held = await eventually(
    async () => ({ Calls: calls } = await simulator.state()),
    () => (holds(rules) ? rules.some(more) : rules.every(more)),
  );
  assert.ok(held);
}

// A host that lacks a function: beside the catalogue, one for each.
// Those of layers have a matrix of their own.
const missing: readonly FaultScenario[] = hostFunctions
  .filter((name) => name.startsWith('vmcompute.Hcs'))
  .map((name) => ({
    name: `without ${name.replace('vmcompute.', '')}`,
    does: 'The host does not export the function.',
    report: '',
    rules: [{ function: name, missing: true }],
  }));

async function provoke(simulator: Simulator, scenario: FaultScenario, system?: string): Promise<Fault> {
  const known = faults.find(({ name }) => name === scenario.name);
  if (known !== undefined) return simulator.provoke(known.name, system);
  return simulator.inject(scenario.rules[0]!);
}

interface Settled {
  readonly value?: unknown;
  readonly error?: unknown;
}

async function settle(promise: Promise<unknown>): Promise<Settled> {
  try {
    return { value: await promise };
  } catch (error) {
    return { error };
  }
}

function describeOutcome({ value, error }: Settled): string {
  if (error === undefined) return value === undefined ? 'fulfilled' : `fulfilled: ${value as string}`;
  assert.ok(error instanceof HcsError, `${error as Error}`);
  return `rejected: ${error.name}`;
}

/** The error is one that the fault makes, and has a name of its own. */
function assertExplains(scenario: FaultScenario, call: ApiCall, error: unknown): void {
  if (error === undefined) return;
  assert.ok(error instanceof HcsError, `${error as Error}`);
  const rules = rulesFor(scenario, call);
  const { code, status, message } = error;
  if (takesTheServiceAway(scenario)) assert.ok(isServiceGone(error), message);
  else if (code === 'ERR_HC_SYMBOL')
    assert.ok(
      rules.some((rule) => rule.missing),
      message,
    );
  else if (code === 'ERR_HC_TIMEOUT') assert.ok(waitsForEver(scenario, call), message);
  else if (code === 'ERR_HC_DOCUMENT')
    assert.ok(
      rules.some(({ properties }) => properties !== undefined),
      message,
    );
  else
    assert.ok(
      rules.some((rule) => rule.status === status || rule.completionStatus === status),
      message,
    );
  assert.doesNotMatch(code, /^HRESULT_/);
}

/** Another system lives through everything while the call is under way, and so its promises settle. */
async function liveElsewhere(simulator: Simulator, id: string): Promise<void> {
  const system = await ComputeSystem.create(id, containerDocument(), { host: simulator.host });
  await system.start();
  const process = await system.createProcess({ command: 'cmd /c ver', stdio: 'ignore' });
  assert.equal((await process.exited).exitCode, 0);
  await process.close();
  await system.terminate();
  await system.close();
}

const nothing = {
  Handles: { System: 0, Process: 0, Registration: 0, Network: 0, Operation: 0, Disk: 0 },
  CallsInside: 0,
  BlockedCalls: 0,
  Undelivered: 0,
  Pipes: 0,
  Programs: 0,
  Scheduled: 0,
  Rules: 0,
  systems: 0,
  processes: 0,
  registrations: 0,
  streams: 0,
  stuckCalls: 0,
  descriptors: 0,
};

/** Closes all of the scene; what is left then is named by its count. */
async function assertNothingIsLeft(scene: Scene): Promise<void> {
  const { bench, opened, process, created, running, paused } = scene;
  const { simulator } = bench;
  for (const each of [...opened, process, created, running, paused]) await each.close();
  const left = async (): Promise<object> => {
    const { Handles, CallsInside, BlockedCalls, Undelivered, Pipes, Programs, Scheduled, Rules } =
      await simulator.state();
    const { systems, processes, registrations, streams, stuckCalls } = simulator.host.ledger();
    const atHost = { Handles, CallsInside, BlockedCalls, Undelivered, Pipes, Programs, Scheduled, Rules };
    const descriptors = openDescriptors() - scene.descriptors;
    return { ...atHost, systems, processes, registrations, streams, stuckCalls, descriptors };
  };
  const gone = { system: 0, process: 0, registration: 0 };
  await simulator.reached({ handles: gone, callsInside: 0, undelivered: 0, pipes: 0, programs: 0, scheduled: 0 });
  // What the host has let go of comes back by way of the event loop.
  let last = await left();
  await eventually(
    async () => (last = await left()),
    () => isDeepStrictEqual(last, nothing),
  );
  assert.deepEqual(last, nothing, 'left behind');
  // A thread that was held inside the host ends when it is back, and two of them stay.
  const few = await eventually(
    () => simulator.state(),
    () => simulator.host.threads <= 2,
  );
  assert.ok(few, `${simulator.host.threads} threads for calls`);
}

describe('API calls', () => {
  const bench = useSimulator();

  it('cover every host function except those that nothing needs', () => {
    const all = [...Object.values(apiCalls), ...Object.values(layerCalls)];
    const reached = new Set(all.flatMap(({ functions: made }) => made));
    assert.deepEqual(
      hostFunctions.filter((name) => !reached.has(name)),
      ['vmcompute.HcsGetProcessInfo', 'vmcompute.HNSCall'],
    );
  });

  for (const [title, call] of Object.entries(apiCalls)) {
    it(`make the host calls listed in the table: ${title}`, async () => {
      const scene = await setScene(bench);
      const before = (await bench.simulator.state()).Calls;
      assert.equal((await settle(call.make(scene, { timeoutMs: 10_000 }))).error, undefined);
      const { Calls: after } = await bench.simulator.state();
      const made = hostFunctions.filter((name) => (after[name] ?? 0) > (before[name] ?? 0));
      assert.deepEqual(made.sort(), [...call.functions].sort());
      await assertNothingIsLeft(scene);
    });

    for (const name of call.functions) {
      it(`do not block the event loop while the host blocks ${name} of ${title}`, async () => {
        const scene = await setScene(bench);
        const { simulator } = bench;
        // However often it makes it, as one that takes another way when the first takes long.
        const system = call.about && { system: subjectOf(scene, call), count: 0 };
        const fault = await simulator.inject({ function: name, block: true, ...system });
        let ended = false;
        const outcome = settle(call.make(scene, { timeoutMs: 10_000 })).finally(() => (ended = true));
        assert.ok(await simulator.reached({ blockedCalls: 1 }));
        await liveElsewhere(simulator, bench.id());
        assert.equal(ended, false);
        assert.ok((await simulator.state()).BlockedCalls >= 1);
        await fault.clear();
        assert.equal((await outcome).error, undefined);
        await assertNothingIsLeft(scene);
      });
    }
  }
});

// The system that a fault is limited to, so that it meets no other. Only rules can wait for one to be created.
function subjectOf(scene: Scene, { about = 'running' }: ApiCall, { act }: Pick<FaultScenario, 'act'> = {}): string {
  if (about !== 'fresh') return scene[about].id;
  return act === undefined ? scene.fresh : scene.running.id;
}

describe('Each call under each fault', () => {
  const bench = useSimulator();
  after(async () => {
    if (update) await writeFile(goldenFile, JSON.stringify(updated, undefined, 2) + '\n');
  });

  const scenarios: readonly FaultScenario[] = [...catalogue, ...missing];
  // Those of the network service meet none but its own functions.
  const networks = scenarios.filter(({ act, rules }) =>
    act === undefined ? !rules.some((rule) => rule.function.startsWith('vmcompute.Hcs')) : 'restartNetworks' in act,
  );

  it('has its outcome in the golden file, which has no others', () => {
    const cells = scenarios.flatMap((scenario) =>
      Object.keys(apiCalls).flatMap((title) => (meets(scenario, apiCalls[title]!) ? `${scenario.name}: ${title}` : [])),
    );
    const here = new Set(scenarios.map(({ name }) => name));
    const known = Object.entries(golden)
      .filter(([name]) => here.has(name) || !onComputecore)
      .flatMap(([name, of]) => Object.keys(of).map((title) => `${name}: ${title}`));
    if (!update) assert.deepEqual(known, cells);
  });

  for (const scenario of scenarios) {
    const beside = missing.includes(scenario) || networks.includes(scenario);
    const cells = Object.entries(apiCalls).filter(([, call]) => !beside || meets(scenario, call));
    if (cells.length === 0) continue;
    describe(scenario.name, () => {
      for (const [title, call] of cells) {
        const met = meets(scenario, call);
        it(`${met ? 'settles' : 'does not affect'} ${title}, and leaves nothing behind`, async () => {
          const { simulator } = bench;
          const scene = await setScene(bench);
          const other = await bench.running();
          const fault = await provoke(simulator, scenario, subjectOf(scene, call, scenario));
          const serviceIsGone = takesTheServiceAway(scenario);

          // Only a call that never ends meets its deadline, which passes when the host has it and others have got on.
          const rules = rulesFor(scenario, call);
          const waits = waitsForEver(scenario, call);
          using time = waits ? stopTime() : undefined;
          const { Calls: before } = await simulator.state();
          const settled = settle(call.make(scene, { timeoutMs: deadlineMs }));
          if (waits) await untilHeld(simulator, rules, before);

          // Whatever the host does to it, the event loop is free, and others get on before the fault is over.
          const elsewhere = beside ? Promise.resolve() : liveElsewhere(simulator, bench.id());
          if (serviceIsGone) await assert.rejects(elsewhere, isServiceGone);
          else await elsewhere;
          await time?.pass(holds(rules) ? deadlineMs : 2 * deadlineMs);
          const outcome = await settled;
          assert.equal((await simulator.state()).BlockedCalls, rules.some((rule) => rule.block) ? 1 : 0);

          const said = describeOutcome(outcome);
          if (met) {
            assertExplains(scenario, call, outcome.error);
            (updated[scenario.name] ??= {})[title] = said;
            if (!update) assert.equal(said, golden[scenario.name]?.[title]);
          } else {
            assert.equal(outcome.error, undefined);
          }

          // No other system is disturbed: neither its state nor what it can do.
          await fault.clear();
          const same = serviceIsGone ? await ComputeSystem.open(other.id, { host: simulator.host }) : other;
          assert.equal((await same.properties()).State, 'Running');
          await same.terminate();
          await Promise.all([same.close(), other.close()]);
          await assertNothingIsLeft(scene);
        });
      }
    });
  }
});
