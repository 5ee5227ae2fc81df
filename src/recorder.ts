/**
 * Records what a host does, so that it can be played back elsewhere with `Host.open({ replay: file })`.
 *
 * @packageDocumentation
 */
export type { RecordOptions } from './host/record.js';
export { record } from './host/record.js';
export { redacted } from './recorder/format.js';
export type { RedactionOptions } from './recorder/redaction.js';
