// The names of entries: what may be one, and what it means. Every name goes through here once, before anything is made of it.
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

const longestComponent = 255;
const longestPath = 32767;
/** Entries of directories have their metadata in a file beside them, with this at the end of its name. */
export const sideFileSuffix = '.$wcidirs$';

const devices = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])(?:[. ]|$)/i;
// What NTFS and Win32 do not have in a name, and U+FFFD, which stands for bytes that are not UTF-8.
const forbidden = /[\u0000-\u001f<>"|?*\ufffd]/;

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

/** One part of a path, as it is. Throws a {@link Refusal}. */
export function checkComponent(part: string): string {
  if (part === '..') refuse('leads out of its folder by ".."');
  if (part.length > longestComponent) {
    refuse(`has a part of ${part.length} characters in its name, more than ${longestComponent}`);
  }
  checkCharacters(part);
  if (part.endsWith('.') || part.endsWith(' ')) {
    refuse(`has the part ${JSON.stringify(part)} in its name: Windows drops the dot or space at the end`);
  }
  if (devices.test(part)) refuse(`has the part ${JSON.stringify(part)} in its name, which is a device of Windows`);
  if (part.endsWith('$') && part.toLowerCase().endsWith(sideFileSuffix)) {
    refuse(`ends in ${sideFileSuffix}, which is where the metadata of directories are`);
  }
  return part;
}

function checkStream(stream: string): string {
  // Some tools keep the type of the stream, which can be no other.
  const name = stream.replace(/:\$DATA$/i, '');
  if (name === '') refuse('names the content of a file as if it were an alternate stream');
  if (name.includes(':') || name.includes('/')) refuse('has more than one colon in its name');
  if (name.length > longestComponent) {
    refuse(`has a stream with a name of ${name.length} characters, more than ${longestComponent}`);
  }
  checkCharacters(name);
  return name;
}

function checkCharacters(name: string): void {
  const found = forbidden.exec(name)?.[0];
  if (found === undefined) return;
  refuse(
    found === '\ufffd'
      ? 'has a name that is not UTF-8'
      : `has the character ${JSON.stringify(found)} in its name, which Windows does not allow`,
  );
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

const ascii = /^[\u0000-\u007f]*$/;

/** The name as NTFS compares it: each character in upper case by itself. */
export function folded(path: string): string {
  if (ascii.test(path)) return path.toUpperCase();
  return Array.from({ length: path.length }, (_, at) => {
    const upper = path[at]!.toUpperCase();
    return upper.length === 1 ? upper : path[at];
  }).join('');
}
