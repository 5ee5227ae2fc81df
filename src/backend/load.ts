/**
 * Loads the binaries of this package, and alone chooses the backend.
 *
 * @module
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isAbsolute } from 'node:path';

import type { NativeAddon } from './addon.js';
import { openAddon } from './addon.js';
import type { OpenBackend } from './backend.js';
import { findPlaces, misfit } from './binaries.js';
import type { Attempt } from './load-error.js';
import { LoadError, loadError } from './load-error.js';

/** The library of the simulated host for this system. */
export function simulatorPath(): string {
  const variable = 'HOSTCOMPUTE_SIMULATOR';
  const given = process.env[variable];
  return given ? absolute(variable, given) : library('vmcompute', 'The simulated host', variable);
}

/** The library that makes its calls at the simulated host of another process; there is none for Windows. */
export function remotePath(): string {
  return library('vmcompute-remote', 'The way to the simulated host of another process');
}

function library(name: string, what: string, variable?: string): string {
  const extension = { win32: 'dll', darwin: 'dylib' }[process.platform as string] ?? 'so';
  const places = findPlaces();
  const paths = places.of(`${name}.${extension}`);
  const found = paths.find((path) => existsSync(path));
  if (found !== undefined && misfit(found) === undefined) return found;
  const attempts = (found === undefined ? paths : [found]).map((path) => ({ path }));
  throw loadError({ what, ...(variable !== undefined && { variable }), given: false, places, attempts });
}

/** The addon itself, with the list of functions it was compiled with. */
export function loadAddon(): NativeAddon {
  const variable = 'HOSTCOMPUTE_ADDON';
  const given = process.env[variable];
  const places = findPlaces();
  const paths = given ? [absolute(variable, given)] : places.of('hostcompute.node');
  const attempts: Attempt[] = [];
  for (const path of paths) {
    try {
      return createRequire(path)(path) as NativeAddon;
    } catch (error) {
      attempts.push({ path, error });
      // Only a file that is not there lets the search go on: any other failure is the one to know about.
      if (existsSync(path)) break;
    }
  }
  throw loadError({ what: 'The native addon', variable, given: Boolean(given), places, attempts });
}

export function loadBackend(): OpenBackend {
  return openAddon(loadAddon());
}

function absolute(variable: string, path: string): string {
  if (isAbsolute(path)) return path;
  throw new LoadError(`${variable} is "${path}"`, 'Set it to an absolute path');
}
