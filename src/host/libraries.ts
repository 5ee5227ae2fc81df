/**
 * The libraries of a host of one's own.
 *
 * @module
 */
import { isAbsolute } from 'node:path';

import type { HostLibraries } from '../backend/backend.js';
import { libraries as names } from '../backend/functions.js';
import { HcsArgumentError } from '../errors/errors.js';
import { checkOptionNames } from '../known-options.js';

const choices = 'must be "windows", "simulated" or { libraries: { vmcompute: path } }';

/** Validates the libraries that are given as the choice of a host. */
export function checkLibraries(choice: unknown): HostLibraries {
  const given = isObject(choice) ? choice.libraries : undefined;
  if (!isObject(choice) || !isObject(given)) throw new HcsArgumentError('choice', choices, choice);
  checkOptionNames(choice, ['libraries'], 'choice');
  checkOptionNames(given, names, 'choice.libraries');
  for (const [name, path] of Object.entries(given)) {
    if (path !== undefined) checkPath(name, path);
  }
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
