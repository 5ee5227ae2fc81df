/**
 * The members of an object of the policy, each read by its kind.
 *
 * @module
 */
import type { Json, JsonObject } from '../documents/json.js';
import { isJsonList, isJsonObject, printJson, quoted } from '../documents/json.js';

/** Why a text is not a policy: the field, what it must be, and what to do. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  readonly field: string;

  constructor(field: string, requirement: string, received: Json | undefined, remedy: string) {
    const shown =
      received === undefined ? 'undefined' : typeof received === 'string' ? quoted(received) : printJson(received);
    super(`"${field}" ${requirement}; received ${shown.slice(0, 120)}. ${remedy}`);
    this.field = field;
  }
}

/** An object of the policy. A member that is not known is an error: a misspelt limit would be none. */
export class Fields {
  readonly where: string;
  readonly #members: JsonObject;

  constructor(value: Json, where: string, known: readonly string[]) {
    if (!isJsonObject(value)) throw new PolicyError(where, 'must be an object', value, 'Correct it.');
    for (const name of value.keys()) {
      if (known.includes(name)) continue;
      throw new PolicyError(
        where,
        `must have no members but ${known.join(', ')}`,
        name,
        'Correct or remove the member.',
      );
    }
    this.where = where;
    this.#members = value;
  }

  /** A member, whatever it is. */
  get(name: string): Json | undefined {
    return this.#members.get(name);
  }

  /** The error about a member, or about a value in it. */
  error(name: string, requirement: string, remedy: string, received = this.get(name)): PolicyError {
    return new PolicyError(`${this.where}.${name}`, requirement, received, remedy);
  }

  text(name: string, form: RegExp, requirement: string): string {
    const value = this.get(name);
    if (typeof value !== 'string' || !form.test(value)) throw this.error(name, requirement, 'Correct it.');
    return value;
  }

  flag(name: string, otherwise: boolean): boolean {
    const value = this.get(name) ?? otherwise;
    if (typeof value !== 'boolean') throw this.error(name, 'must be true or false', 'Correct it.');
    return value;
  }

  whole(name: string, otherwise: number, least: number, most: number): number {
    const value = this.get(name) ?? otherwise;
    if (!Number.isSafeInteger(value) || (value as number) < least || (value as number) > most) {
      throw this.error(name, `must be a whole number from ${least} to ${most}`, 'Correct it, or leave it out.');
    }
    return value as number;
  }

  list(name: string, otherwise?: readonly Json[]): readonly Json[] {
    const value = this.get(name) ?? otherwise;
    if (!isJsonList(value)) throw this.error(name, 'must be a list', 'Write it in brackets.');
    return value;
  }

  texts(name: string, valid: (text: string) => boolean, requirement: string): readonly string[] {
    const values = this.list(name, []);
    for (const [at, value] of values.entries()) {
      if (typeof value === 'string' && valid(value)) continue;
      throw this.error(`${name}[${at}]`, `must be ${requirement}`, 'Correct or remove it.', value);
    }
    return values as readonly string[];
  }
}
