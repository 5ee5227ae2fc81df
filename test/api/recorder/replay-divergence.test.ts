import assert from 'node:assert/strict';

import type { HcsReplayError, SystemDocument } from 'hostcompute';
import { ComputeSystem, Host } from 'hostcompute';
import type { RedactionOptions } from 'hostcompute/recorder';
import { record } from 'hostcompute/recorder';

import { containerDocument } from '../../support/documents.js';
import { useSimulator } from '../../support/host.js';
import { useFile } from '../../support/recording.js';

describe('A replay', () => {
  const bench = useSimulator();
  const file = useFile();
  const opened: Host[] = [];

  afterEach(async () => {
    await Promise.allSettled(opened.splice(0).map((host) => host.close()));
  });

  async function recorded(play: (host: Host) => Promise<unknown>, redact: RedactionOptions = {}): Promise<Host> {
    const host = await record(file.path, { host: 'simulated', redact });
    await play(host);
    await host.close();
    return replayed();
  }

  async function replayed(): Promise<Host> {
    const host = await Host.open({ replay: file.path });
    opened.push(host);
    return host;
  }

  const create = (host: Host, id = 'web', document: SystemDocument = containerDocument()): Promise<ComputeSystem> =>
    ComputeSystem.create(id, document, { host });

  /** What the promise, and then the close of the host, rejects with. */
  async function divergence(host: Host, promise: Promise<unknown>): Promise<HcsReplayError> {
    let told: HcsReplayError | undefined;
    await assert.rejects(promise, (error: HcsReplayError) => {
      told = error;
      return true;
    });
    assert.equal(told!.name, 'HcsReplayError', told!.message);
    assert.equal(told!.code, 'ERR_HC_REPLAY');
    assert.equal(told!.file, file.path);
    assert.equal(host.replay?.divergence, told);
    await assert.rejects(host.close(), (error) => error === told);
    await assert.rejects(host.close(), (error) => error === told);
    return told!;
  }

  const lineOf = (name: string): number => file.lines().findIndex((line) => line.function === name) + 1;

  it('diverges at a call of another function', async () => {
    const host = await recorded(async (original) => (await create(original)).start());
    const system = await create(host);
    const error = await divergence(host, system.pause());
    assert.equal(error.line, lineOf('vmcompute.HcsStartComputeSystem'));
    assert.equal(error.expected?.function, 'vmcompute.HcsStartComputeSystem');
    assert.equal(error.actual.function, 'vmcompute.HcsPauseComputeSystem');
    assert.deepEqual(error.differences, [
      { path: '', expected: 'vmcompute.HcsStartComputeSystem', actual: 'vmcompute.HcsPauseComputeSystem' },
    ]);
    const place = `${file.path}:${error.line}`;
    assert.equal(
      error.message,
      `vmcompute.HcsPauseComputeSystem diverges from the recording ${place}: it has vmcompute.HcsStartComputeSystem next`,
    );
  });

  it('diverges at a different document, and reports the path', async () => {
    const host = await recorded(create);
    const other = { ...containerDocument('somebody'), Extra: [1] };
    const error = await divergence(host, create(host, 'web', other));
    assert.deepEqual(error.differences, [
      { path: 'configuration.Owner', expected: 'hostcompute-test', actual: 'somebody' },
      { path: 'configuration.Extra', expected: undefined, actual: [1] },
    ]);
    assert.deepEqual(error.expected, {
      line: 2,
      function: 'vmcompute.HcsCreateComputeSystem',
      input: { id: 'web', configuration: containerDocument() },
    });
    assert.deepEqual(error.actual.input, { id: 'web', configuration: other });
    assert.match(error.message, /: configuration\.Owner is "somebody" instead of "hostcompute-test", and 1 more$/);
  });

  for (const [what, before, after, path] of [
    ['a member that is missing', { A: { B: 1, C: 2 } }, { A: { B: 1 } }, 'settings.A.C'],
    ['an item of a list', { A: [1, 2] }, { A: [1, 3] }, 'settings.A[1]'],
    ['a longer list', { A: [1] }, { A: [1, 2] }, 'settings.A[1]'],
    ['an object in place of a list', { A: [] }, { A: {} }, 'settings.A'],
    ['null in place of an object', { A: {} }, { A: null }, 'settings.A'],
    ['a number in place of its text', { A: '1' }, { A: 1 }, 'settings.A'],
    ['text that is not a document', { A: 1 }, '{', 'settings'],
  ] as const) {
    it(`diverges at ${what}`, async () => {
      const host = await recorded((original) =>
        original.modifyServiceSettings(before as object).catch(() => undefined),
      );
      const error = await divergence(host, host.modifyServiceSettings(after as object));
      assert.deepEqual(
        error.differences.map((difference) => difference.path),
        [path],
      );
    });
  }

  it('accepts a document with another member order and other whitespace', async () => {
    const host = await recorded(async (original) => {
      await original.modifyServiceSettings({ A: 1, B: { C: 2, D: 3 } } as object).catch(() => undefined);
    });
    await assert.rejects(host.modifyServiceSettings('{ "B": {"D": 3, "C": 2}, "A": 1 }'), /HCS_E_/);
    assert.deepEqual(host.replay?.remaining, []);
  });

  it('diverges at the same call on another system', async () => {
    const host = await recorded(async (original) => {
      await create(original, 'a');
      const b = await create(original, 'b');
      await b.start();
    });
    const a = await create(host, 'a');
    await create(host, 'b');
    const { differences, expected } = await divergence(host, a.start());
    assert.equal(expected?.function, 'vmcompute.HcsStartComputeSystem');
    assert.deepEqual(
      differences.map(({ path }) => path),
      ['computeSystem'],
    );
  });

  it('diverges at the id of another known system', async () => {
    const host = await recorded(async (original) => {
      await create(original, 'a');
      await create(original, 'b');
      await ComputeSystem.open('a', { host: original });
    });
    await create(host, 'x');
    await create(host, 'y');
    const { differences } = await divergence(host, ComputeSystem.open('y', { host }));
    assert.deepEqual(differences, [{ path: 'id', expected: 'a', actual: 'y' }]);
  });

  it('diverges at a call after the last recorded one', async () => {
    const host = await recorded((original) => original.serviceProperties());
    await host.serviceProperties();
    const error = await divergence(host, host.serviceProperties());
    assert.deepEqual([error.line, error.expected, error.differences], [undefined, undefined, []]);
    assert.match(error.message, /: it has no further call$/);
  });

  it('diverges at calls on one system in another order', async () => {
    const host = await recorded(async (original) => {
      const system = await create(original);
      await system.properties();
      await system.start();
    });
    const system = await create(host);
    const error = await divergence(host, system.start());
    assert.equal(error.line, lineOf('vmcompute.HcsGetComputeSystemProperties'));
  });

  it('accepts reordered calls between which the host sent nothing', async () => {
    const play = async (host: Host, order: (systems: ComputeSystem[]) => ComputeSystem[]): Promise<unknown> => {
      const systems = [await create(host, 'a'), await create(host, 'b')];
      return Promise.all(order(systems).map(async (system) => [system.id, (await system.properties()).Id]));
    };
    const host = await recorded((original) => play(original, (systems) => systems));
    const answers = await play(host, (systems) => systems.toReversed());
    assert.deepEqual(answers, [
      ['b', 'b'],
      ['a', 'a'],
    ]);
    await host.close();
  });

  it('fails every call after the first divergence with the same error', async () => {
    const host = await recorded(async (original) => {
      await create(original);
      await original.serviceProperties();
    });
    const system = await create(host);
    const errors: unknown[] = [];
    for (const call of [() => system.pause(), () => host.serviceProperties(), () => create(host, 'b')]) {
      await call().catch((error: unknown) => errors.push(error));
    }
    assert.equal(errors.length, 3);
    assert.equal(new Set([...errors, host.replay?.divergence]).size, 1);
    await system.close();
    await assert.rejects(host.close(), { operation: 'HcsPauseComputeSystem' });
  });

  it('completes pending calls when it diverges', async () => {
    const host = await recorded(async (original) => {
      const system = await create(original);
      await bench.simulator.inject({ function: 'vmcompute.HcsStartComputeSystem', block: true });
      const started = system.start();
      await original.serviceProperties();
      await bench.simulator.clear();
      await started;
    });
    const system = await create(host);
    const started = system.start();
    await assert.rejects(system.properties(['Memory']), { code: 'ERR_HC_REPLAY' });
    await started;
    await assert.rejects(host.close(), { code: 'ERR_HC_REPLAY' });
  });

  it('lists the calls that were not made, and closes without an error', async () => {
    const host = await recorded(async (original) => {
      const system = await create(original);
      await system.start();
      await system.properties(['Statistics']);
    });
    assert.equal(host.replay?.remaining.length, 3);
    const system = await create(host);
    await host.close();
    await system.close();
    assert.deepEqual(
      host.replay.remaining.map(({ line, function: name }) => [line, name]),
      ['vmcompute.HcsStartComputeSystem', 'vmcompute.HcsGetComputeSystemProperties'].map((name) => [
        lineOf(name),
        name,
      ]),
    );
    assert.deepEqual(host.replay.remaining[1]?.input.propertyQuery, { PropertyTypes: ['Statistics'] });
  });

  it('accepts any value where the recording was redacted', async () => {
    const document = { Password: 'first secret', Command: 'log on with first secret now' };
    const host = await recorded((original) =>
      original.modifyServiceSettings(document as object).catch(() => undefined),
    );
    assert.ok(!JSON.stringify(file.lines()).includes('first secret'));
    const other = { Password: { of: ['another', 'kind'] }, Command: 'log on with something else now' };
    await assert.rejects(host.modifyServiceSettings(other as object), /HCS_E_/);
    const again = await replayed();
    const { differences } = await divergence(
      again,
      again.modifyServiceSettings({ ...other, Command: 'log off now' } as object),
    );
    assert.deepEqual(
      differences.map(({ path }) => path),
      ['settings.Command'],
    );
  });

  it('maps other ids and numbers to those of the recording', async () => {
    const play = async (host: Host, names: [string, string]): Promise<unknown[]> => {
      const documents = names.map((Name) => ({ ...containerDocument(), Owner: Name }));
      const [a, b] = await Promise.all(names.map((name, i) => create(host, name, documents[i])));
      await Promise.all([a!.start(), b!.start()]);
      const query = { Ids: names };
      const listed = await ComputeSystem.list(query, { host });
      return [(await b!.properties()).Id, (await a!.properties()).Id, listed.map(({ Id, Owner }) => [Id, Owner])];
    };
    const host = await recorded((original) => play(original, ['a', 'b']));
    const [b, a, listed] = await play(host, ['web-server', 'db-server']);
    assert.deepEqual([b, a], ['db-server', 'web-server']);
    assert.deepEqual((listed as string[][]).toSorted(), [
      ['db-server', 'db-server'],
      ['web-server', 'web-server'],
    ]);
    await host.close();
    assert.deepEqual(host.replay?.remaining, []);
  });
});
