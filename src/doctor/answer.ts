// What a machine answers: the raw value, the code of the call that failed, or that it never came. No judgement is in it,
// so that a recorded host is a table of these (recording.ts).

/** What JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/**
 * One answer of a machine. `value` has the shape that questions.ts gives for the question. `error` is the code of the call
 * that failed, a Win32 code, HRESULT or NTSTATUS as an unsigned number, and `call` the call. `hung` says after how many
 * milliseconds nobody waited any more.
 */
export type Answer =
  { readonly value: Json } | { readonly error: number; readonly call: string } | { readonly hung: number };

/** Who answers: this machine, or a recording. It never rejects but for its signal. */
export interface Answers {
  ask(question: string, signal: AbortSignal): Promise<Answer>;
}

/** Codes that say "not there" and not "could not ask". */
export const absent: ReadonlySet<number> = new Set([2, 3, 126, 127, 1060, 0x80070002, 0x80070003, 0x8007007e]);

/** Codes that say "not allowed". */
export const denied: ReadonlySet<number> = new Set([5, 740, 1314, 0x80070005, 0x800702e4, 0x8037011b, 0xc0000022]);

export const isAbsent = (answer: Answer): boolean => 'error' in answer && absent.has(answer.error);
export const isDenied = (answer: Answer): boolean => 'error' in answer && denied.has(answer.error);

/** In place of an answer that a recording has not. */
export const missing: Answer = { error: 1168, call: 'replay' };
export const isMissing = (answer: Answer): boolean =>
  'error' in answer && 'error' in missing && answer.error === missing.error && answer.call === missing.call;

/** An answer of what has no code of Windows: E_UNEXPECTED. */
export const lacking = (call: string): Answer => ({ error: 0x8000ffff, call: call.slice(0, 256) });

/** Whether it has the form of an answer; its value may be anything. */
export function isAnswer(value: unknown): value is Answer {
  if (typeof value !== 'object' || value === null) return false;
  if ('value' in value) return true;
  if ('hung' in value) return Number.isFinite(value.hung);
  return 'error' in value && Number.isInteger(value.error) && 'call' in value && typeof value.call === 'string';
}
