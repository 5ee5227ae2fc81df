// Looks at a machine, or at a recording of one, and reports.
import { throwIfAborted } from '../host/operation-options.js';
import type { Answers } from './answer.js';
import { BoundAnswers } from './bound-answers.js';
import type { Check } from './check.js';
import { checks } from './checks.js';
import { osBuild } from './checks/os.js';
import { describeHost } from './describe-host.js';
import { examine } from './examine.js';
import type { DoctorOptions } from './options.js';
import { checkDoctorOptions, defaultRoot } from './options.js';
import { notSupported, system } from './questions.js';
import type { DoctorRecording } from './recording.js';
import { probe } from './probe.js';
import { isRecorded } from './recording.js';
import type { DoctorReport } from './report.js';
import { summaryOf } from './report.js';
import { thisMachine } from './this-machine.js';
import { platformName } from './windows-names.js';

/**
 * Whether this machine can do what it is wanted for: each check says what it asked and what the answer was, and a problem has its
 * cause and its remedy. Needs no elevation, starts no shell, and changes nothing. What a service does not answer is unknown.
 *
 * @throws HcsAbortError when the signal fires
 * @example
 * const { checks, summary } = await doctor({ goals: ['process', 'layers'], root: 'D:\\layers' });
 * for (const { id, outcome, cause, remedy } of checks) if (outcome === 'problem') console.log(id, cause, remedy);
 */
export async function doctor(options: DoctorOptions = {}): Promise<DoctorReport> {
  const { goals, image, timeoutMs, signal, ...given } = checkDoctorOptions(options);
  throwIfAborted('doctor', {}, signal === undefined ? {} : { signal });
  const machine = given.answers === undefined ? thisMachine({ host: given.host }) : undefined;
  const source = given.answers ?? machine!;
  const answers = new BoundAnswers(source, { timeoutMs, signal });
  try {
    const recording = recordingOf(source);
    const root = given.root ?? recording?.root ?? defaultRoot();
    const shown = { goals, root, ...(image !== undefined && { image }) };
    const wanted = await checksFor(answers);
    const [results, host] = await Promise.all([
      examine(wanted, answers, shown, answers.signal),
      describeHost(answers, answers.signal, recording),
    ]);
    if (given.probe) results.push(await probe(() => machine!.open(), goals, signal));
    return { schema: 1, host, ...shown, checks: results, summary: summaryOf(results) };
  } finally {
    answers.end();
    await machine?.close();
  }
}

function recordingOf(answers: Answers): DoctorRecording | undefined {
  return isRecorded(answers) ? answers.recording : undefined;
}

/** Where HCS is no part of the system one check says so, and the others have nothing to look at. */
async function checksFor(answers: BoundAnswers): Promise<readonly Check[]> {
  const answer = await answers.ask(system);
  if (!('error' in answer) || answer.error !== notSupported) return checks;
  const cause = `This is ${platformName(answer.call)}, not Windows.`;
  const skip = (check: Check): Check => ({ ...check, find: () => Promise.resolve({ outcome: 'skipped', cause }) });
  return checks.map((check) => (check === osBuild ? check : skip(check)));
}
