/**
 * `record` and `replay`: another command, with a host that is recorded, or with a recording.
 *
 * @module
 */
import { Host } from 'hostcompute';
import { record as recordHost } from 'hostcompute/recorder';

import type { Action } from '../command-line/declare.js';
import type { GlobalOptions } from '../command-line/global-options.js';
import { globalWords } from '../command-line/global-options.js';
import { withoutDivider } from '../command-line/words.js';
import { exitCodes } from '../exit-codes.js';
import { usageFailure } from '../failure.js';
import type { OpenInPlace } from '../host/host-in-place.js';
import { takePlace } from '../host/host-in-place.js';
import { run } from '../run.js';

/** Records what the host is asked and says while another command runs. */
export const record: Action<{ readonly output: string }> = async ({ words, options: { output }, globals }) => {
  const { exitCode, host } = await runWith(words, globals, (choice) =>
    recordHost(output, choice === undefined ? {} : { host: choice }),
  );
  if (host === undefined) tell('The command asked no host: nothing was recorded.');
  else tell(`Recorded in ${output}. Read it before you send it: see docs/recorder.md.`);
  return exitCode;
};

/** Runs another command with a recording, and says which recorded calls it has not made. */
export const replay: Action<{ readonly speed?: number }> = async ({ words, options: { speed }, globals }) => {
  const [file = '', ...command] = words;
  const choice = { replay: file, ...(speed !== undefined && { speed }) };
  const { exitCode, host } = await runWith(command, globals, () => Host.open(choice));
  const { divergence, remaining = [] } = host?.replay ?? {};
  if (divergence === undefined && remaining.length > 0)
    tell(`${remaining.length} recorded calls were not made, the first in line ${remaining[0]!.line} of ${file}.`);
  return divergence !== undefined && exitCode === exitCodes.done ? exitCodes.failed : exitCode;
};

async function runWith(
  given: readonly string[],
  globals: GlobalOptions,
  open: OpenInPlace,
): Promise<{ readonly exitCode: number; readonly host: Host | undefined }> {
  // Behind the file of a replay the words are the command's, and so is what divides the two.
  const words = withoutDivider(given);
  const [name] = words;
  if (name === 'record' || name === 'replay' || name === 'simulate')
    throw usageFailure(`"${name}" cannot be recorded`, 'Name a command that asks a host, such as ps or run.');
  let host: Host | undefined;
  const restore = takePlace(async (choice) => (host = await open(choice)));
  try {
    return { exitCode: await run([...globalWords(globals), ...words]), host };
  } finally {
    restore();
  }
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
