/**
 * Versions of a schema, as numbers that can be compared.
 *
 * @module
 */

import type * as Schema2 from '../../types/schema2/index.js';
import { HcsArgumentError } from '../errors/errors.js';

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

/** The version of a schema that a caller gives. */
export function readSchemaVersion(given: Schema2.Version | string): VersionNumber {
  const text = typeof given === 'string' ? given : `${given.Major}.${given.Minor ?? 0}`;
  const version = /^\d+\.\d{1,3}$/.test(text) ? versionNumber(text) : 0;
  if (version > 0) return version;
  const requirement = 'must be a version such as "2.5" or { Major: 2, Minor: 5 }';
  throw new HcsArgumentError('options.schemaVersion', requirement, text);
}
