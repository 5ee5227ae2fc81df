import assert from 'node:assert/strict';

import type { DoctorRecording } from 'hostcompute/doctor';
import { doctor, replay } from 'hostcompute/doctor';

const machine: DoctorRecording = {
  schema: 1,
  made: '2026-11-30T12:00:00.000Z',
  version: '0.1.0',
  root: 'D:\\layers',
  answers: {
    system: {
      value: {
        major: 10,
        minor: 0,
        build: 20348,
        productType: 3,
        architecture: 'x64',
        windowsDirectory: 'C:\\Windows',
      },
    },
  },
};

const signal = new AbortController().signal;

describe('The recording of a machine', () => {
  it('plays back as an object and as a text, with its root', async () => {
    for (const recording of [machine, JSON.stringify(machine), `\ufeff${JSON.stringify(machine)}`]) {
      const { host, root } = await doctor({ answers: replay(recording) });
      assert.equal(host.build, 20348);
      assert.equal(host.recorded, machine.made);
      assert.equal(root, 'D:\\layers');
    }
  });

  it('has no answer to what it does not have, whatever that is called', async () => {
    for (const question of ['token', '__proto__', 'constructor', 'toString']) {
      assert.deepEqual(await replay(machine).ask(question, signal), { error: 1168, call: 'replay' });
    }
  });

  it('makes unknown what it has no answer to', async () => {
    const { checks } = await doctor({ answers: replay({ ...machine, answers: {} }) });
    const build = checks.find(({ id }) => id === 'os.build');
    assert.equal(build?.outcome, 'unknown');
    assert.equal(build.cause, 'The recording has no answer to "system".');
  });

  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const many = Object.fromEntries(Array.from({ length: 4097 }, (_, number) => [`file ${number}`, { value: null }]));
  const circle: Record<string, unknown> = {};
  circle.circle = circle;
  const refused: readonly [name: string, recording: unknown, field: string][] = [
    ['a number', 1, 'recording'],
    ['an array', [], 'recording'],
    ['a text that is no JSON', '{', 'recording'],
    ['JSON that is no object', 'null', 'recording'],
    ['a text of 9 MiB', ' '.repeat(9 * 2 ** 20), 'recording'],
    ['deep nesting', `{"answers":${deep}}`, 'recording'],
    ['a circle', circle, 'recording'],
    ['a schema to come', { ...machine, schema: 2 }, 'recording.schema'],
    ['no date', { ...machine, made: 'soon' }, 'recording.made'],
    ['no version', { ...machine, version: 1 }, 'recording.version'],
    ['no root', { ...machine, root: '' }, 'recording.root'],
    ['answers in an array', { ...machine, answers: [] }, 'recording.answers'],
    ['too many answers', { ...machine, answers: many }, 'recording.answers'],
    ['a long question', { ...machine, answers: { [`file ${'x'.repeat(2048)}`]: { value: 1 } } }, 'recording.answers['],
    ['a bare value', { ...machine, answers: { system: 1 } }, 'recording.answers["system"]'],
    ['two answers in one', { ...machine, answers: { a: { value: 1, hung: 1 } } }, 'recording.answers["a"]'],
    ['a negative code', { ...machine, answers: { a: { error: -5, call: 'x' } } }, 'recording.answers["a"].error'],
    ['a code without call', { ...machine, answers: { a: { error: 5, call: '' } } }, 'recording.answers["a"].call'],
    ['a hang of no time', { ...machine, answers: { a: { hung: 'ever' } } }, 'recording.answers["a"].hung'],
  ];
  for (const [name, recording, field] of refused) {
    it(`is refused: ${name}`, () => {
      assert.throws(
        () => replay(recording as string),
        (error: Error & { readonly field?: string; readonly code?: string; readonly remedy?: string }) => {
          assert.equal(error.code, 'ERR_HC_ARGUMENT');
          assert.ok(error.field?.startsWith(field), error.message);
          assert.match(error.remedy ?? '', /Record it again/);
          assert.ok(error.message.length < 3000);
          return true;
        },
      );
    });
  }
});
