/**
 * The two ends of a copy, as they are typed: `CONTAINER:PATH`, a path of this machine, or `-`.
 *
 * @module
 */
import { usageFailure } from '../failure.js';

/** A path in a guest, taken apart as tar needs it. */
export interface GuestPlace {
  /** As it was typed, without what only says how it is meant. */
  readonly path: string;
  /** What it is in; for the root of a drive the root itself. */
  readonly folder: string;
  /** Its last name; undefined for the root of a drive. */
  readonly name: string | undefined;
  /** `/.` behind it: what is in it, and not the folder itself. */
  readonly isContents: boolean;
  /** A separator behind it: it has to be a folder. */
  readonly isFolder: boolean;
}

export interface GuestEnd {
  readonly id: string;
  readonly place: GuestPlace;
}

/** Undefined for a path of this machine, as Docker tells them apart. */
export function guestEnd(word: string, platform = process.platform): GuestEnd | undefined {
  if (word === '-' || /^[./\\]/.test(word)) return undefined;
  if (platform === 'win32' && /^[A-Za-z]:[\\/]/.test(word)) return undefined;
  const colon = word.indexOf(':');
  if (colon < 0) return undefined;
  const [id, path] = [word.slice(0, colon), word.slice(colon + 1)];
  if (id === '' || path === '') throw usageFailure(`"${word}" names no file`, 'Write CONTAINER:PATH.');
  return { id, place: guestPlace(path) };
}

/** Exported for tests. */
export function guestPlace(text: string): GuestPlace {
  // Windows' tar would take it for a pattern.
  if (/[*?]/.test(text)) throw usageFailure(`"${text}" is no path`, 'Copy a folder, or one file at a time.');
  const isContents = /(^|[\\/])\.[\\/]*$/.test(text);
  const isFolder = isContents || /[\\/]$/.test(text);
  const path = text.replace(/([\\/]+\.?)+$/, '').replace(/^\.$/, '');
  if (path === '' || /^[A-Za-z]:$/.test(path)) {
    const root = path === '' ? '/' : `${path}\\`;
    return { path: root, folder: root, name: undefined, isContents: true, isFolder: true };
  }
  // What is not absolute is meant from the root, as with Docker.
  const absolute = /^([A-Za-z]:)?[\\/]/.test(path) ? path : `/${path.replace(/^\.[\\/]+/, '')}`;
  const at = Math.max(absolute.lastIndexOf('/'), absolute.lastIndexOf('\\'));
  const [before, name] = [absolute.slice(0, at), absolute.slice(at + 1)];
  if (name === '..') throw usageFailure(`"${text}" does not end in a name`, 'Write the path without "..".');
  const folder = before === '' || before.endsWith(':') ? absolute.slice(0, at + 1) : before;
  return { path: absolute, folder, name, isContents, isFolder };
}

/** As an argument of tar, to which `@` and `-C` mean more than a name. */
export function tarOperand(name: string): string {
  return /^[-@]/.test(name) ? `./${name}` : name;
}
