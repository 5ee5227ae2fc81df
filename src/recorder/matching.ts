/**
 * Compares what a program asks in a replay with what was asked in the recording, where systems may have had other ids and
 * handles other numbers.
 *
 * @module
 */
import type { CallLine, RecordedText } from './format.js';
import { decodeText, isPlain, parameters, redacted } from './format.js';
import type { Difference } from './errors.js';

export type Given = Readonly<Record<string, string | number | null>>;

// What stands in a difference for a handle of another system or process.
const otherHandle = 'another handle';

/** Which id and handle of the replay is which of the recording. */
export class Identities {
  readonly #ids = new Map<string, string>();
  readonly #recordedIds = new Map<string, string>();
  readonly #calls = new Map<number, number>();
  readonly #recordedCalls = new Map<number, number>();
  #renamed = false;

  /** A call, or a close, has been found in the recording. */
  begun(call: number, recorded: number): void {
    this.#calls.set(call, recorded);
    this.#recordedCalls.set(recorded, call);
  }

  /** The number in the recording. */
  recordedCall(call: number): number | undefined {
    return this.#calls.get(call);
  }

  /** The number in the replay. */
  actualCall(recorded: number): number | undefined {
    return this.#recordedCalls.get(recorded);
  }

  /** The id of a system that is made or opened: the first of them are the first of the recording. */
  named(given: Given, line: CallLine): void {
    const { id } = given;
    const { id: recorded } = line.input;
    if (typeof id !== 'string' || typeof recorded !== 'string' || recorded.includes(redacted)) return;
    this.#ids.set(id, recorded);
    this.#recordedIds.set(recorded, id);
    this.#renamed ||= id !== recorded;
  }

  /** Where the inputs differ. */
  differences(given: Given, line: CallLine): Difference[] {
    const found: Difference[] = [];
    // The id that this call brings is that of the recording from here on, also in its own document.
    const fresh = this.#fresh(given, line);
    for (const { shape, name } of parameters.get(line.function)!.inputs) {
      const actual = given[name] ?? null;
      const expected = line.input[name] ?? null;
      if (shape === 'Handle') {
        if (this.#calls.get(actual as number) === expected) continue;
        found.push({ path: name, expected: otherHandle, actual });
      } else if (isPlain(name)) {
        if (!fresh) this.#compare(expected, actual, name, undefined, found);
      } else {
        this.#compare(valueOf(expected), valueOf(actual), name, fresh ? (given.id as string) : undefined, found, line);
      }
    }
    return found;
  }

  #fresh(given: Given, line: CallLine): boolean {
    const { id } = given;
    const { id: recorded } = line.input;
    if (typeof id !== 'string' || typeof recorded !== 'string') return false;
    return !this.#ids.has(id) && !this.#recordedIds.has(recorded);
  }

  #compare(
    expected: unknown,
    actual: unknown,
    path: string,
    fresh: string | undefined,
    found: Difference[],
    line?: CallLine,
  ): void {
    const differ = (): void => void found.push({ path, expected, actual });
    if (typeof expected === 'string') {
      if (matches(expected, actual)) return;
      if (typeof actual !== 'string') return differ();
      const recorded = fresh !== undefined && actual === fresh ? line?.input.id : this.#ids.get(actual);
      if (recorded !== expected) differ();
      return;
    }
    if (typeof expected !== 'object' || expected === null || typeof actual !== 'object' || actual === null) {
      if (expected !== actual) differ();
      return;
    }
    if (Array.isArray(expected) !== Array.isArray(actual)) return differ();
    const [left, right] = [expected, actual] as [Record<string, unknown>, Record<string, unknown>];
    for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
      const step = Array.isArray(expected) ? `[${key}]` : `.${key}`;
      this.#compare(member(left, key), member(right, key), path + step, fresh, found, line);
    }
  }

  /** A text of the recording, with the ids of the replay. */
  actualText(text: RecordedText): string | null {
    if (!this.#renamed) return decodeText(text);
    const value = typeof text === 'string' ? valueOf(text) : text?.json;
    if (value === text || value === undefined) return decodeText(text); // to the letter, or none at all
    const before = JSON.stringify(value);
    const after = JSON.stringify(this.#rename(value));
    return before === after ? decodeText(text) : after;
  }

  #rename(value: unknown): unknown {
    if (typeof value === 'string') return this.#recordedIds.get(value) ?? value;
    if (Array.isArray(value)) return value.map((item) => this.#rename(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, this.#rename(member)]));
  }
}

function member(within: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(within, key) ? within[key] : undefined;
}

/** The value of a document; a text that is none is its own. */
export function valueOf(text: RecordedText | number): unknown {
  if (typeof text === 'object' && text !== null) return text.json;
  if (typeof text !== 'string') return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

// What was left out is anything.
function matches(expected: string, actual: unknown): boolean {
  if (expected === actual || expected === redacted) return true;
  if (!expected.includes(redacted) || typeof actual !== 'string') return false;
  const parts = expected.split(redacted);
  const last = parts.pop()!;
  let at = 0;
  for (const [i, part] of parts.entries()) {
    const next = actual.indexOf(part, at);
    if (next < 0 || (i === 0 && next > 0)) return false;
    at = next + part.length;
  }
  return actual.length - last.length >= at && actual.endsWith(last);
}
