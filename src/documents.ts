/**
 * Documents: builders that make them, and the validator, which says what a host would refuse. All of it is synchronous, and no
 * host is called.
 *
 * @packageDocumentation
 */
export * as documents from './documents/builders.js';
export type { HostFacts, KnownFacts } from './documents/facts.js';
export type { Issue } from './documents/issue.js';
export type { RuleName } from './documents/rules.js';
export { supports } from './documents/supports.js';
export type { ValidateOptions } from './documents/validate.js';
export { validateDocument } from './documents/validate.js';
