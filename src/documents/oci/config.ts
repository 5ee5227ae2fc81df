/**
 * An OCI configuration as it is read: a value of the wrong type throws with its path, and what is not read is reported.
 *
 * @module
 */
import type { Requirement } from '../../errors/errors.js';
import { describeValue } from '../../errors/received.js';
import { HcsArgumentError } from '../../errors/errors.js';

/** A part of a configuration that a document does not say. */
export interface NotExpressed {
  /** From the root of the configuration, such as `windows.resources.cpu.affinity`. */
  readonly path: string;
  readonly reason: string;
}

type Step = string | number;

function pathOf(steps: readonly Step[]): string {
  return steps.reduce<string>((path, step) => {
    if (typeof step === 'number') return `${path}[${step}]`;
    if (!/^\w+$/.test(step)) return `${path}[${JSON.stringify(step)}]`;
    return path === '' ? step : `${path}.${step}`;
  }, '');
}

function isObject(value: unknown): value is Record<Step, unknown> {
  return typeof value === 'object' && value !== null;
}

function isEmpty(value: unknown): boolean {
  if (isObject(value)) return Object.values(value).every(isEmpty);
  return value === undefined || value === null || value === '' || value === false || value === 0;
}

/** A configuration, with what has been read of it. Absent, null and the zero of a type are the same, as in Go. */
export class Config {
  readonly root: object;
  readonly #name: string;
  readonly #read = new Set<string>();
  readonly #notes: NotExpressed[] = [];

  /** @param name - how errors name the root */
  constructor(root: unknown, name = 'config', holder = 'config.json') {
    if (!isObject(root) || Array.isArray(root)) {
      throw new HcsArgumentError(name, `must be the object that ${holder} holds`, root);
    }
    this.root = root;
    this.#name = name;
  }

  /** The value, whatever it is, as a whole; undefined when it is absent or null. */
  value(...steps: readonly Step[]): unknown {
    this.#read.add(pathOf(steps));
    return this.#at(steps);
  }

  has(...steps: readonly Step[]): boolean {
    return this.#at(steps) !== undefined;
  }

  #at(steps: readonly Step[]): unknown {
    let value: unknown = this.root;
    for (const [index, step] of steps.entries()) {
      if (value === undefined || value === null) return undefined;
      if (!isObject(value)) throw this.error(steps.slice(0, index), 'must be an object', value);
      value = value[step];
    }
    return value ?? undefined;
  }

  text(...steps: readonly Step[]): string | undefined {
    const value = this.value(...steps);
    if (value === undefined || value === '') return undefined;
    if (typeof value === 'string') return value;
    throw this.error(steps, 'must be a string', value);
  }

  /** A text that the document cannot be without. */
  required(...steps: readonly Step[]): string {
    const value = this.text(...steps);
    if (value !== undefined) return value;
    throw this.error(steps, 'must be a non-empty string', this.#at(steps));
  }

  flag(...steps: readonly Step[]): boolean {
    const value = this.value(...steps) ?? false;
    if (typeof value === 'boolean') return value;
    throw this.error(steps, 'must be true or false', value);
  }

  /** A whole number above 0. */
  count(...steps: readonly Step[]): number | bigint | undefined {
    const value = this.value(...steps) ?? 0;
    const whole = typeof value === 'bigint' || Number.isSafeInteger(value);
    if (whole && (value as number) >= 0) return value === 0 ? undefined : (value as number | bigint);
    throw this.error(steps, 'must be a whole number of at least 0', value);
  }

  /** The items of an array, which are read one by one. */
  items(...steps: readonly Step[]): readonly unknown[] {
    const value = this.#at(steps) ?? [];
    if (Array.isArray(value)) return value;
    throw this.error(steps, 'must be an array', value);
  }

  /** Texts that may be empty, but have no NUL character. */
  words(...steps: readonly Step[]): readonly string[] {
    return this.items(...steps).map((item, index) => {
      if (typeof item !== 'string') throw this.error([...steps, index], 'must be a string', item);
      if (item.includes('\0')) throw this.error([...steps, index], 'must be a string without NUL characters', item);
      return item;
    });
  }

  texts(...steps: readonly Step[]): readonly string[] {
    const items = this.items(...steps);
    return items.map((_, index) => this.required(...steps, index));
  }

  annotation(name: string): string | undefined {
    return this.text('annotations', name);
  }

  /** Names of annotations that begin like this. */
  annotations(prefix: string): readonly string[] {
    return Object.keys(this.#at(['annotations']) ?? {}).filter((name) => name.startsWith(prefix));
  }

  /** A number above 0 in an annotation. Anything else is ignored, as hcsshim does, and noted. */
  annotatedCount(name: string): number | bigint | undefined {
    const given = this.annotation(name);
    if (given === undefined) return undefined;
    if (!/^\d+$/.test(given)) return this.ignore(name, given, 'a whole number');
    const value = BigInt(given);
    if (value === 0n) return undefined;
    return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
  }

  /** A flag in an annotation, in any of the spellings that Go takes. */
  annotatedFlag(name: string): boolean | undefined {
    const given = this.annotation(name);
    if (given === undefined) return undefined;
    if (/^(?:1|t|T|TRUE|true|True)$/.test(given)) return true;
    if (/^(?:0|f|F|FALSE|false|False)$/.test(given)) return false;
    return this.ignore(name, given, 'true or false');
  }

  private ignore(name: string, given: string, wanted: string): undefined {
    this.note(`must be ${wanted}; received ${describeValue(given)}`, 'annotations', name);
  }

  /** Something that the document does not say, or says otherwise. */
  note(reason: string, ...steps: readonly Step[]): void {
    this.#read.add(pathOf(steps));
    this.#notes.push({ path: pathOf(steps), reason });
  }

  /** A configuration that cannot become a document. */
  error(steps: readonly Step[], requirement: Requirement, received: unknown, remedy?: string): HcsArgumentError {
    const path = pathOf(steps);
    const field = path.startsWith('[') || path === '' ? this.#name + path : `${this.#name}.${path}`;
    return new HcsArgumentError(field, requirement, received, remedy);
  }

  /** What was noted, and what was not read, with the reason of the first pattern that its path matches. */
  notExpressed(reasons: readonly (readonly [pattern: RegExp, reason: string])[]): readonly NotExpressed[] {
    const unread: string[] = [];
    this.#collect(this.root, [], unread);
    const ignored = unread.flatMap((path) => {
      const reason = reasons.find(([pattern]) => pattern.test(path))?.[1];
      return reason === undefined ? [] : [{ path, reason }];
    });
    return [...this.#notes, ...ignored];
  }

  #collect(value: unknown, steps: readonly Step[], unread: string[]): void {
    const path = pathOf(steps);
    if (isEmpty(value) || this.#read.has(path)) return;
    const partly = [...this.#read].some((read) => read.startsWith(`${path}.`) || read.startsWith(`${path}[`));
    const whole = steps.length > 0 && !partly && path !== 'annotations';
    if (!isObject(value) || whole) {
      unread.push(path);
      return;
    }
    for (const [name, member] of Object.entries(value)) {
      this.#collect(member, [...steps, Array.isArray(value) ? Number(name) : name], unread);
    }
  }
}
