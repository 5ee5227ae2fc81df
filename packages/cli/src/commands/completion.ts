/**
 * `completion`: the script with which a shell completes the command.
 *
 * @module
 */
import type { Command } from 'commander';

import { commandTree } from '../command-line/command-tree.js';
import type { Action } from '../command-line/declare.js';
import { candidatesOf } from '../completion/candidates.js';
import { scripts } from '../completion/scripts.js';
import { Output } from '../output/output.js';

/** @param program - all that can be typed */
export function completionOf(program: Command): Action<object> {
  // eslint-disable-next-line @typescript-eslint/require-await -- as all commands
  return async ({ words: [shell], globals }) => {
    const script = scripts[shell as keyof typeof scripts](candidatesOf(commandTree(program)));
    new Output(globals).one({ kind: 'completion', shell, script }, [script.trimEnd()]);
  };
}
