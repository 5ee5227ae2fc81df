/**
 * What create() and modify() do about a document that is not valid. Without the validator, which is loaded when it is needed.
 *
 * @module
 */
import { HcsArgumentError } from '../errors/errors.js';
import type { Issue } from './issue.js';

/** What happens to a document that is not right. */
export interface ValidationOptions {
  /**
   * `error`, the default: what the host would refuse rejects, and what it may refuse is said in a warning. `warn`: all of
   * it is a warning. `off`: nobody looks. A warning is given once for each place and rule.
   */
  readonly validate?: 'error' | 'warn' | 'off';
}

/** A document breaks rules that are known; the host was not asked. `issues` are all that was found, warnings included. */
export class HcsValidationError extends HcsArgumentError {
  readonly issues: readonly Issue[];

  static {
    this.prototype.name = 'HcsValidationError';
  }

  constructor(field: string, wrong: readonly Issue[], issues: readonly Issue[]) {
    const [{ path, message, remedy }] = wrong as [Issue];
    const place = path === '' || path.startsWith('[') ? field + path : `${field}.${path}`;
    const problem = message.slice((path === '' ? 'The document' : path).length + 1);
    const more = wrong.length === 1 ? '' : ` (one of ${wrong.length} issues)`;
    super(place, problem + more, remedy);
    this.issues = issues;
  }
}
