/**
 * Loads the binaries of this package, and alone chooses the backend.
 *
 * @module
 */
import { isAbsolute, join, parse } from 'node:path';

import type { NativeAddon } from './addon.js';
import { openAddon } from './addon.js';
import type { FunctionKey, HostLibraries, OpenBackend } from './backend.js';
import { findPlaces, misfit } from './binaries.js';
import type { ApiChoice } from './computecore-functions.js';
import { withApi } from './computecore.js';
import type { Attempt } from './load-error.js';
import { LoadError, loadError } from './load-error.js';
import { isThere } from './permissions.js';
import { requireFrom } from './require-from.js';

/** The library that has the state of the simulated host. */
export function simulatorPath(): string {
  return library('hostcompute-simulator', 'The simulated host', 'HOSTCOMPUTE_SIMULATOR');
}

/** The libraries of the simulated host for this system. */
export function simulatorLibraries(): HostLibraries {
  return librariesBeside(simulatorPath());
}

/** Those that make their calls at the host of another process. */
export function remoteLibraries(): HostLibraries {
  return librariesBeside(library('hostcompute-remote', 'The way to the host of another process', 'HOSTCOMPUTE_REMOTE'));
}

// Beside the library with the state is one for each DLL of Windows that stands for it: NAME-vmcompute.
function librariesBeside(simulator: string): HostLibraries {
  const { dir, name, ext } = parse(simulator);
  const beside = (dll: string): string => join(dir, `${name}-${dll}${ext}`);
  return {
    vmcompute: beside('vmcompute'),
    computecore: beside('computecore'),
    computestorage: beside('computestorage'),
    computenetwork: beside('computenetwork'),
    virtdisk: beside('virtdisk'),
    simulator,
  };
}

function library(name: string, what: string, variable: string): string {
  const given = process.env[variable];
  if (given) return absolute(variable, given);
  const extension = { win32: 'dll', darwin: 'dylib' }[process.platform as string] ?? 'so';
  const places = findPlaces();
  const paths = places.of(`${name}.${extension}`);
  const found = paths.find((path) => isThere(path));
  if (found !== undefined && misfit(found) === undefined) return found;
  const attempts = (found === undefined ? paths : [found]).map((path) => ({ path }));
  throw loadError({ what, variable, given: false, places, attempts });
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
      return requireFrom(path)(path) as NativeAddon;
    } catch (error) {
      attempts.push({ path, error });
      // Only a file that is not there lets the search go on: any other failure is the one to know about.
      if (isThere(path)) break;
    }
  }
  throw loadError({ what: 'The native addon', variable, given: Boolean(given), places, attempts });
}

export type { ApiChoice } from './computecore-functions.js';

/** The backends that there are to choose from. */
export const backendNames = ['addon', 'koffi'] as const;
export type BackendName = (typeof backendNames)[number];

let warned = false;

/**
 * The one that is named; unnamed it is the addon, and koffi where the package has none that loads, and koffi is installed.
 */
export async function loadBackend(
  name?: BackendName,
  api: ApiChoice = 'vmcompute',
  lacking: readonly FunctionKey[] = [],
): Promise<OpenBackend> {
  return withApi(await chosenBackend(name), api, lacking);
}

async function chosenBackend(name?: BackendName): Promise<OpenBackend> {
  if (name === 'koffi') return koffiBackend();
  if (name === 'addon' || process.env.HOSTCOMPUTE_ADDON) return openAddon(loadAddon());
  try {
    return openAddon(loadAddon());
  } catch (error) {
    return await instead(error);
  }
}

async function koffiBackend(): Promise<OpenBackend> {
  // Not before it is wanted: few programs need it.
  const { loadKoffi, openKoffi } = await import('./koffi/index.js');
  let koffi;
  try {
    koffi = loadKoffi();
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new LoadError(`The backend koffi could not be loaded: ${why}`, 'Run "npm install koffi"', error);
  }
  return openKoffi(koffi);
}

async function instead(error: unknown): Promise<OpenBackend> {
  let backend;
  try {
    backend = await koffiBackend();
  } catch {
    throw error; // what is missing first is what to know about
  }
  if (!warned) {
    process.emitWarning('The native addon could not be loaded; koffi makes the calls instead.', {
      type: 'HostcomputeWarning',
      code: 'HC_BACKEND',
      detail: `${error instanceof Error ? error.message : String(error)}.\nWhat koffi cannot do: docs/backends.md.`,
    });
    warned = true;
  }
  return backend;
}

function absolute(variable: string, path: string): string {
  if (isAbsolute(path)) return path;
  throw new LoadError(`${variable} is "${path}"`, 'Set it to an absolute path');
}
