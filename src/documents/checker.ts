/**
 * One walk over one document: what does not fit the schema, and where.
 *
 * @module
 */
import { shown } from '../documents.js';
import type { ResolvedFacts } from './facts.js';
import type { Issue, Path } from './issue.js';
import { issueOf } from './issue.js';
import { nearest } from './nearest.js';
import type { RuleName } from './rules.js';
import type { Field, IntegerType, Limits, ObjectType, ValueType } from './schema.js';
import { versionText } from './schema.js';
import type { Constraint } from './tables.js';

export type Members = Readonly<Record<string, unknown>>;

/** Looks at an object of one type, beyond what the tables say of it. */
export type Check = (members: Members, checker: Checker) => void;

export class Checker {
  readonly issues: Issue[] = [];
  readonly facts: ResolvedFacts;
  /** The document is inside a utility VM: its paths are those of the VM. */
  hosted = false;
  // Only names and types count.
  #partial = false;
  readonly #checks: Readonly<Record<string, Check>>;
  readonly #path: (string | number)[] = [];

  constructor(facts: ResolvedFacts, checks: Readonly<Record<string, Check>>) {
    this.facts = facts;
    this.#checks = checks;
  }

  /** Something is wrong with the object at hand, or with what is `below` it. */
  report(rule: RuleName, problem: string, below: Path = [], severity?: 'warning'): void {
    this.issues.push(issueOf(rule, problem, [...this.#path, ...below], severity));
  }

  /** Looks at what is below a member with its own path. */
  within(step: string | number, look: () => void): void {
    this.#path.push(step);
    look();
    this.#path.pop();
  }

  /** Checks a whole value, as a field of no limits would be. */
  value(type: ValueType, given: unknown, rule: RuleName = 'value'): void {
    const value = plain(given);
    switch (type.kind) {
      case 'any':
        return;
      case 'string':
        if (typeof value !== 'string') this.#wrong(rule, value, 'a string');
        return;
      case 'boolean':
        if (typeof value !== 'boolean') this.#wrong(rule, value, 'true or false');
        return;
      case 'number':
        if (typeof value !== 'number') this.#wrong(rule, value, type.name);
        return;
      case 'integer':
        this.#integer(type, value, rule);
        return;
      case 'text':
        if (typeof value !== 'string' || !type.form.test(value)) this.#wrong(rule, value, type.name);
        return;
      case 'list':
        this.#listed(type, value, rule);
        return;
      case 'array':
        this.#array(type.item, value, rule);
        return;
      case 'map':
        this.#map(type, value, rule);
        return;
      case 'object':
        if (isMembers(value)) this.object(type, value);
        else this.#wrong(rule, value, `an object, ${type.name}`);
    }
  }

  /** Checks a member for its types alone: what is removed needs to be no more than named. */
  structure(step: string, type: ValueType, value: unknown): void {
    const outside = this.#partial;
    this.#partial = true;
    this.within(step, () => this.value(type, value));
    this.#partial = outside;
  }

  /** Checks a member against several types, and says what is wrong by the one that it fits best. */
  oneOf(step: string, types: readonly ValueType[], value: unknown, rule: RuleName): void {
    this.within(step, () => this.#oneOf(types, value, rule));
  }

  #oneOf(types: readonly ValueType[], value: unknown, rule: RuleName): void {
    let best: Issue[] | undefined;
    const before = this.issues.length;
    for (const type of types) {
      this.value(type, value, rule);
      const found = this.issues.splice(before);
      if (best === undefined || found.length < best.length) best = found;
      if (found.length === 0) break;
    }
    this.issues.push(...(best ?? []));
  }

  object(type: ObjectType, members: Members): void {
    const { version, build } = this.facts;
    for (const name of Object.keys(members)) {
      const value = members[name];
      if (value === undefined) continue;
      const field = type.fields.get(name);
      if (field === undefined) this.#unknown(type, name);
      else {
        this.#path.push(name);
        if (field.since > version) this.#newer(`is of schema ${versionText(field.since)}`);
        else if (field.build > build) this.#needsBuild(field);
        else this.#field(field, value);
        this.#path.pop();
      }
    }
    if (this.#partial) return;
    for (const constraint of type.constraints) this.#constraint(constraint, members);
    this.#checks[type.name]?.(members, this);
  }

  #field(field: Field, value: unknown): void {
    const { type, limits, oneOf, rule } = field;
    if (oneOf !== undefined && isMembers(value)) {
      const outside = this.hosted;
      this.hosted ||= field.name === 'HostedSystem' || field.name === 'GuestRequest';
      this.#oneOf(fitting(oneOf, value), value, rule);
      this.hosted = outside;
      return;
    }
    const before = this.issues.length;
    this.value(type, value, rule);
    if (limits !== undefined && this.issues.length === before) this.#limits(limits, value, rule);
  }

  #wrong(rule: RuleName, value: unknown, wanted: string): void {
    this.report(rule, `is ${shown(value)}, not ${wanted}`);
  }

  #integer({ name, least, most, from, below }: IntegerType, value: unknown, rule: RuleName): void {
    if (typeof value === 'bigint') {
      if (value < least || value > most) this.#wrong(rule, value, name);
    } else if (typeof value !== 'number' || !Number.isInteger(value) || value < from || value >= below) {
      this.#wrong(rule, value, name);
    } else if (!Number.isSafeInteger(value)) {
      this.report(rule, `is ${value}, which a number does not hold to the last digit: pass a bigint`, [], 'warning');
    }
  }

  #listed({ name, values }: ValueType & { kind: 'list' }, value: unknown, rule: RuleName): void {
    const since = typeof value === 'string' ? values.get(value) : undefined;
    if (since === undefined) {
      const meant = typeof value === 'string' ? nearest(value, values.keys()) : undefined;
      const hint = meant ?? `one of ${name}: ${[...values.keys()].slice(0, 20).join(', ')}`;
      this.report(rule, `is ${shown(value)}, not ${hint}`);
    } else if (since > this.facts.version) this.#newer(`is ${shown(value)}, of schema ${versionText(since)}`);
  }

