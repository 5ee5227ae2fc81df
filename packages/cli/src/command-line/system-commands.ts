/**
 * Commands that look at what runs, and stop its time.
 *
 * @module
 */
import type { Command } from 'commander';
import { Option } from 'commander';

import type { Running } from './declare.js';
import { does } from './declare.js';
import { parseDuration } from './duration.js';
import { collect } from './values.js';

const group = 'Containers:';

export function declareSystemCommands(program: Command, running: Running): void {
  const inspect = program
    .command('inspect')
    .description('print all that the host says of containers')
    .argument('<name...>', 'their names')
    .option('--property <type>', 'another property of the host, such as GuestConnection', collect)
    .helpGroup(group);
  does(running, inspect, async () => (await import('../commands/systems/inspect.js')).inspect);

  const stats = program
    .command('stats')
    .description('print what containers use, again and again')
    .argument('[name...]', 'their names; else all that run')
    .option('--no-stream', 'print it once')
    .addOption(new Option('--interval <time>', 'how often').argParser(parseDuration).default(1000, '1s'))
    .helpGroup(group);
  does(running, stats, async () => (await import('../commands/systems/stats.js')).stats);

  const top = program
    .command('top')
    .description('list the processes in a container')
    .argument('<name>', 'its name')
    .helpGroup(group);
  does(running, top, async () => (await import('../commands/systems/top.js')).top);

  const events = program
    .command('events')
    .description('print what the host notifies of, until Ctrl+C')
    .option('--id <name>', 'only of this container', collect)
    .option('--type <type>', 'only of this type, such as SystemExited', collect)
    .helpGroup(group);
  does(running, events, async () => (await import('../commands/systems/events.js')).events);

  const pause = program
    .command('pause')
    .description('pause containers')
    .argument('<name...>', 'their names')
    .helpGroup(group);
  does(running, pause, async () => (await import('../commands/systems/pause.js')).pause);

  const resume = program
    .command('resume')
    .description('let paused containers go on')
    .argument('<name...>', 'their names')
    .helpGroup(group);
  does(running, resume, async () => (await import('../commands/systems/pause.js')).resume);

  const save = program
    .command('save')
    .description('save the state of a paused virtual machine in a file; images: "images save"')
    .argument('<name>', 'its name')
    .requiredOption('-o, --output <file>', 'the file; it must not be there')
    .helpGroup(group);
  does(running, save, async () => (await import('../commands/systems/pause.js')).save);
}
