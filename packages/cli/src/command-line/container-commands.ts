/**
 * Commands that run containers and deal with those that run.
 *
 * @module
 */
import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';

import type { Running } from './declare.js';
import { does } from './declare.js';
import { parseMebibytes } from './size.js';

export function declareContainerCommands(program: Command, running: Running): void {
  declareRun(program, running);
}

function declareRun(program: Command, running: Running): void {
  const command = program
    .command('run')
    .helpGroup('Containers:')
    .usage('[options] IMAGE | LAYERS [COMMAND...]')
    .description('run a command in a new container, and end with its exit code')
    .argument('[words...]')
    // Options behind the image are the guest's.
    .passThroughOptions()
    .option('--rm', 'remove the container when it has ended; without -d it always is')
    .option('-d, --detach', 'print the name, and leave it running')
    .option('-i, --interactive', 'pass the input on')
    .option('-t, --tty', 'a console in the guest, of the size of this terminal')
    .option('-e, --env <name=value>', 'variable of the command, or NAME for that of this shell', collect)
    .option('-w, --workdir <folder>', 'working directory in the guest')
    .option('-u, --user <name>', 'account in the guest')
    .option('-v, --volume <host:guest[:ro]>', 'folder or pipe of the host', collect)
    .option('-p, --publish <host:guest>', 'port of the host, such as 8080:80 or 53:53/udp', collect)
    .option('-m, --memory <size>', 'limit of memory, such as 512m or 2g', parseMebibytes)
    .option('--cpus <number>', 'processors, such as 2 or 0.5', parseProcessors)
    .addOption(
      new Option('--isolation <kind>', 'process (default), or hyperv: a kernel of its own').choices([
        'process',
        'hyperv',
      ]),
    )
    .option('--net <network>', 'none, nat (default), or the name of a network')
    .option('--name <name>', 'name of the container; by default a random one')
    .option('--label <name=value>', 'label, by which ps finds it', collect)
    .addOption(new Option('--pull <when>', 'when to pull the image').choices(['missing', 'always', 'never']))
    .option('--layers <ids>', 'layers in place of an image: ids or folders, the nearest first, with commas', parseList)
    .option('--document <file>', 'the document of a whole system, in place of an image')
    .option('--print-document', 'print what would be created, and create nothing');
  does(running, command, async () => (await import('../commands/run/run.js')).run);
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function parseList(text: string): readonly string[] {
  const list = text.split(',').filter((each) => each !== '');
  if (list.length > 0) return list;
  throw new InvalidArgumentError('It must be ids with commas between them.');
}

function parseProcessors(text: string): number {
  const number = Number(text);
  if (/^\d*\.?\d+$/.test(text) && number > 0 && number <= 2048) return number;
  throw new InvalidArgumentError('It must be a number of processors, such as 2 or 0.5.');
}
