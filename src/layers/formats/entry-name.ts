// What the names of a layer may be: what an import accepts, and so what an export writes.
import { quoted } from '../../shortened.js';

const longestComponent = 255;
/** Entries of directories have their metadata in a file beside them, with this at the end of its name. */
export const sideFileSuffix = '.$wcidirs$';

const devices = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])(?:[. ]|$)/i;
// What NTFS and Win32 do not have in a name, and U+FFFD, which stands for bytes that are not UTF-8.
const forbidden = /[\u0000-\u001f<>"|?*\ufffd]/;

/** Why one part of a path cannot be in a layer, as the rest of a sentence; `undefined` when it can. */
export function partProblem(part: string): string | undefined {
  if (part === '..') return 'leads out of its folder by ".."';
  if (part.length > longestComponent) {
    return `has a part of ${part.length} characters in its name, more than ${longestComponent}`;
  }
  const problem = characterProblem(part);
  if (problem !== undefined) return problem;
  if (part.endsWith('.') || part.endsWith(' ')) {
    return `has the part ${quoted(part)} in its name: Windows drops the dot or space at the end`;
  }
  if (devices.test(part)) return `has the part ${quoted(part)} in its name, which is a device of Windows`;
  if (part.endsWith('$') && part.toLowerCase().endsWith(sideFileSuffix)) {
    return `ends in ${sideFileSuffix}, which is where the metadata of directories are`;
  }
  return undefined;
}

/** Why a file cannot have an alternate stream of this name in a layer; `undefined` when it can. */
export function streamProblem(name: string): string | undefined {
  if (name === '') return 'names the content of a file as if it were an alternate stream';
  if (name.includes(':') || name.includes('/')) return 'has more than one colon in its name';
  if (name.length > longestComponent) {
    return `has a stream with a name of ${name.length} characters, more than ${longestComponent}`;
  }
  return characterProblem(name);
}

function characterProblem(name: string): string | undefined {
  const found = forbidden.exec(name)?.[0];
  if (found === undefined) return undefined;
  return found === '\ufffd'
    ? 'has a name that is not UTF-8'
    : `has the character ${quoted(found)} in its name, which Windows does not allow`;
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

/** The text as UTF-8 has it: U+FFFD in the place of halves of surrogate pairs. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}
