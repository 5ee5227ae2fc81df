/**
 * Commands for those who test: a simulated host, recordings of a host, and how long one takes.
 *
 * @module
 */
import type { Command } from 'commander';

import type { Running } from './declare.js';
import { does } from './declare.js';
import { collect, parseCount, parseWhole } from './values.js';

const group = 'Testing:';

export function declareTestingCommands(program: Command, running: Running): void {
  const simulate = program
    .command('simulate')
    .description('serve a simulated host to other processes until Ctrl+C')
    .option('--name <name>', 'the path of its socket, or of its pipe on Windows; else a name that this command finds')
    .option(
      '--fault <name[=id]>',
      'a fault that it begins with, as in docs/faults.md, on one system or whichever is next',
      collect,
    )
    .option('--faults <file>', 'a JSON file of faults that it begins with')
    .option('--profile <name>', 'how long it takes, such as nanoserver-process')
    .option('--seed <number>', 'the seed of what is left to chance', parseWhole)
    .helpGroup(group);
  does(running, simulate, async () => (await import('../commands/simulate.js')).simulate);

  const record = program
    .command('record')
    .description('run one of these commands, and record what the host is asked and says')
    .argument('<command...>', 'the command and what it takes')
    .requiredOption('-o, --output <file>', 'the recording; a file that is there is replaced')
    .passThroughOptions()
    .helpGroup(group);
  does(running, record, async () => (await import('../commands/record.js')).record);

  const replay = program
    .command('replay')
    .description(
      'run one of these commands with a recording in the place of the host; a container needs the --name that it had',
    )
    .argument('<file>', 'the recording')
    .argument('<command...>', 'the command and what it takes')
    .option(
      '--speed <number>',
      '1 to take the times of the recording, 2 for twice as fast; else nothing waits',
      parseCount,
    )
    .passThroughOptions()
    .helpGroup(group);
  does(running, replay, async () => (await import('../commands/record.js')).replay);

  const bench = program
    .command('bench')
    .description('measure how long containers take to start and to end on the host')
    .option('-n, --count <number>', 'how many', parseCount, 20)
    .option('--document <file>', 'the document of the containers; a Windows host needs one')
    .helpGroup(group);
  does(running, bench, async () => (await import('../commands/bench.js')).bench);
}
