/**
 * What is refused of a path by its letters alone, before anything of the machine is touched: opening a path of another machine is
 * an act by itself.
 *
 * @module
 */

/** How paths are written: those of Windows, or those of other systems, where the simulated host runs. */
export type PathForm = 'windows' | 'posix';

const longest = { windows: 1024, posix: 4096 } as const;
const longestName = 255;
const control = /[\u0000-\u001f\u007f]/;
// The digits one to three above the line count as such in COM and LPT.
const deviceName = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[\d\u00b9\u00b2\u00b3])[ ]*(?:\.|$)/i;

/** Why a path is refused; undefined for one that may be looked for. */
export function pathFlaw(path: string, form: PathForm): string | undefined {
  if (path.length > longest[form]) return `it is longer than ${longest[form]} characters`;
  if (control.test(path)) return 'it has control characters';
  if (!path.isWellFormed()) return 'it has half a character';
  return form === 'windows' ? windowsFlaw(path) : posixFlaw(path);
}

function windowsFlaw(path: string): string | undefined {
  if (path.includes('/')) return 'it has a slash, where backslashes belong';
  if (path.startsWith('\\\\') || path.startsWith('\\??\\')) return 'it names a share or a device';
  if (!/^[A-Za-z]:\\/.test(path)) return 'it does not begin with a drive, a colon and a backslash';
  for (const name of path.slice(3).split('\\')) {
    const flaw = windowsNameFlaw(name);
    if (flaw !== undefined) return flaw;
  }
  return undefined;
}

function windowsNameFlaw(name: string): string | undefined {
  if (name === '') return 'it has a backslash too many, or is a whole drive';
  if (name.length > longestName) return `it has a name longer than ${longestName} characters`;
  if (name === '.' || name === '..') return 'it has "." or ".." in it';
  if (name.includes(':')) return 'it names a stream';
  if (/[*?"<>|]/.test(name)) return 'it has characters that no name has';
  if (/[. ]$/.test(name) || name.startsWith(' ')) return 'it has a name with a dot or a blank at its end';
  if (/~\d/.test(name)) return 'it has a short name, where the long one belongs';
  if (deviceName.test(name)) return 'it has the name of a device';
  return undefined;
}

function posixFlaw(path: string): string | undefined {
  if (!path.startsWith('/')) return 'it does not begin with a slash';
  for (const name of path.slice(1).split('/')) {
    if (name === '') return 'it has a slash too many, or is the root';
    if (Buffer.byteLength(name) > longestName) return `it has a name longer than ${longestName} bytes`;
    if (name === '.' || name === '..') return 'it has "." or ".." in it';
  }
  return undefined;
}

/**
 * The names below a folder that a path leads to, component by component; undefined where it does not lead below the folder. The
 * folder itself is no names below.
 */
export function namesBelow(folder: string, path: string, form: PathForm): readonly string[] | undefined {
  const separator = form === 'windows' ? '\\' : '/';
  const outer = folder.split(separator);
  const names = path.split(separator);
  if (names.length < outer.length) return undefined;
  const plain = form === 'windows' ? ignoringCase : (name: string) => name;
  return outer.every((name, at) => plain(name) === plain(names[at]!)) ? names.slice(outer.length) : undefined;
}

/** Upper case as file systems have it: one unit for each, so that no name becomes another of another length. */
function ignoringCase(name: string): string {
  let result = '';
  for (let at = 0; at < name.length; at++) {
    const upper = name.charAt(at).toUpperCase();
    result += upper.length === 1 ? upper : name.charAt(at);
  }
  return result;
}

/** A path with more names at its end. */
export function joined(folder: string, names: readonly string[], form: PathForm): string {
  return [folder, ...names].join(form === 'windows' ? '\\' : '/');
}
