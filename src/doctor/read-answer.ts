// Reading answers in checks: a value of the shape that a check expects, or a finding that says why there is none.
import type { Answer, Json } from './answer.js';
import { isAbsent, isDenied, isMissing } from './answer.js';
import type { Facts, Finding } from './check.js';

/** Thrown by a check that cannot decide: the check is unknown, with this as the cause (examine.ts). */
export class CannotTell extends Error {
  readonly remedy: string | undefined;

  constructor(cause: string, remedy?: string) {
    super(cause);
    this.remedy = remedy;
  }
}

const elevate = 'Run the doctor in an elevated program.';

/** The value, where it has the shape that is expected; else the check cannot tell. */
export function valueOf<Value>(question: string, answer: Answer, isValue: (value: unknown) => value is Value): Value {
  if (!('value' in answer)) {
    throw new CannotTell(whyNot(question, answer), isDenied(answer) ? elevate : undefined);
  }
  if (!isValue(answer.value)) throw new CannotTell(`"${question}" was answered with something else than expected.`);
  return answer.value;
}

/** The value, or null where what is asked about is not there; else the check cannot tell. */
export async function askFor<Value>(
  facts: Facts,
  question: string,
  isValue: (value: unknown) => value is Value,
): Promise<Value | null> {
  const answer = await facts.ask(question);
  return isAbsent(answer) ? null : valueOf(question, answer, isValue);
}

/** Why a question has no value, as a sentence. */
export function whyNot(question: string, answer: Answer): string {
  if ('hung' in answer) return `"${question}" was not answered within ${answer.hung} ms.`;
  if ('value' in answer) return `"${question}" was answered with something else than expected.`;
  if (isMissing(answer)) return `The recording has no answer to "${question}".`;
  const code = answer.error > 0xffff ? `0x${answer.error.toString(16).padStart(8, '0')}` : String(answer.error);
  if (isDenied(answer)) return `"${question}" may not be asked without elevation (${answer.call}: ${code}).`;
  return `"${question}" could not be asked: ${answer.call} failed with ${code}.`;
}

export const unknown = (question: string, answer: Answer): Finding => ({
  outcome: 'unknown',
  cause: whyNot(question, answer),
  ...(isDenied(answer) ? { remedy: elevate } : {}),
});

export const isObject = (value: Json | undefined): value is Readonly<Record<string, Json>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
