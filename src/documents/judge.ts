/**
 * The judgement that create() and modify() pass on a document before the host sees it.
 *
 * @module
 */
import { release } from 'node:os';

import type { HcsDocument } from './document-text.js';
import { HcsArgumentError } from '../errors/errors.js';
import type { ResolvedFacts } from './facts.js';
import type { Issue } from './issue.js';
import { parseJson } from './json.js';
import { issuesOf } from './validate.js';

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

// The build of this machine, for its own host.
const ownBuild = process.platform === 'win32' ? Number(release().split('.')[2]) : undefined;

/** What is known of a host by its kind. */
export function buildOf(hostKind: string): number | undefined {
  return hostKind === 'windows' && Number.isInteger(ownBuild) ? ownBuild : undefined;
}

const told = new Set<string>();
const mostTold = 1000;

/**
 * @throws {@link HcsValidationError}
 */
export function judge(
  field: string,
  document: HcsDocument,
  given: ValidationOptions,
  facts: ResolvedFacts,
  kind?: string,
): void {
  const validate: unknown = given.validate ?? 'error';
  if (validate === 'off') return;
  if (validate !== 'error' && validate !== 'warn') {
    throw new HcsArgumentError('options.validate', 'must be "error", "warn" or "off"', validate);
  }
  const issues = issuesOf(typeof document === 'string' ? parsed(field, document) : document, facts, kind);
  if (issues.length === 0) return;
  const wrong = validate === 'warn' ? [] : issues.filter(({ severity }) => severity === 'error');
  if (wrong.length > 0) throw new HcsValidationError(field, wrong, issues);
  for (const issue of issues) warn(field, issue);
}

function parsed(field: string, text: string): object {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    throw new HcsArgumentError(field, 'must be the JSON text of an object', text, (error as Error).message);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new HcsArgumentError(field, 'must be the JSON text of an object', text);
}

function warn(field: string, { path, rule, message, remedy }: Issue): void {
  const place = `${rule} ${path.replace(/\[\d+\]/g, '[]')}`;
  if (told.has(place) || told.size >= mostTold) return;
  told.add(place);
  process.emitWarning(`${field}: ${message}${message.endsWith('?') ? '' : '.'}`, {
    type: 'HostcomputeWarning',
    code: 'HC_DOCUMENT',
    detail: remedy,
  });
}
