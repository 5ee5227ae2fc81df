/**
 * The validation of a document before a call of the host: create() and modify() load it when they first need it.
 *
 * @module
 */
import type { HcsDocument } from './document-text.js';
import { objectOf } from './document-text.js';
import type { HostFacts, KnownFacts, ResolvedFacts } from './facts.js';
import { resolveFacts } from './facts.js';
import { issuesOf } from './validate.js';
import { actOnIssues } from './validation-error.js';

export { newestSchema } from './tables.js';

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
 * @throws `HcsValidationError`
 */
export function validateRequest({ field, document, host, known, kind }: Request, validate: 'error' | 'warn'): void {
  const object = typeof document === 'string' ? objectOf(field, document) : document;
  actOnIssues(field, issuesOf(object, factsOf(host, known), kind), validate);
}
