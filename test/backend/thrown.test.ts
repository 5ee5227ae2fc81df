import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';

import type { Backend, Sink } from '#dist/backend/backend.js';
import { functions } from '#dist/backend/functions.js';
import type { CallOwner } from '#dist/backend/koffi/call.js';
import { Call } from '#dist/backend/koffi/call.js';
import { Handle } from '#dist/backend/koffi/handle.js';
import { Watch } from '#dist/backend/koffi/watch.js';
import { Workers } from '#dist/backend/koffi/workers.js';
import { loadAddon, loadBackend, simulatorLibraries } from '#dist/backend/load.js';
import { eventually } from '../support/eventually.js';
import { uncaughtBy } from '../support/uncaught.js';

const calls = 600;
const query = { query: null } as const;
const enumerate = 'vmcompute.HcsEnumerateComputeSystems';

/** Makes many calls, of which every third throws when it settles. */
async function settleAll(backend: Backend): Promise<number> {
  let settled = 0;
  for (let i = 0; i < calls; i++) {
    backend.call(enumerate, query, {
      settle() {
        settled++;
        if (i % 3 === 0) throw new Error('thrown by a caller');
      },
    });
  }
  await eventually(turn, () => settled === calls);
  return settled;
}

describe('An exception thrown while a batch is delivered', () => {
  const sink: Sink = { notification: () => undefined, overflow: () => undefined, delivered: () => undefined };

  for (const name of ['addon', 'koffi'] as const) {
    it(`becomes an uncaught exception and does not affect other callers, with the backend ${name}`, async () => {
      const open = await loadBackend(name);
      const backend = open(simulatorLibraries(), sink, { maxWorkers: 4 });
      let settled = 0;
      const thrown = await uncaughtBy(async () => {
        settled = await settleAll(backend);
        await turn();
      });
      backend.end();
      assert.equal(settled, calls);
      assert.deepEqual(
        thrown,
        Array.from({ length: calls / 3 }, () => 'Error: thrown by a caller'),
      );
    });
  }

  it('does not stop later deliveries of the addon', async () => {
    const delivered: number[] = [];
    let times = 0;
    const deliver = (count: number, _: unknown, more: boolean): void => {
      delivered.push(count);
      if (times++ % 2 === 0) throw new Error('thrown in the drain');
      if (more) host.requestDrain();
    };
    const host = new (loadAddon().Host)(simulatorLibraries(), 2, deliver, new Float64Array(256 * 8));
    const sum = (): number => delivered.reduce((total, count) => total + count, 0);
    const thrown = await uncaughtBy(async () => {
      // More than a batch at once, whose rest JavaScript was to ask for, and then one by one.
      for (let i = 0; i < calls; i++) host.call(Object.keys(functions).indexOf(enumerate), false, null);
      await eventually(turn, () => sum() === calls);
      for (let i = 0; i < 10; i++) {
        host.call(Object.keys(functions).indexOf(enumerate), false, null);
        await eventually(turn, () => sum() === calls + i + 1);
      }
      await turn();
    });
    host.end(1000);
    assert.equal(sum(), calls + 10);
    assert.ok(thrown.length > 0 && thrown.every((error) => error === 'Error: thrown in the drain'), String(thrown));
  });
});

describe('A call of the koffi backend that throws', () => {
  it('frees its worker for the next call', async () => {
    let quiet = 0;
    const workers = new Workers(2, () => quiet++);
    const done: number[] = [];
    const thrown = await uncaughtBy(async () => {
      for (let id = 0; id < 10; id++) {
        const run = async (): Promise<void> => {
          await turn();
          if (id % 2 === 0) throw new Error('thrown by a call');
          done.push(id);
        };
        workers.submit({ id, runsAtEnd: false, run });
      }
      await eventually(turn, () => quiet > 0);
    });
    assert.equal(workers.inside, 0);
    assert.deepEqual(done, [1, 3, 5, 7, 9]);
    assert.equal(thrown.length, 5);
  });

  /** An owner of calls whose library and streams are those of a test. */
  function ownerOf(library: object): CallOwner & { readonly finishedCalls: Call[] } {
    const finishedCalls: Call[] = [];
    const owner = {
      library,
      ended: false,
      callback: 0n,
      finishedCalls,
      find: (): Handle => new Handle(owner as never, 'System', 'others', 1n, owner.makeWatch(1), false),
      makeWatch: (id: number) => new Watch(id, () => undefined),
      adopt: () => true,
      forget: () => undefined,
      submit: () => undefined,
      finished: (call: Call) => void finishedCalls.push(call),
    };
    return owner as never;
  }

  it('completes once, with a status', async () => {
    const owner = ownerOf({ call: () => Promise.reject(new Error('thrown by the library')) });
    const thrown = await uncaughtBy(async () => {
      await new Call(owner, 1, enumerate, query, true).run();
      await turn();
    });
    assert.deepEqual(
      owner.finishedCalls.map(({ status, ending }) => [status, ending]),
      [[0x8000ffff, 0]],
    );
    assert.deepEqual(thrown, ['Error: thrown by the library']);
  });

  it('returns its other outputs when one cannot be read', async () => {
    const system = {
      descriptorOf: () => -1,
      closeStream: () => {
        throw new Error('thrown for a stream');
      },
    };
    const call = (name: string, values: readonly unknown[]): Promise<number> => {
      if (name !== 'vmcompute.HcsCreateProcess') return Promise.resolve(0);
      const information = values.find((value) => typeof value === 'object' && value !== null && !Array.isArray(value));
      Object.assign(information as object, { processId: 7, stdInput: 9n, stdOutput: 0n, stdError: 0n });
      const [process, result] = values.filter(Array.isArray) as unknown[][];
      process![0] = 5n;
      result![0] = 'text';
      return Promise.resolve(0);
    };
    const owner = ownerOf({ call, system });
    const thrown = await uncaughtBy(async () => {
      const input = { computeSystem: 1, processParameters: '{}' };
      await new Call(owner, 2, 'vmcompute.HcsCreateProcess', input, true).run();
      const [finished] = owner.finishedCalls;
      const outputs = finished!.takeOutputs();
      assert.deepEqual([outputs.process, outputs.processInformation], [2, null]);
      assert.equal(finished!.status, 0x8000ffff);
      await turn();
    });
    assert.deepEqual(thrown, ['Error: thrown for a stream']);
  });
});
