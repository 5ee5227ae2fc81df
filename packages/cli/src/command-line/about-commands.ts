/**
 * Commands that explain: they ask no host.
 *
 * @module
 */
import type { Command } from 'commander';

import type { Running } from './declare.js';
import { does } from './declare.js';

export function declareAboutCommands(program: Command, running: Running): void {
  const version = program.command('version').description('print the versions of this command and of what it stands on');
  does(running, version, async () => (await import('../commands/version.js')).version);
}