  #array(item: ValueType, value: unknown, rule: RuleName): void {
    if (value === null) return; // Go clients write it for an empty one
    if (!Array.isArray(value)) {
      this.#wrong(rule, value, 'an array');
      return;
    }
    for (let index = 0; index < value.length; index++) {
      this.#path.push(index);
      this.value(item, value[index], rule);
      this.#path.pop();
    }
  }

  #map({ key, item }: ValueType & { kind: 'map' }, value: unknown, rule: RuleName): void {
    if (!isMembers(value)) {
      this.#wrong(rule, value, 'an object');
      return;
    }
    for (const name of Object.keys(value)) {
      if (value[name] === undefined) continue;
      this.#path.push(name);
      if (!isKey(key, name)) this.report(rule, `has a key that is not ${'name' in key ? key.name : key.kind}`);
      this.value(item, value[name], rule);
      this.#path.pop();
    }
  }

  #limits({ range, unset, multiple, keys, most, length, values }: Limits, value: unknown, rule: RuleName): void {
    if (range !== undefined && value !== unset) {
      const [least, top] = range;
      if ((value as number) < least || (value as number) > top) {
        this.report(
          rule,
          `is ${shown(value)}, not ${top === Infinity ? `${least} or more` : `from ${least} to ${top}`}`,
        );
      }
    }
    if (multiple !== undefined && BigInt(value as number) % BigInt(multiple) !== 0n) {
      this.report(rule, `is ${shown(value)}, not ${multiple === 2 ? 'an even number' : `a multiple of ${multiple}`}`);
    }
    if (most !== undefined && Object.keys(value as object).length > most)
      this.report(rule, `has more than ${most} members`);
    if (length !== undefined && Array.isArray(value) && value.length !== length) {
      this.report(rule, `has ${value.length} items, not ${length}`);
    }
    if (keys !== undefined) {
      for (const key of Object.keys(value as object)) {
        if (Number(key) < keys[0] || Number(key) > keys[1])
          this.report(rule, `is not from ${keys[0]} to ${keys[1]}`, [key]);
      }
    }
    if (values !== undefined && !values.some((each) => each.toLowerCase() === (value as string).toLowerCase())) {
      this.report(rule, `is ${shown(value)}, not ${values.filter(Boolean).join(' or ')}`);
    }
  }

  #unknown(type: ObjectType, name: string): void {
    const meant = nearest(name, type.fields.keys());
    this.report(
      'unknown-member',
      `is no member of ${type.name}${meant === undefined ? '' : `: did you mean ${meant}?`}`,
      [name],
    );
  }

  #newer(problem: string): void {
    this.report('newer-member', `${problem}, and the host speaks ${versionText(this.facts.version)}`);
  }

  #needsBuild({ build, rule }: Field): void {
    this.report(
      rule === 'value' ? 'needs-build' : rule,
      `needs build ${build} of Windows, and this is ${this.facts.build}`,
    );
  }

  #constraint(constraint: Constraint, members: Members): void {
    const { exactlyOne, atMostOne, together, anyOf, needs, field, requires, value, severity } = constraint;
    const rule = constraint.rule as RuleName;
    const has = (name: string): boolean => members[name] !== undefined;
    const named = present(exactlyOne ?? atMostOne ?? none, members);
    if (named.length > 1) this.report(rule, `excludes ${named.slice(0, -1).join(' and ')}`, named.slice(-1), severity);
    if (exactlyOne !== undefined && named.length === 0) this.report(rule, `has none of ${exactlyOne.join(', ')}`);
    if (anyOf !== undefined && !anyOf.some(has)) this.report(rule, `has neither ${anyOf.join(' nor ')}`);
    for (const name of needs ?? none) {
      if (!has(name)) this.report(rule, `has no ${name}`);
      else if (isEmpty(members[name])) this.report(rule, 'is empty', [name]);
    }
    if (together?.some(has) && !together.every(has)) {
      const missing = together.filter((name) => !has(name));
      this.report(rule, `needs ${missing.join(' and ')} beside it`, together.filter(has).slice(0, 1));
    }
    if (field === undefined || requires === undefined || !has(field) || members[field] === false) return;
    if (members[requires] !== (value ?? true))
      this.report(rule, `needs ${[requires, value].join(' ').trim()}`, [field]);
  }
}

const none: readonly string[] = [];

function isEmpty(value: unknown): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

function present(names: readonly string[], members: Members): string[] {
  const found: string[] = [];
  for (const name of names) if (members[name] !== undefined) found.push(name);
  return found;
}

/** The alternatives that have the most of the members. */
function fitting(types: readonly ObjectType[], value: Members): ObjectType[] {
  const names = Object.keys(value).filter((name) => value[name] !== undefined);
  const known = types.map(({ fields }) => names.filter((name) => fields.has(name)).length);
  const most = Math.max(...known);
  return types.filter((_, index) => known[index] === most);
}

function isKey(type: ValueType, key: string): boolean {
  if (type.kind === 'text') return type.form.test(key);
  if (type.kind !== 'integer') return true;
  return /^(?:0|[1-9]\d*)$/.test(key) && BigInt(key) <= type.most;
}

export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What JSON makes of it. */
function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { toJSON } = value as { toJSON?: unknown };
  return typeof toJSON === 'function' ? (toJSON.call(value) as unknown) : value;
}
