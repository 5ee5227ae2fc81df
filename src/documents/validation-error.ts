/**
 * What create() and modify() do about a document that is not valid. Without the validator, which is loaded when it is needed.
 *
 * @module
 */
import type { Requirement } from '../errors/errors.js';
import { HcsArgumentError, notShown } from '../errors/errors.js';
import type { Issue } from './issue.js';
import { subjectOf } from './issue.js';

/** What happens to a document that is not valid. */
export interface ValidationOptions {
  /**
   * `error`, the default: an issue that the host would refuse rejects the call, one that it may refuse is a warning.
   * `warn`: every issue is a warning. `off`: no validation. A warning is emitted once for each place and rule.
   */
  readonly validate?: 'error' | 'warn' | 'off';
}

/** A document breaks known rules. The host was not called. `issues` are all issues, warnings included. */
export class HcsValidationError extends HcsArgumentError {
  readonly issues: readonly Issue[];

  static {
    this.prototype.name = 'HcsValidationError';
  }

  constructor(field: string, wrong: readonly Issue[], issues: readonly Issue[]) {
    const [{ path, message, remedy }] = wrong as [Issue];
    const place = path === '' || path.startsWith('[') ? field + path : `${field}.${path}`;
    const problem = message.slice(subjectOf(path).length + 1) as Requirement;
    super(place, wrong.length === 1 ? problem : `${problem} (one of ${wrong.length} issues)`, notShown, remedy);
    this.issues = issues;
  }
}

// Places, rules and requirements for which a warning was emitted.
const warned = new Set<string>();
const mostWarned = 1000;

/**
 * Throws for what the host would refuse, and emits a warning for what it may refuse.
 *
 * @throws {@link HcsValidationError}
 */
export function actOnIssues(field: string, issues: readonly Issue[], validate: 'error' | 'warn'): void {
  if (issues.length === 0) return;
  const wrong = validate === 'warn' ? [] : issues.filter(({ severity }) => severity === 'error');
  if (wrong.length > 0) throw new HcsValidationError(field, wrong, issues);
  for (const issue of issues) warn(field, issue);
}

function warn(field: string, { path, rule, message, remedy }: Issue): void {
  const [requirement] = message.slice(message.indexOf('" ')).split('; received');
  const place = `${rule} ${path.replace(/\[\d+\]/g, '[]')} ${requirement}`;
  if (warned.has(place) || warned.size >= mostWarned) return;
  warned.add(place);
  process.emitWarning(`${field}: ${message}.`, {
    type: 'HostcomputeWarning',
    code: 'HC_DOCUMENT',
    detail: remedy,
  });
}

/** What is to be done about a document that is not valid. */
export function validationOf({ validate = 'error' }: ValidationOptions): 'error' | 'warn' | 'off' {
  const given: unknown = validate;
  if (given === 'error' || given === 'warn' || given === 'off') return given;
  throw new HcsArgumentError('options.validate', 'must be "error", "warn" or "off"', given);
}
