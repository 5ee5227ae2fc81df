/**
 * `help`: what a command takes.
 *
 * @module
 */
import type { Command } from 'commander';

import type { Action } from '../command-line/declare.js';
import { addGlobalOptions } from '../command-line/global-options.js';

/** Prints the help of the command that is named, or of the whole; a name that there is not is what it is when it is typed. */
export function helpOf(program: Command): Action<object> {
  return async ({ words }) => {
    let command = program;
    for (const word of words) {
      if (command.commands.length === 0) break;
      const found = command.commands.find((each) => each.name() === word || each.aliases().includes(word));
      if (found === undefined) {
        await command.parseAsync([word], { from: 'user' });
        return;
      }
      command = found;
    }
    addGlobalOptions(command);
    command.outputHelp();
  };
}
