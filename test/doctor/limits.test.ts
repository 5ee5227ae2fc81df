// The limits of the doctor: a question that hangs, a signal, and who answers what is no answer.
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';

import { setImmediate as turn } from 'node:timers/promises';

import type { Answer, Answers } from 'hostcompute/doctor';
import { doctor, goals, recordMachine } from 'hostcompute/doctor';

import { stopTime } from '../support/time.js';
import { answersOf, healthy } from './healthy.js';

/** Answers of which some never come; `asked` are those that were asked for. */
function hanging(hangs: (question: string) => boolean): Answers & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    ask(question, signal) {
      asked.push(question);
      return hangs(question) ? new Promise(() => undefined) : answersOf(healthy).ask(question, signal);
    },
  };
}

/** Until nothing more is asked. */
async function quiet({ asked }: { readonly asked: readonly string[] }): Promise<void> {
  for (let [left, count] = [20, 0]; left > 0; left--) {
    await turn();
    if (asked.length > count) [left, count] = [20, asked.length];
  }
}

const byId = async (running: ReturnType<typeof doctor>): Promise<ReadonlyMap<string, string>> =>
  new Map((await running).checks.map(({ id, outcome }) => [id, outcome]));

describe('The doctor', () => {
  it('makes unknown what hangs, within two seconds, and what does not is as it is', async () => {
    using time = stopTime();
    const answers = hanging((question) => question === 'service vmcompute');
    const running = byId(doctor({ goals, answers }));
    await quiet(answers);
    await time.pass(2000);
    const outcomes = await running;
    assert.equal(outcomes.get('svc.vmcompute'), 'unknown');
    assert.equal(outcomes.get('lib.vmcompute'), 'ok');
    assert.equal(outcomes.get('rights.elevated'), 'ok');
  });

  it('says how long nobody has answered', async () => {
    using time = stopTime();
    const answers = hanging((question) => question === 'token');
    const running = doctor({ answers, timeoutMs: 500 });
    await quiet(answers);
    await time.pass(500);
    const found = (await running).checks.find(({ id }) => id === 'rights.elevated');
    assert.deepEqual(found!.evidence, [{ asked: 'token', answer: { hung: 500 } }]);
    assert.equal(found!.cause, '"token" was not answered within 500 ms.');
  });

  it('says what the machine is although a service hangs', async () => {
    using time = stopTime();
    const answers = hanging((question) => question.startsWith('service '));
    const running = doctor({ answers, goals: ['process'] });
    await quiet(answers);
    await time.pass(100);
    await quiet(answers);
    await time.pass(1900);
    const { host } = await running;
    assert.deepEqual([host.revision, host.machine, host.elevated], [2700, 'Dell Inc. PowerEdge', true]);
  });

  it('asks eight questions at once, and more when those take long', async () => {
    using time = stopTime();
    const answers = hanging((question) => question !== 'system');
    const running = doctor({ goals, answers });
    await quiet(answers);
    assert.equal(answers.asked.length, 9, answers.asked.join()); // with that which was answered
    await time.pass(100);
    await quiet(answers);
    assert.equal(answers.asked.length, 17);
    await time.pass(1900);
    assert.equal((await running).summary.healthy, true);
  });

  it('asks each question once', async () => {
    const answers = hanging(() => false);
    await doctor({ goals, answers });
    assert.equal(new Set(answers.asked).size, answers.asked.length);
  });

  it('rejects when its signal fires, at each question', async () => {
    const whole = hanging(() => false);
    await doctor({ goals, answers: whole });
    for (let last = 1; last <= whole.asked.length; last++) {
      const abort = new AbortController();
      const reason = new Error(`at ${last}`);
      let count = 0;
      const answers: Answers = {
        ask(question, signal) {
          if (++count === last) abort.abort(reason);
          return answersOf(healthy).ask(question, signal);
        },
      };
      const running = doctor({ goals, answers, signal: abort.signal });
      await assert.rejects(running, { name: 'AbortError', code: 'ABORT_ERR', operation: 'doctor', cause: reason });
      assert.deepEqual(getEventListeners(abort.signal, 'abort'), []);
    }
  });

  it('asks nothing when its signal has fired before', async () => {
    const answers = hanging(() => false);
    await assert.rejects(doctor({ answers, signal: AbortSignal.abort() }), { name: 'AbortError' });
    await assert.rejects(recordMachine({ answers, signal: AbortSignal.abort() }), {
      name: 'AbortError',
      operation: 'recordMachine',
    });
    assert.deepEqual(answers.asked, []);
  });

  it('tells those who answer that nobody waits any more', async () => {
    let given: AbortSignal | undefined;
    const answers: Answers = {
      ask(question, signal) {
        given = signal;
        return answersOf(healthy).ask(question, signal);
      },
    };
    await doctor({ answers });
    assert.equal(given?.aborted, true);
  });

  const throwing: readonly [name: string, ask: () => Promise<Answer>][] = [
    ['rejects', () => Promise.reject(new Error('broken'))],
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
  ];
  for (const [name, ask] of throwing) {
    it(`makes unknown what is asked of somebody who ${name}`, async () => {
      const { checks, host } = await doctor({ goals, answers: { ask } });
      assert.equal(host.system, 'unknown');
      const build = checks.find(({ id }) => id === 'os.build');
      assert.equal(build?.outcome, 'unknown');
      assert.match(build.cause ?? '', /broken/);
      assert.ok(checks.every(({ outcome }) => outcome === 'unknown' || outcome === 'skipped'));
    });
  }

  it('makes unknown what is answered by no answer', async () => {
    for (const answer of [undefined, null, 1, 'x', {}, { value: undefined }, { error: 'x' }, { hung: null }]) {
      const { checks } = await doctor({ goals, answers: { ask: () => Promise.resolve(answer as never) } });
      assert.deepEqual(
        checks.filter(({ outcome }) => outcome !== 'unknown' && outcome !== 'skipped').map(({ id }) => id),
        [],
        JSON.stringify(answer),
      );
    }
  });
});
