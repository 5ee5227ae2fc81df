/**
 * Versions of Windows, compared as numbers.
 *
 * @module
 */

/** Major, minor, build and revision. */
export interface OsVersion {
  readonly major: number;
  readonly minor: number;
  readonly build: number;
  /** What a host does not say of itself. */
  readonly revision?: number;
}

/** `10.0.20348.2966`, or `10.0.20348`; nothing where the text is no such version. */
export function parseOsVersion(text: string): OsVersion | undefined {
  if (!/^\d{1,9}(?:\.\d{1,9}){2,3}$/.test(text)) return undefined;
  const [major = 0, minor = 0, build = 0, revision] = text.split('.').map(Number);
  return { major, minor, build, ...(revision === undefined ? {} : { revision }) };
}
