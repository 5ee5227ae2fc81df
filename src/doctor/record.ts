// Asks a machine for everything, and keeps the answers.
import { throwIfAborted } from '../host/operation-options.js';
import { packageVersion } from '../package-version.js';
import { allQuestions } from './all-questions.js';
import type { Answer, Answers } from './answer.js';
import { BoundAnswers } from './bound-answers.js';
import { goals } from './check.js';
import { checks } from './checks.js';
import { examine } from './examine.js';
import type { RecordMachineOptions } from './options.js';
import { checkRecordOptions, defaultRoot } from './options.js';
import type { DoctorRecording } from './recording.js';
import { redactRecording, thisOwner } from './redact-answers.js';
import { thisMachine } from './this-machine.js';

/** Answers, of which each is kept. */
export function keeping(source: Answers, kept: Map<string, Answer>): Answers {
  return {
    async ask(question, signal) {
      const answer = await source.ask(question, signal);
      kept.set(question, answer);
      return answer;
    },
  };
}

/**
 * The answers of this machine to all that any check may ask, to be played back by {@link replay} anywhere. Names of persons,
 * computers and domains, SIDs, MAC addresses and public addresses are taken out: docs/doctor.md lists what stays.
 *
 * @example
 * console.log(JSON.stringify(await recordMachine({ root: 'D:\\layers' }), null, 2));
 */
export async function recordMachine(options: RecordMachineOptions = {}): Promise<DoctorRecording> {
  const { root = defaultRoot(), host, answers: given, timeoutMs, signal } = checkRecordOptions(options);
  throwIfAborted('recordMachine', {}, signal === undefined ? {} : { signal });
  const machine = given === undefined ? thisMachine({ host }) : undefined;
  const answers = new BoundAnswers(given ?? machine!, { timeoutMs, signal, operation: 'recordMachine' });
  const kept = new Map<string, Answer>();
  try {
    const noted = keeping(answers, kept);
    await Promise.all([
      examine(checks, noted, { goals, root }, answers.signal),
      ...allQuestions(root).map((question) => noted.ask(question, answers.signal)),
    ]);
  } finally {
    answers.end();
    await machine?.close();
  }
  const whole: DoctorRecording = {
    schema: 1,
    made: new Date().toISOString(),
    version: packageVersion(),
    root,
    answers: Object.fromEntries([...kept].sort(([one], [other]) => (one < other ? -1 : 1))),
  };
  return redactRecording(whole, thisOwner());
}
