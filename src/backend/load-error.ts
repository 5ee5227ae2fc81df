/**
 * What to say when a binary of this package cannot be loaded: what was tried, on which machine, and what to do next.
 *
 * @module
 */
import { dirname } from 'node:path';

import type { Places } from './binaries.js';
import { misfit, platform, prebuilt } from './binaries.js';
import { hasPermissions, isThere, mayNotRead } from './permissions.js';

/** A binary of this package, or what stands in for one, cannot be loaded; `remedy` is what to do. */
export class LoadError extends Error {
  constructor(
    message: string,
    readonly remedy: string,
    cause?: unknown,
  ) {
    super(message, { cause });
  }
}

export interface Attempt {
  readonly path: string;
  /** What loading it threw. */
  readonly error?: unknown;
}

export interface Search {
  /** `The native addon`, say. */
  readonly what: string;
  /** The variable that names the file, where there is one. */
  readonly variable?: string;
  /** The path was given by that variable. */
  readonly given: boolean;
  readonly places: Places;
  readonly attempts: readonly Attempt[];
}

export function loadError(search: Search): LoadError {
  const libc = libcOfThisProcess();
  const reasons = search.attempts.map(reasonOf);
  const tried = search.attempts.map(({ path }, i) => `${path}: ${reasons[i]}`).join('; ');
  const machine = [platform, `Node ${process.version}`, ...(libc === undefined ? [] : [libc])].join(', ');
  const cause = search.attempts.at(-1)?.error;
  return new LoadError(
    `${search.what} could not be loaded (${machine}). Tried: ${tried}`,
    remedy(search, libc, reasons),
    cause,
  );
}

const notThere = 'not there';
const unreadable = 'the Permission Model of Node forbids to read it';

function reasonOf({ path, error }: Attempt): string {
  if (mayNotRead(path)) return unreadable;
  if (!isThere(path)) return notThere;
  return misfit(path) ?? (error instanceof Error ? error.message.split('\n')[0]!.replace(/\.$/, '') : String(error));
}

/** What to do where Node was started in a way that forbids it; `undefined` where it was not. */
function remedyOfFlags(attempts: readonly Attempt[]): string | undefined {
  const denied = attempts.find(({ path }) => mayNotRead(path));
  if (denied !== undefined) return `Start Node with --allow-fs-read=${dirname(denied.path)}`;
  const isOff = attempts.some(
    ({ error }) => (error as NodeJS.ErrnoException | undefined)?.code === 'ERR_DLOPEN_DISABLED',
  );
  if (!isOff) return undefined;
  const off = 'Start Node without --no-addons, which may be in NODE_OPTIONS';
  return hasPermissions ? 'The Permission Model of Node is on: start Node with --allow-addons' : off;
}

function remedy(search: Search, libc: string | undefined, reasons: string[]): string {
  const { variable, given, places, attempts } = search;
  const flags = remedyOfFlags(attempts);
  if (flags !== undefined) return flags;
  const names = variable === undefined ? '' : `, or set ${variable} to its absolute path`;
  if (given) return `Correct ${variable}, or unset it for the binary of the package`;
  if (places.setting === 'clone') return 'Run "npm run build:native"';
  const build =
    `Build it on such a machine: clone the repository, run "npm ci"${names}` +
    (variable === undefined ? '' : ' in build/Release') +
    (variable === 'HOSTCOMPUTE_ADDON' ? '; or run "npm install koffi", which makes the calls instead' : '');
  const missing = reasons.every((reason) => reason === notThere);
  if (!prebuilt.includes(platform)) return `There is no binary for ${platform} in the package. ${build}`;
  if (places.setting === 'bundle' && missing) {
    return `This code is in a bundle, ${places.code}: copy the files of prebuilds/${platform} of the package beside it${names}. See docs/packaging.md`;
  }
  if (libc === 'musl') return `The binaries of the package are for glibc, and this is musl. ${build}`;
  if (missing) return `Reinstall the package. A packager may have left the files out: see docs/packaging.md`;
  const present = attempts.at(-1)!;
  if (misfit(present.path) !== undefined) return 'Install the package on this machine; files of another do not fit it';
  if (reasons.some((reason) => reason.includes('GLIBC'))) {
    return `This system is older than those that the binaries of the package are for. ${build}`;
  }
  return `Reinstall the package. ${build}`;
}

function libcOfThisProcess(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  const { report } = process as { report: NodeJS.ProcessReport & { excludeNetwork?: boolean } };
  const { excludeNetwork } = report;
  report.excludeNetwork = true; // names of hosts take seconds to look up
  const { header } = report.getReport() as { header: { glibcVersionRuntime?: string } };
  if (excludeNetwork !== undefined) report.excludeNetwork = excludeNetwork;
  return header.glibcVersionRuntime === undefined ? 'musl' : `glibc ${header.glibcVersionRuntime}`;
}
