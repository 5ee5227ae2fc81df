/**
 * Versions of a schema, as numbers that can be compared.
 *
 * @module
 */

/** Versions are compared as numbers: 2.11 is 2011. */
export type VersionNumber = number;

/** `2.11` as 2011; 0 for what is no version. */
export function versionNumber(text: string): VersionNumber {
  const [major = '', minor = '0'] = text.split('.');
  return /^\d+$/.test(major) ? Number(major) * 1000 + Number(minor) : 0;
}

export function versionText(version: VersionNumber): string {
  return `${Math.floor(version / 1000)}.${version % 1000}`;
}
