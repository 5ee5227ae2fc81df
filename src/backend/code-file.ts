/**
 * Where the code of this package is.
 *
 * @module
 */
import { fileURLToPath } from 'node:url';

import { isThere } from './permissions.js';

/**
 * The file that a module is in, whatever has been made of the package: a bundle in the format of CommonJS has no
 * `import.meta.url`, and webpack and Parcel write in its place where the module was when the bundle was made. Then it is the
 * program's own file.
 *
 * @param url - the module's `import.meta.url`
 */
export function codeFile(url: string | undefined): string {
  const files = [...pathsOf(url), ...(typeof __filename === 'string' ? [__filename] : []), ...process.argv.slice(1, 2)];
  return files.find(isThere) ?? files[0] ?? process.execPath;
}

/** None for a URL of another system, which a bundle has that was made there. */
function pathsOf(url: string | undefined): string[] {
  try {
    return url === undefined ? [] : [fileURLToPath(url)];
  } catch {
    return [];
  }
}
