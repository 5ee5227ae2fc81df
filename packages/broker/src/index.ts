/**
 * The broker: an elevated program that serves unelevated ones a policed subset of the Host Compute System.
 *
 * @packageDocumentation
 */
export type { Caller, Completed, Decision, RemoteCall } from './decision.js';
