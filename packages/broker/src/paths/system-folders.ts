/**
 * Which part holds folders on this system.
 *
 * @module
 */
import type { HeldFolders } from './held-folders.js';
import { RefusingFolders } from './held-folders.js';
import { LinuxFolders } from './linux-folders.js';

/**
 * Holds folders on Linux. On Windows, and elsewhere, each path is refused: what has to be done there is native, and not written yet.
 */
export function systemFolders(platform: NodeJS.Platform = process.platform): HeldFolders {
  if (platform === 'linux') return new LinuxFolders();
  return new RefusingFolders(platform === 'win32' ? 'windows' : 'posix');
}
