/**
 * The names in a tar that nobody vouches for: what they may be, for none of them to lead out of its folder.
 *
 * @module
 */
import { exitCodes } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { printableLine } from '../output/printable.js';

/** Longer than any path of Windows. */
const longestName = 32_767;
/** What Windows opens a device for, in any folder and with any ending. */
const device = /^(con|prn|aux|nul|clock\$|conin\$|conout\$|(com|lpt)[0-9¹²³])[ .]*(\..*)?$/i;
/** What Windows has no names with: a colon begins a stream of a file. */
const wrongCharacter = /[\x00-\x1f<>:"|?*]/;

/**
 * The names on the way to an entry; none for the folder itself.
 *
 * @param platform - whose rules for names there are
 */
export function entryNames(name: string, platform = process.platform): readonly string[] {
  if (name === '' || name.length > longestName || name.includes('\0')) throw refused(name, 'is no name of a file');
  const isWindows = platform === 'win32';
  if (isWindows ? /^([\\/]|[A-Za-z]:)/.test(name) : name.startsWith('/')) throw refused(name, 'is an absolute path');
  const names = name.split(isWindows ? /[\\/]/ : '/').filter((each) => each !== '' && each !== '.');
  for (const each of names) {
    if (each === '..') throw refused(name, 'leads out of its folder');
    if (isWindows) checkWindowsName(name, each);
  }
  return names;
}

function checkWindowsName(whole: string, name: string): void {
  if (device.test(name)) throw refused(whole, `has "${shown(name)}" in it, which is a device here`);
  if (wrongCharacter.test(name) || /[ .]$/.test(name)) throw refused(whole, 'is no name of a file on Windows');
}

/** A container has sent what is not written here. */
export function refused(name: string, why: string): Failure {
  return new Failure(`The container sent "${shown(name)}", which ${why}`, {
    code: 'ERR_HC_ENTRY_REFUSED',
    exitCode: exitCodes.failed,
    remedy: 'Copy what you need of the folder by its own path, or write "-" for the tar as it is.',
  });
}

function shown(name: string): string {
  return printableLine(name.length > 200 ? `${name.slice(0, 200)}…` : name);
}
