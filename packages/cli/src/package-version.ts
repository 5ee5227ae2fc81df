/**
 * The version of this command.
 *
 * @module
 */
import { readFileSync } from 'node:fs';

// The bundle of the published package has it in the place of this name.
declare const HOSTCOMPUTE_VERSION: string | undefined;

export function packageVersion(): string {
  if (typeof HOSTCOMPUTE_VERSION !== 'undefined') return HOSTCOMPUTE_VERSION;
  const manifest = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }).version;
}
