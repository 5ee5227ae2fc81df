import { readFileSync } from 'node:fs';

/** Written into the package when it is made: a bundle of a program has no manifest of the package beside it. */
declare const HOSTCOMPUTE_VERSION: string | undefined;

/** The version of this package. In a clone its manifest lies one folder above this module. */
export function packageVersion(): string {
  if (typeof HOSTCOMPUTE_VERSION === 'string') return HOSTCOMPUTE_VERSION;
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
