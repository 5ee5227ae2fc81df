/**
 * One walk over one document: what does not fit the schema, and where.
 *
 * @module
 */
import type { Requirement } from '../errors/errors.js';
import { notShown } from '../errors/errors.js';
import type { Check, CheckContext, Members } from './check.js';
import { isMembers } from './check.js';
import { isEmpty, unclear } from './constraints.js';
import type { ResolvedFacts } from './facts.js';
import type { Issue, Path } from './issue.js';
import { issueOf } from './issue.js';
import { checkLimits } from './value-limits.js';
import { nearest } from './nearest.js';
import { withoutNulls } from './nulls.js';
import type { RuleName } from './rules.js';
import type { ListType } from './lists.js';
import { sinceOf, unlisted } from './lists.js';
import type { ScalarType } from './scalars.js';
import { fits, fitsKey } from './scalars.js';
import type { Field, ObjectType, UnionType, ValueType } from './schema.js';
import { fieldOf, fitting, memberType, namesOf } from './schema.js';
import type { Constraint } from './tables.js';
import { versionText } from './versions.js';

export class Checker implements CheckContext {
  readonly issues: Issue[] = [];
  readonly facts: ResolvedFacts;
  hosted = false;
  // Only names and types count.
  #partial = false;
  // How many members were null, and so absent.
  #nulls = 0;
  readonly #path: (string | number)[] = [];
  readonly #checks: ReadonlyMap<string, Check>;

  /** @param checks - what is looked at beyond the tables, by the names of types */
  constructor(facts: ResolvedFacts, checks: ReadonlyMap<string, Check>) {
    this.facts = facts;
    this.#checks = checks;
  }

  report(
    rule: RuleName,
    requirement: Requirement,
    received: unknown,
    below: Path = [],
    severity?: Issue['severity'],
  ): void {
    this.issues.push(issueOf(rule, { requirement, received, path: [...this.#path, ...below], severity }));
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
      case 'union':
        if (isMembers(value)) this.#union(type, value);
        else this.#wrong(rule, value, `an object, ${type.name}`);
        return;
      default:
        if (!fits(type, value, this.facts.version)) this.#misfit(type, value, rule);
    }
  }

  member(step: string | number, type: ValueType, value: unknown, rule: RuleName): void {
    this.#path.push(step);
    this.value(type, value, rule);
    this.#path.pop();
  }

  structure(step: string, type: ValueType, value: unknown): void {
    const outside = this.#partial;
    this.#partial = true;
    this.member(step, type, value, 'value');
    this.#partial = outside;
  }

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
        // The host may have it all the same, so it is validated.
        if (isNewer(field, this.facts)) this.#newer(field.since, notShown, field.refused);
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
    this.#checks.get(type.name)?.(present, this);
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
    this.report(rule, `must be ${wanted}`, value);
  }

  #misfit(type: ScalarType, value: unknown, rule: RuleName): void {
    if (type.kind === 'list') this.#unlisted(type, value, rule);
    else if (type.kind === 'integer' && Number.isInteger(value) && fits(type, BigInt(value as number), 0)) {
      this.report(rule, 'must be a bigint above 2^53-1, where a number loses digits', value, [], 'warning');
    } else this.#wrong(rule, value, type.name);
  }

  #unlisted(type: ListType, value: unknown, rule: RuleName, below: Path = []): void {
    const since = sinceOf(type, value);
    if (since !== undefined) {
      this.#newer(since, value);
      return;
    }
    const [broken, requirement, severity] = unlisted(type, value, rule);
    this.report(broken, requirement, value, below, severity);
  }

  #union(type: UnionType, members: Members): void {
    const of = memberType(type, members);
    const value = members[type.by];
    if (of !== undefined) this.object(of, members);
    else if (typeof value === 'string') this.#unlisted(namesOf(type), value, 'value', [type.by]);
    else if (value !== undefined) this.report('value', 'must be a string', value, [type.by]);
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
      if (!fitsKey(key, name)) this.report(rule, `must have ${key.name} as its key`, name);
      this.value(item, member, rule);
      this.#path.pop();
      if (this.issues.length > before && !Object.hasOwn(value, name)) this.issues.length = before;
    }
  }

  #unknown(type: ObjectType, name: string): void {
    const meant = nearest(name, type.fields.keys());
    this.report(
      'unknown-member',
      `must be a member of ${type.name}${meant === undefined ? '' : `, such as ${meant}`}`,
      notShown,
      [name],
      // A newer host does not have it in other letters, and a host was seen to refuse it.
      type.cased && meant?.toLowerCase() === name.toLowerCase() ? 'error' : undefined,
    );
  }

  #newer(since: number, value: unknown, refused = false): void {
    const host = versionText(this.facts.version);
    const requirement: Requirement = `must not be used before schema ${versionText(since)}, and the host supports ${host}`;
    this.report('newer-member', requirement, value, [], refused ? 'error' : undefined);
  }

  #needsBuild({ build, rule }: Field): void {
    this.report(
      rule === 'value' ? 'needs-build' : rule,
      `must not be used before build ${build} of Windows, and this is ${this.facts.build}`,
      notShown,
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
    const report = (requirement: Requirement, ...below: string[]): void =>
      this.report(rule, requirement, notShown, below, severity);
    const named = present(exactlyOne ?? atMostOne ?? none, members);
    if (named.length > 1) report(`must not be combined with ${named.slice(0, -1).join(' and ')}`, ...named.slice(-1));
    if (exactlyOne !== undefined && named.length === 0) report(`must have one of ${exactlyOne.join(', ')}`);
    if (anyOf !== undefined && !anyOf.some(has)) report(`must have ${anyOf.join(' or ')}`);
    for (const name of needs ?? none) {
      if (!has(name)) report(`must have ${name}`);
      else if (isEmpty(members[name])) this.report(rule, 'must not be empty', members[name], [name], severity);
    }
    if (together?.some(has) && !together.every(has)) {
      const missing = together.filter((name) => !has(name));
      report(`must be combined with ${missing.join(' and ')}`, ...together.filter(has).slice(0, 1));
    }
    if (field === undefined || requires === undefined || !has(field) || members[field] === false) return;
    if (members[requires] !== (value ?? true)) {
      report(`must not be used unless ${requires} is ${JSON.stringify(value ?? true)}`, field);
    }
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

/** What JSON makes of it. */
function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { toJSON } = value as { toJSON?: unknown };
  return typeof toJSON === 'function' ? (toJSON.call(value) as unknown) : value;
}
