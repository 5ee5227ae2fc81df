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
