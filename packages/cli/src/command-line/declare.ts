/**
 * How a command is declared: its words here, what it does in a module of its own that is loaded when the command runs.
 *
 * @module
 */
import type { Command } from 'commander';

import type { GlobalOptions } from './global-options.js';
import { globalOptions } from './global-options.js';

/** The one command that runs. */
export interface Running {
  exitCode: number;
  globals: GlobalOptions;
}

/**
 * What a command does.
 *
 * @returns the exit code, or nothing for 0
 */
export type Action<Options> = (input: {
  /** Its arguments; those of a list follow each other. */
  readonly words: readonly string[];
  readonly options: Options;
  readonly globals: GlobalOptions;
}) => Promise<number | undefined> | Promise<void>;

/**
 * Has a command do what the module says that `load` imports.
 */
export function does<Options>(running: Running, command: Command, load: () => Promise<Action<Options>>): Command {
  return command.action(async (...given: unknown[]) => {
    const self = given.at(-1) as Command;
    const globals = globalOptions(self);
    running.globals = globals;
    const action = await load();
    const words = self.processedArgs.flat().filter((word): word is string => typeof word === 'string');
    running.exitCode = (await action({ words, options: self.opts<Options & object>(), globals })) ?? 0;
  });
}
