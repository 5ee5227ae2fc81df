// The answers of a machine as a file, and back. A file may come from anybody: of what it says nothing but its shape is believed.
import type { Requirement } from '../errors/errors.js';
import { HcsArgumentError, notShown } from '../errors/errors.js';
import { messageOf } from '../errors/received.js';
import { isPlainObject } from '../known-options.js';
import { isTooDeep } from '../nesting.js';
import { quoted } from '../shortened.js';
import type { Answer, Answers } from './answer.js';
import { missing } from './answer.js';

/** The answers of a machine, without names of persons and machines (`recordMachine()`). */
export interface DoctorRecording {
  readonly schema: 1;
  /** When it was made, as an ISO date. */
  readonly made: string;
  /** The version of this package that made it. */
  readonly version: string;
  /** Where layers were to lie. */
  readonly root: string;
  /** By question. */
  readonly answers: Readonly<Record<string, Answer>>;
}

/** The answers of a recording. */
export interface RecordedAnswers extends Answers {
  readonly recording: DoctorRecording;
}

export const isRecorded = (answers: Answers): answers is RecordedAnswers => 'recording' in answers;

// A machine with all its drivers and routes has a tenth of it.
const longestText = 8 * 2 ** 20;
const mostAnswers = 4096;
const longestQuestion = 2048;
const deepest = 16;

const remedy = 'Record it again with recordMachine(), or "hostcompute doctor --record".';

function check(holds: boolean, field: string, requirement: Requirement, received: unknown = notShown): asserts holds {
  if (!holds) throw new HcsArgumentError(field, requirement, received, remedy);
}

/**
 * Answers of a recording: what `recordMachine()` returned, or its JSON text.
 *
 * @throws HcsArgumentError for what is no recording, with the place
 * @example
 * // What recordMachine() has returned on one machine, looked at on another.
 * const report = await doctor({ answers: replay(await recordMachine()) });
 */
export function replay(recording: string | DoctorRecording): RecordedAnswers {
  const { answers, ...more } = checked(parsed(recording));
  const byQuestion = new Map(Object.entries(answers));
  return {
    recording: { ...more, answers },
    // eslint-disable-next-line @typescript-eslint/require-await -- what is thrown has to reject
    ask: async (question, signal) => {
      signal.throwIfAborted();
      return byQuestion.get(question) ?? missing;
    },
  };
}

/** By its text in any case: an object of a caller may have getters, or be no tree. */
function parsed(recording: unknown): unknown {
  const isText = typeof recording === 'string';
  check(isText || isPlainObject(recording), 'recording', 'must be a recording, or its JSON text', recording);
  const text = isText ? recording : textOf(recording);
  check(text.length <= longestText, 'recording', `must have at most ${longestText} characters`, text.length);
  check(!isTooDeep(text, deepest), 'recording', `must be nested at most ${deepest} deep`);
  try {
    return JSON.parse(text.replace(/^\ufeff/, '')) as unknown;
  } catch (error) {
    check(false, 'recording', `must be JSON (${messageOf(error)})`);
  }
}

function textOf(recording: object): string {
  try {
    return JSON.stringify(recording);
  } catch (error) {
    check(false, 'recording', `must be values of JSON (${messageOf(error)})`);
  }
}

function checked(value: unknown): DoctorRecording {
  check(isPlainObject(value), 'recording', 'must be an object', value);
  const { schema, made, version, root, answers } = value as Readonly<Record<string, unknown>>;
  check(schema === 1, 'recording.schema', 'must be 1, the one that this version reads', schema);
  check(isText(made, 64) && !Number.isNaN(Date.parse(made)), 'recording.made', 'must be an ISO date', made);
  check(isText(version, 64), 'recording.version', 'must be the version of hostcompute that made it', version);
  check(isText(root, longestQuestion), 'recording.root', 'must be a path', root);
  check(isPlainObject(answers), 'recording.answers', 'must be an object of answers by their questions', answers);
  const entries = Object.entries(answers as Readonly<Record<string, unknown>>);
  check(entries.length <= mostAnswers, 'recording.answers', `must be at most ${mostAnswers}`, entries.length);
  const own = new Map<string, Answer>();
  for (const [question, answer] of entries) {
    const place = `recording.answers[${quoted(question)}]`;
    check(
      question.length > 0 && question.length <= longestQuestion,
      place,
      `must have a question of 1 to ${longestQuestion} characters`,
    );
    own.set(question, answerOf(answer, place));
  }
  return { schema, made, version, root, answers: Object.fromEntries(own) };
}

const isText = (value: unknown, longest: number): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= longest;

function answerOf(value: unknown, place: string): Answer {
  const form = 'must be { value }, { error, call } or { hung }';
  check(isPlainObject(value), place, form, value);
  const names = Object.keys(value).sort().join();
  const answer = value as Readonly<Record<string, unknown>>;
  if (names === 'value') return answer as unknown as Answer;
  if (names === 'call,error') {
    const { error, call } = answer;
    check(
      Number.isInteger(error) && (error as number) >= 0 && (error as number) <= 0xffffffff,
      `${place}.error`,
      'must be a whole number from 0 to 4294967295',
      error,
    );
    check(isText(call, 256), `${place}.call`, 'must be the name of a call', call);
    return answer as unknown as Answer;
  }
  check(names === 'hung', place, form);
  const { hung } = answer;
  check(
    typeof hung === 'number' && Number.isFinite(hung) && hung >= 0,
    `${place}.hung`,
    'must be a number of milliseconds',
    hung,
  );
  return answer as unknown as Answer;
}
