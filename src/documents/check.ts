/**
 * A check looks at an object of one type beyond what the tables of the schema say of it. It knows the walk over the document by an
 * interface only.
 *
 * @module
 */
import type { Requirement } from '../errors/errors.js';
import type { ResolvedFacts } from './facts.js';
import type { Issue, Path } from './issue.js';
import type { RuleName } from './rules.js';
import type { ValueType } from './schema.js';

export type Members = Readonly<Record<string, unknown>>;

export type Check = (members: Members, context: CheckContext) => void;

export interface CheckContext {
  readonly facts: ResolvedFacts;
  /** The document is inside a utility VM: its paths are those of the VM. */
  hosted: boolean;
  /** The object at hand, or what is `below` it, is not what it must be. */
  report(rule: RuleName, requirement: Requirement, received: unknown, below?: Path, severity?: Issue['severity']): void;
  /** Checks a member that the check has found the type of. */
  member(step: string | number, type: ValueType, value: unknown, rule: RuleName): void;
  /** Checks a member for its types alone: what is removed needs to be no more than named. */
  structure(step: string, type: ValueType, value: unknown): void;
  /** Checks a member against several types, and reports the issues of the one that it fits best. */
  oneOf(step: string, types: readonly ValueType[], value: unknown, rule: RuleName): void;
}

export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
