/**
 * How a store of layers is opened.
 *
 * @module
 */
import { HcsArgumentError } from '../errors/errors.js';
import type { Host } from '../host/host.js';
import { readOptions } from '../known-options.js';

/** How a mount is retried while the disk of a layer is not ready. */
export interface LayerRetries {
  /** Attempts in all; default 5. */
  readonly rounds?: number;
  /** Milliseconds between two attempts; default 100. */
  readonly delayMs?: number;
}

export interface LayerStoreOptions {
  /** The host to ask; default {@link defaultHost}. */
  readonly host?: Host;
  /** `false`: a mount is not retried. */
  readonly retry?: LayerRetries | false;
  /** Interval in milliseconds of the event `waiting` of a call that takes long; default 10,000. */
  readonly watchdogMs?: number;
}

/** The options with their defaults. */
export interface CheckedStoreOptions {
  readonly host: Host | undefined;
  readonly rounds: number;
  readonly delayMs: number;
  readonly watchdogMs: number;
}

/** Throws an {@link HcsArgumentError}. */
export function checkStoreOptions(options: LayerStoreOptions): CheckedStoreOptions {
  const { host, retry = {}, watchdogMs } = readOptions(options, ['host', 'retry', 'watchdogMs']);
  const { rounds, delayMs }: LayerRetries =
    retry === false ? { rounds: 1 } : readOptions(retry, ['rounds', 'delayMs'], 'options.retry');
  return {
    host,
    rounds: count(rounds, 5, 'options.retry.rounds'),
    delayMs: milliseconds(delayMs, 100, 'options.retry.delayMs'),
    watchdogMs: milliseconds(watchdogMs, 10_000, 'options.watchdogMs'),
  };
}

function count(given: unknown, otherwise: number, field: string): number {
  if (given === undefined) return otherwise;
  if (Number.isInteger(given) && (given as number) >= 1 && (given as number) <= 100) return given as number;
  throw new HcsArgumentError(field, 'must be a whole number from 1 to 100', given);
}

function milliseconds(given: unknown, otherwise: number, field: string): number {
  if (given === undefined) return otherwise;
  if (typeof given === 'number' && given > 0 && given <= 0x7fffffff) return given;
  throw new HcsArgumentError(field, 'must be a number of milliseconds above 0', given);
}
