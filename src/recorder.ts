/**
 * Records what a host does, so that it can be played back elsewhere with `Host.open({ replay: file })`.
 *
 * @packageDocumentation
 */
export { redacted } from './recorder/format.js';
export type { RecordOptions } from './recorder/recorder.js';
export { record } from './recorder/recorder.js';
export type { RedactionOptions } from './recorder/redaction.js';
