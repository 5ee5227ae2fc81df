/**
 * Runs one command line: parses it, calls the command, reports its failure, and says what to end with.
 *
 * @module
 */
import { CommanderError } from 'commander';

import { commandLine } from './command-line/command-line.js';
import { globalsSoFar, usageFailureOf } from './command-line/usage-errors.js';
import { exitCodes } from './exit-codes.js';
import { printFailure, reportFailure } from './output/report-failure.js';
import type { Running } from './command-line/declare.js';

/** @param words - what follows the name of the command */
export async function run(words: readonly string[]): Promise<number> {
  // Some of what a command waits for keeps no program running, such as the notification of an exit.
  const untilDone = setInterval(() => undefined, 0x7fffffff);
  const running: Running = { exitCode: exitCodes.done, globals: {} };
  const program = commandLine(running);
  try {
    // Who types nothing else wants to know what there is.
    await program.parseAsync(words.length === 0 ? ['--help'] : [...words], { from: 'user' });
    return running.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return exitCodes.done;
      // Commander has printed it for people.
      printFailure(usageFailureOf(error), globalsSoFar(program));
      return exitCodes.usage;
    }
    return reportFailure(error, running.globals);
  } finally {
    clearInterval(untilDone);
  }
}
