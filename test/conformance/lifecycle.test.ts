import assert from 'node:assert/strict';

import type { ComputeSystem, HcsError } from 'hostcompute';
import type { CompletionStyle, FaultRule } from 'hostcompute/simulator';

import { onComputecore } from '../support/api.js';
import { useSimulator } from '../support/host.js';

type Verb = 'start' | 'pause' | 'resume' | 'save' | 'shutdown' | 'terminate';

interface Step {
  readonly verb: Verb;
  readonly function: FaultRule['function'];
  readonly before: readonly Verb[];
  readonly state: string;
}

const steps: readonly Step[] = [
  { verb: 'start', function: 'HcsStartComputeSystem', before: [], state: 'Running' },
  { verb: 'pause', function: 'HcsPauseComputeSystem', before: ['start'], state: 'Paused' },
  { verb: 'resume', function: 'HcsResumeComputeSystem', before: ['start', 'pause'], state: 'Running' },
  { verb: 'save', function: 'HcsSaveComputeSystem', before: ['start', 'pause'], state: 'Paused' },
  { verb: 'shutdown', function: 'HcsShutdownComputeSystem', before: ['start'], state: 'Stopped' },
  { verb: 'terminate', function: 'HcsTerminateComputeSystem', before: ['start'], state: 'Stopped' },
];

const styles: readonly CompletionStyle[] = ['pending', 'now', 'early'];

async function prepare(system: ComputeSystem, step: Step): Promise<void> {
  for (const verb of step.before) await system[verb]();
}

