/**
 * One walk over one document: what does not fit the schema, and where.
 *
 * @module
 */
import { shown } from './document-text.js';
import { checks } from './checks.js';
import { isEmpty, unclear } from './constraints.js';
import type { ResolvedFacts } from './facts.js';
import type { Issue, Path } from './issue.js';
import { issueOf } from './issue.js';
import { checkLimits } from './value-limits.js';
import { nearest } from './nearest.js';
import { withoutNulls } from './nulls.js';
import type { RuleName } from './rules.js';
import type { ScalarType } from './scalars.js';
import { fits, fitsKey } from './scalars.js';
import type { Field, ObjectType, ValueType } from './schema.js';
import { fieldOf, versionText } from './schema.js';
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
  // How many members were null, and so absent.
  #nulls = 0;
  readonly #path: (string | number)[] = [];

  constructor(facts: ResolvedFacts) {
    this.facts = facts;
  }

  /** Something is wrong with the object at hand, or with what is `below` it. */
  report(rule: RuleName, problem: string, below: Path = [], severity?: Issue['severity']): void {
    this.issues.push(issueOf(rule, problem, [...this.#path, ...below], severity));
  }

  /** Checks a whole value, as a field of no limits would be. */
  value(type: ValueType, given: unknown, rule: RuleName = 'value'): void {
    const value = plain(given);
    switch (type.kind) {
      case 'array':
        this.#array(type.item, value, rule);
        return;
      case 'map':
        this.#map(type, value, rule);
        return;
      case 'object':
        if (isMembers(value)) this.object(type, value);
        else this.#wrong(rule, value, `an object, ${type.name}`);
        return;
      default:
        if (!fits(type, value, this.facts.version)) this.#misfit(type, value, rule);
    }
  }

  /** The same for a member that a check has found the type of. */
  member(step: string | number, type: ValueType, value: unknown, rule: RuleName): void {
    this.#path.push(step);
    this.value(type, value, rule);
    this.#path.pop();
  }

  /** Checks a member for its types alone: what is removed needs to be no more than named. */
  structure(step: string, type: ValueType, value: unknown): void {
    const outside = this.#partial;
    this.#partial = true;
    this.member(step, type, value, 'value');
    this.#partial = outside;
  }

  /** Checks a member against several types, and says what is wrong by the one that it fits best. */
  oneOf(step: string, types: readonly ValueType[], value: unknown, rule: RuleName): void {
    this.#path.push(step);
    this.#oneOf(types, value, rule);
    this.#path.pop();
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
    const nulls = this.#nulls;
    let place = 0;
    let seen = 0;
    for (const name in members) {
      const value = members[name];
      if (value === undefined) continue;
      if (value === null && type.fields.has(name)) {
        this.#nulls++;
        continue;
      }
      const field = fieldOf(type, name, place);
      if (field !== undefined) {
        place++;
        if (field.bit !== 0) seen |= isEmpty(value) ? unclear : field.bit;
        const { scalar } = field;
        if (scalar !== undefined && field.since <= version && field.build <= build && fits(scalar, value, version)) {
          continue; // as most members do
        }
      }
      const before = this.issues.length;
      if (field === undefined) {
        seen |= unclear;
        this.#unknown(type, name);
      } else {
        this.#path.push(name);
        // The host may have it all the same, so it is looked at.
        if (isNewer(field, this.facts)) this.#newer(`is of schema ${versionText(field.since)}`, field.refused);
        else if (field.build > build) this.#needsBuild(field);
        this.#field(field, value);
        this.#path.pop();
      }
      // What is inherited is not in JSON either.
      if (this.issues.length > before && !Object.hasOwn(members, name)) this.issues.length = before;
    }
    if (this.#partial) return;
    const present = this.#nulls === nulls ? members : (withoutNulls(members) as Members);
    if (seen !== type.kept) this.#constraints(type, present, seen);
    if (type.check === undefined) type.check = checks[type.name] ?? null;
    type.check?.(present, this);
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
    if (limits !== undefined && this.issues.length === before) checkLimits(limits, value, rule, this);
  }

  #wrong(rule: RuleName, value: unknown, wanted: string): void {
    this.report(rule, `is ${shown(value)}, not ${wanted}`);
  }

  #misfit(type: ScalarType, value: unknown, rule: RuleName): void {
    if (type.kind === 'list') this.#unlisted(type, value, rule);
    else if (type.kind === 'integer' && Number.isInteger(value) && fits(type, BigInt(value as number), 0)) {
      const problem = `is ${value as number}, which a number does not hold to the last digit: pass a bigint`;
      this.report(rule, problem, [], 'warning');
    } else this.#wrong(rule, value, type.name);
  }

  #unlisted({ name, values }: ScalarType & { kind: 'list' }, value: unknown, rule: RuleName): void {
    if (typeof value !== 'string' && typeof value !== 'number') {
      this.#wrong(rule, value, `a word, ${name}`);
      return;
    }
    const since = typeof value === 'string' ? values.get(value) : undefined;
    if (since !== undefined) {
      this.#newer(`is ${shown(value)}, of schema ${versionText(since)}`);
      return;
    }
    const meant = typeof value === 'string' ? nearest(value, values.keys()) : undefined;
    const hint = meant ?? `one of ${name}: ${[...values.keys()].slice(0, 20).join(', ')}`;
    this.report(rule === 'value' ? 'unknown-value' : rule, `is ${shown(value)}, not ${hint}`);
  }

  #array(item: ValueType, value: unknown, rule: RuleName): void {
    if (value === null) return; // Go clients write it for an empty one
    if (!Array.isArray(value)) {
      this.#wrong(rule, value, 'an array');
      return;
    }
    for (let index = 0; index < value.length; index++) this.member(index, item, value[index], rule);
  }

  #map({ key, item }: ValueType & { kind: 'map' }, value: unknown, rule: RuleName): void {
    if (!isMembers(value)) {
      this.#wrong(rule, value, 'an object');
      return;
    }
    for (const name in value) {
      const member = value[name];
      if (member === undefined) continue;
      if (member === null) {
        this.#nulls++;
        continue;
      }
      const before = this.issues.length;
      this.#path.push(name);
      if (!fitsKey(key, name)) this.report(rule, `has a key that is not ${key.name}`);
      this.value(item, member, rule);
      this.#path.pop();
      if (this.issues.length > before && !Object.hasOwn(value, name)) this.issues.length = before;
    }
  }

  #unknown(type: ObjectType, name: string): void {
    const meant = nearest(name, type.fields.keys());
    this.report(
      'unknown-member',
      `is no member of ${type.name}${meant === undefined ? '' : `: did you mean ${meant}?`}`,
      [name],
      // A newer host does not have it in other letters, and a host was seen to refuse it.
      type.cased && meant?.toLowerCase() === name.toLowerCase() ? 'error' : undefined,
    );
  }

  #newer(problem: string, refused = false): void {
    const severity = refused ? 'error' : undefined;
    this.report('newer-member', `${problem}, and the host speaks ${versionText(this.facts.version)}`, [], severity);
  }

  #needsBuild({ build, rule }: Field): void {
    this.report(
      rule === 'value' ? 'needs-build' : rule,
      `needs build ${build} of Windows, and this is ${this.facts.build}`,
      [],
      'warning',
    );
  }

  #constraints(type: ObjectType, members: Members, seen: number): void {
    const before = this.issues.length;
    for (const constraint of type.constraints) this.#constraint(constraint, members);
    if (seen >= 0 && this.issues.length === before) type.kept = seen;
  }

  #constraint(constraint: Constraint, members: Members): void {
    const { exactlyOne, atMostOne, together, anyOf, needs, field, requires, value, severity } = constraint;
    const rule = constraint.rule as RuleName;
    const has = (name: string): boolean => members[name] !== undefined;
    const say = (problem: string, ...below: string[]): void => this.report(rule, problem, below, severity);
    const named = present(exactlyOne ?? atMostOne ?? none, members);
    if (named.length > 1) this.report(rule, `excludes ${named.slice(0, -1).join(' and ')}`, named.slice(-1), severity);
    if (exactlyOne !== undefined && named.length === 0) say(`has none of ${exactlyOne.join(', ')}`);
    if (anyOf !== undefined && !anyOf.some(has)) say(`has neither ${anyOf.join(' nor ')}`);
    for (const name of needs ?? none) {
      if (!has(name)) say(`has no ${name}`);
      else if (isEmpty(members[name])) say('is empty', name);
    }
    if (together?.some(has) && !together.every(has)) {
      const missing = together.filter((name) => !has(name));
      say(`needs ${missing.join(' and ')} beside it`, ...together.filter(has).slice(0, 1));
    }
    if (field === undefined || requires === undefined || !has(field) || members[field] === false) return;
    if (members[requires] !== (value ?? true)) say(`needs ${[requires, value].join(' ').trim()}`, field);
  }
}

const none: readonly string[] = [];

function present(names: readonly string[], members: Members): string[] {
  const found: string[] = [];
  for (const name of names) if (members[name] !== undefined) found.push(name);
  return found;
}

/** Whether the schema of the host may not have it: an update can bring what is newer. */
export function isNewer({ since, first }: Field, { version, build }: ResolvedFacts): boolean {
  return since > version && (first === 0 || build < first);
}

/** The alternatives that have the most of the members. */
function fitting(types: readonly ObjectType[], value: Members): ObjectType[] {
  const names = Object.keys(value).filter((name) => value[name] !== undefined);
  const known = types.map(({ fields }) => names.filter((name) => fields.has(name)).length);
  const most = Math.max(...known);
  return types.filter((_, index) => known[index] === most);
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
