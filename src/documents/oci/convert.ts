/**
 * What conversions have in common: errors of builders name the path in the configuration.
 *
 * @module
 */
import { HcsArgumentError } from '../../errors/errors.js';

/** Where an option comes from, from the most general to the most special: `options.cpu` from `windows.resources.cpu`. */
export type Origins = Readonly<Record<string, string>>;

/** Runs a builder. An error in an option that comes from the configuration names its place there. */
export function built<T>(origins: Origins, build: () => T): T {
  try {
    return build();
  } catch (error) {
    if (!(error instanceof HcsArgumentError)) throw error;
    const { field } = error;
    const names = Object.keys(origins).filter((name) => field === name || /^[.[]/.test(field.slice(name.length)));
    const from = names.filter((name) => field.startsWith(name)).sort((a, b) => b.length - a.length)[0];
    if (from === undefined) throw error;
    const item = /^\[\d+\]/.exec(field.slice(from.length))?.[0] ?? ''; // lists keep their order
    throw error.atField(`config.${origins[from]}${item}`);
  }
}