describe('The lifecycle of a system', () => {
  const bench = useSimulator();

  for (const completion of styles) {
    describe(`on a host that completes ${completion}`, () => {
      beforeEach(() => bench.simulator.configure({ completion }));

      it('creates a system that is found by its id', async () => {
        const system = await bench.create();
        assert.equal((await system.properties()).State, 'Created');
      });

      for (const step of steps) {
        it(`fulfils ${step.verb}() when the system is ${step.state}`, async () => {
          const system = await bench.create();
          await prepare(system, step);
          await system[step.verb]();
          if (step.state === 'Stopped') await system.exited;
          assert.equal((await system.properties()).State, step.state);
        });
      }
    });
  }

  it('makes one host call per step, and registers its callback once', async () => {
    const { simulator } = bench;
    const countOf = async (): Promise<Record<string, number>> => {
      const { Calls } = await simulator.state();
      return Object.fromEntries(
        Object.entries(Calls).map(([name, count]) => [name.replace('vmcompute.Hcs', ''), count]),
      );
    };
    const before = await countOf();
    const system = await bench.create();
    await system.start();
    await system.terminate();
    await system.close();
    const after = await countOf();
    const made = Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)] as const);
    assert.deepEqual(Object.fromEntries(made.filter(([, count]) => count !== 0)), {
      CreateComputeSystem: 1,
      RegisterComputeSystemCallback: 1,
      StartComputeSystem: 1,
      TerminateComputeSystem: 1,
      // The callback of computecore.dll ends with its handle.
      ...(!onComputecore && { UnregisterComputeSystemCallback: 1 }),
      CloseComputeSystem: 1,
    });
  });

  describe('on a host that accepts and then fails', () => {
    const status = 0xc0370109;
    const completionData = JSON.stringify({
      Error: status | 0,
      ErrorMessage: 'The guest did not answer.',
      ErrorEvents: [{ Message: 'no connection', EventId: 12345 }],
      Attribution: [{ OperationFailure: { Detail: 'Start' } }],
    });

    for (const step of steps.filter(({ state }) => state !== 'Stopped')) {
      it(`rejects ${step.verb}() with the status and events of the notification`, async () => {
        const system = await bench.create();
        await prepare(system, step);
        await bench.simulator.inject({ function: step.function, completionStatus: status, completionData });
        await assert.rejects(system[step.verb](), {
          name: 'HcsError',
          code: 'HCS_E_CONNECTION_TIMEOUT',
          status,
          operation: step.function,
          systemId: system.id,
          events: [{ Message: 'no connection', EventId: 12345 }],
          attribution: [{ OperationFailure: { Detail: 'Start' } }],
        });
      });
    }

    it('rejects create() and leaves no handle open', async () => {
      await bench.simulator.inject({ function: 'HcsCreateComputeSystem', completionStatus: status, completionData });
      await assert.rejects(bench.create(), { code: 'HCS_E_CONNECTION_TIMEOUT', status });
    });

    // That of computecore.dll is said by its operation.
    if (!onComputecore) {
      it('rejects shutdown() when the guest refuses', async () => {
        const system = await bench.running();
        await bench.simulator.inject({ function: 'HcsShutdownComputeSystem', completion: 'lost', loseExit: true });
        const refused = assert.rejects(system.shutdown(), { code: 'ERROR_NOT_SUPPORTED', status: 0x80070032 });
        await bench.simulator.reached({ callsInside: 0 });
        await bench.simulator.notify({ system: system.id, type: 0x0a, status: 0x80070032 });
        await refused;
      });
    }
  });

  describe('on a host that fails synchronously', () => {
    for (const step of steps) {
      it(`rejects ${step.verb}() with the status and result document`, async () => {
        const system = await bench.create();
        await prepare(system, step);
        const result = JSON.stringify({ Error: -1, ErrorEvents: [{ Message: 'denied here' }] });
        await bench.simulator.inject({ function: step.function, status: 0x80070005, result });
        await assert.rejects(system[step.verb](), {
          code: 'E_ACCESSDENIED',
          status: 0x80070005,
          events: [{ Message: 'denied here' }],
        });
      });
    }

    for (const [what, result] of [
      ['no', null],
      ['an empty', ''],
      ['a malformed', '{"Error":'],
      ['a foreign', '[1,2]'],
      ['a huge', `{"ErrorEvents":[{"Message":"${'x'.repeat(4_000_000)}"}]}`],
    ] as const) {
      it(`keeps the status with ${what} result document`, async () => {
        const system = await bench.create();
        await bench.simulator.inject({ function: 'HcsStartComputeSystem', status: 0xc0370112, result });
        await assert.rejects(system.start(), { code: 'HCS_E_INVALID_LAYER', status: 0xc0370112 });
      });
    }
  });

  it('ignores a duplicate completion', async () => {
    const system = await bench.create();
    await bench.simulator.inject({ function: 'HcsStartComputeSystem', completion: 'twice' });
    await system.start();
    await system.pause();
    assert.equal((await system.properties()).State, 'Paused');
  });

  it('ignores the completion of a call that succeeded synchronously', async () => {
    await bench.simulator.configure({ completion: 'now', echoCompletion: true });
    const system = await bench.running();
    await system.pause();
    await system.resume();
    assert.equal((await system.properties()).State, 'Running');
  });

  // An operation of computecore.dll completes by itself.
  if (!onComputecore) {
    it('rejects a start interrupted by the exit of the system', async () => {
      const system = await bench.create();
      await bench.simulator.inject({ function: 'HcsStartComputeSystem', completion: 'lost' });
      const started = assert.rejects(system.start(), {
        code: 'HCS_E_UNEXPECTED_EXIT',
        operation: 'HcsStartComputeSystem',
      });
      while ((await system.properties()).State !== 'Running') {}
      await bench.simulator.exit(system.id, { status: 0xc0370106 });
      await started;
    });
  }

  it('rejects a start interrupted by a service disconnect', async () => {
    const system = await bench.create();
    await bench.simulator.inject({ function: 'HcsStartComputeSystem', completion: 'lost' });
    const started = assert.rejects(system.start(), { code: 'HCS_E_SERVICE_DISCONNECT' });
    while ((await system.properties()).State !== 'Running') {}
    await bench.simulator.disconnect();
    await started;
    await bench.simulator.reconnect();
  });

  for (const [status, cause] of [
    [0x800706ba, 'RPC_S_SERVER_UNAVAILABLE'],
    [0, undefined],
  ] as const) {
    it(`rejects with ${cause ?? 'no error'} as the cause of a service disconnect with status ${status}`, async () => {
      const system = await bench.create();
      await bench.simulator.inject({ function: 'HcsStartComputeSystem', completion: 'lost' });
      const started = assert.rejects(system.start(), (error: HcsError) => {
        assert.equal(error.code, 'HCS_E_SERVICE_DISCONNECT');
        // An event of computecore.dll has no status.
        assert.equal((error.cause as HcsError | undefined)?.code, onComputecore ? undefined : cause);
        return true;
      });
      while ((await system.properties()).State !== 'Running') {}
      await bench.simulator.notify({ system: system.id, type: 0x01000000, status });
      await started;
    });
  }

  it('reports the same code for both code families', async () => {
    const codes: unknown[] = [];
    for (const codeFamily of ['vmcompute', 'hcs'] as const) {
      await bench.simulator.configure({ codeFamily });
      const system = await bench.create();
      await system.pause().catch((error: unknown) => codes.push((error as { code: string }).code));
    }
    assert.deepEqual(codes, ['HCS_E_INVALID_STATE', 'HCS_E_INVALID_STATE']);
  });

  it('terminates and shuts down a stopped system without an error', async () => {
    const system = await bench.running();
    await system.terminate();
    await system.terminate();
    await system.shutdown();
    assert.equal((await system.exited).status, 0);
  });
});
