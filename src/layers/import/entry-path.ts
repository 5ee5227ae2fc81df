// The names of entries: what may be one, and what it means. Every name goes through here once, before anything is made of it.
import { partProblem, streamProblem } from '../formats/entry-name.js';
import { rebuild, Refusal } from './refusal.js';

/** A name, taken apart. */
export interface EntryPath {
  /** With slashes, without empty parts, `.` or a slash at either end; empty for the root. */
  readonly path: string;
  /** The alternate stream, of `owner:stream`. */
  readonly stream?: string;
  /** Whether it was spelt with a slash at its end. */
  readonly isFolder: boolean;
}

const longestPath = 32767;

const refuse = (reason: string): never => {
  throw new Refusal(reason, rebuild);
};

/** The folder of the last name, as it was spelt with its slash, and its path: most names are in the same one. */
let lastFolder = { raw: '', path: '' };

/** Takes a name apart. Throws a {@link Refusal}. */
export function parseEntryPath(raw: string): EntryPath {
  if (raw === '') refuse('has no name');
  if (raw.length > longestPath) refuse(`has a name of ${raw.length} characters, more than ${longestPath}`);
  if (raw.includes('\\')) refuse('has a backslash in its name, which Windows takes for a separator');
  if (raw.startsWith('/')) refuse('has an absolute path');
  const colon = raw.indexOf(':');
  if (colon >= 0 && colon < raw.lastIndexOf('/')) refuse('has a colon in the name of a folder');
  if (colon < 0) return { path: checkPath(raw), isFolder: raw.endsWith('/') };
  return { path: checkPath(raw.slice(0, colon)), stream: checkStream(raw.slice(colon + 1)), isFolder: false };
}

function checkPath(raw: string): string {
  const baseAt = raw.lastIndexOf('/') + 1;
  const base = raw.slice(baseAt);
  if (base === '' || base === '.' || baseAt === 0) return checkParts(raw);
  if (lastFolder.raw.length !== baseAt || !raw.startsWith(lastFolder.raw)) {
    const folder = raw.slice(0, baseAt);
    lastFolder = { raw: folder, path: checkParts(folder) };
  }
  checkComponent(base);
  return lastFolder.path === '' ? base : `${lastFolder.path}/${base}`;
}

function checkParts(raw: string): string {
  return raw
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .map(checkComponent)
    .join('/');
}

function checkComponent(part: string): string {
  const problem = partProblem(part);
  return problem === undefined ? part : refuse(problem);
}

function checkStream(stream: string): string {
  // Some tools keep the type of the stream, which can be no other.
  const name = stream.replace(/:\$DATA$/i, '');
  const problem = streamProblem(name);
  return problem === undefined ? name : refuse(problem);
}

/** The folder that a path is in; empty for the root. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** The last part of a path. */
export function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Whether a path is `folder` or below it. */
export function isWithin(path: string, folder: string): boolean {
  return path.startsWith(folder) && (path.length === folder.length || path[folder.length] === '/');
}
