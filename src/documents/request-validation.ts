/**
 * The validation of a document before a call of the host: create() and modify() load it when they first need it.
 *
 * @module
 */
import type { HcsDocument } from './document-text.js';
import { HcsArgumentError } from '../errors/errors.js';
import type { HostFacts, KnownFacts, ResolvedFacts } from './facts.js';
import { resolveFacts } from './facts.js';
import type { Issue } from './issue.js';
import { parseJson } from './json.js';
import { issuesOf } from './validate.js';
import { HcsValidationError } from './validation-error.js';

export { newestSchema } from './tables.js';

// Places, rules and requirements for which a warning was emitted.
const warned = new Set<string>();
const mostWarned = 1000;

/** A request, and what is known of where it goes. */
export interface Request {
  readonly field: string;
  readonly document: HcsDocument;
  /** The same object for the same facts: what follows from it is kept. */
  readonly host: HostFacts;
  readonly known?: KnownFacts;
  readonly kind?: string | undefined;
}

const resolved = new WeakMap<HostFacts, ResolvedFacts>();

function factsOf(host: HostFacts, known: KnownFacts = {}): ResolvedFacts {
  let facts = resolved.get(host);
  if (facts === undefined) resolved.set(host, (facts = resolveFacts(host)));
  return { ...facts, known };
}

/**
 * Throws for what the host would refuse, and emits a warning for what it may refuse.
 *
 * @throws {@link HcsValidationError}
 */
export function validateRequest({ field, document, host, known, kind }: Request, validate: 'error' | 'warn'): void {
  const object = typeof document === 'string' ? parsed(field, document) : document;
  const issues = issuesOf(object, factsOf(host, known), kind);
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
