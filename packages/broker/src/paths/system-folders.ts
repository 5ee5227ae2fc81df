/**
 * Which part holds folders on this system.
 *
 * @module
 */
import type { HeldFolders } from './held-folders.js';
import { RefusingFolders } from './held-folders.js';
import { LinuxFolders } from './linux-folders.js';
import { WindowsFolders } from './windows-folders.js';

/** Holds folders on Windows and on Linux. Elsewhere each path is refused. */
export function systemFolders(platform: NodeJS.Platform = process.platform): HeldFolders {
  if (platform === 'win32') return new WindowsFolders();
  return platform === 'linux' ? new LinuxFolders() : new RefusingFolders('posix');
}
