/**
 * The libraries of a host of one's own.
 *
 * @module
 */
import { isAbsolute } from 'node:path';

import type { HostLibraries } from '../backend/backend.js';
import { libraries as names } from '../backend/functions.js';
import { HcsArgumentError } from '../errors/errors.js';
import { readOptions } from '../known-options.js';

const choices = 'must be "windows", "simulated", { broker: name } or { libraries: { vmcompute: path } }';

/** Validates the libraries that are given as the choice of a host. */
export function checkLibraries(choice: unknown): HostLibraries {
  if (!isObject(choice) || !('libraries' in choice)) throw new HcsArgumentError('choice', choices, choice);
  const { libraries } = readOptions(choice, ['libraries'], 'choice');
  if (!isObject(libraries)) throw new HcsArgumentError('choice', choices, choice);
  const given = readOptions(libraries, names, 'choice.libraries');
  for (const [name, path] of Object.entries(given)) checkPath(name, path);
  checkPath('vmcompute', given.vmcompute);
  return given as unknown as HostLibraries;
}

function checkPath(name: string, path: unknown): void {
  if (typeof path === 'string' && isAbsolute(path) && !path.includes('\0')) return;
  throw new HcsArgumentError(`choice.libraries.${name}`, 'must be an absolute path without NUL characters', path);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
