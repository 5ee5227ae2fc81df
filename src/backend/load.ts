/**
 * Finds the binaries of this package, and alone chooses the backend.
 *
 * @module
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { NativeAddon } from './addon.js';
import { openAddon } from './addon.js';
import type { OpenBackend } from './backend.js';

const platform = `${process.platform}-${process.arch}`;

/** Where a binary of this package may be: a published package has prebuilds, a clone has what it built. */
function candidates(file: string): string[] {
  return [`../../prebuilds/${platform}/${file}`, `../../native/build/Release/${file}`].map((place) =>
    fileURLToPath(new URL(place, import.meta.url)),
  );
}

/** The library of the simulated host for this system. */
export function simulatorPath(): string {
  const given = process.env.HOSTCOMPUTE_SIMULATOR;
  if (given) return absolute('HOSTCOMPUTE_SIMULATOR', given);
  return library('vmcompute', 'the simulated host');
}

/** The library that makes its calls at the simulated host of another process; there is none for Windows. */
export function remotePath(): string {
  return library('vmcompute-remote', 'the way to the simulated host of another process');
}

function library(name: string, what: string): string {
  const extension = { win32: 'dll', darwin: 'dylib' }[process.platform as string] ?? 'so';
  const paths = candidates(`${name}.${extension}`);
  const found = paths.find((path) => existsSync(path));
  if (found !== undefined) return found;
  const reasons = paths.map((path) => `${path}: not there`);
  throw new Error(notFound(what, reasons));
}

/** The addon itself, with the list of functions it was compiled with. */
export function loadAddon(): NativeAddon {
  const require = createRequire(import.meta.url);
  const given = process.env.HOSTCOMPUTE_ADDON;
  const paths = given ? [absolute('HOSTCOMPUTE_ADDON', given)] : candidates('hostcompute.node');
  const reasons: string[] = [];
  for (const path of paths) {
    try {
      return require(path) as NativeAddon;
    } catch (error) {
      // Only a file that is not there lets the search go on: any other failure is the one to know about.
      const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
      reasons.push(`${path}: ${existsSync(path) ? reason : 'not there'}`);
      if (existsSync(path)) break;
    }
  }
  throw new Error(notFound('the native addon', reasons));
}

export function loadBackend(): OpenBackend {
  return openAddon(loadAddon());
}

function absolute(variable: string, path: string): string {
  if (isAbsolute(path)) return path;
  throw new Error(`${variable} must be an absolute path, not "${path}"`);
}

function notFound(what: string, reasons: readonly string[]): string {
  return `${what} could not be loaded on ${platform} with Node ${process.version}. Tried: ${reasons.join('; ')}`;
}
