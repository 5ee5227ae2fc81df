/**
 * Commands that run containers and deal with those that run.
 *
 * @module
 */
import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';

import type { Running } from './declare.js';
import { does } from './declare.js';
import type { Filter } from '../commands/containers/ps.js';
import { parseDuration } from './duration.js';
import { parseMebibytes } from './size.js';
import { collect, parseWhole } from './values.js';

const group = 'Containers:';

export function declareContainerCommands(program: Command, running: Running): void {
  declareRun(program, running);
  declareExec(program, running);
  declareEnds(program, running);
  declareViews(program, running);
  // For this command itself.
  does(
    running,
    program.command('monitor', { hidden: true }),
    async () => (await import('../monitor/monitor.js')).monitor,
  );
}

function declareRun(program: Command, running: Running): void {
  const command = program
    .command('run')
    .helpGroup(group)
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

function declareExec(program: Command, running: Running): void {
  const exec = program
    .command('exec')
    .helpGroup(group)
    .usage('[options] NAME COMMAND...')
    .description('run one more command in a container, and end with its exit code')
    .argument('[words...]')
    .passThroughOptions()
    .option('-d, --detach', 'print the id of the process, and leave it running')
    .option('-i, --interactive', 'pass the input on')
    .option('-t, --tty', 'a console in the guest, of the size of this terminal')
    .option('-e, --env <name=value>', 'variable of the command, or NAME for that of this shell', collect)
    .option('-w, --workdir <folder>', 'working directory in the guest')
    .option('-u, --user <name>', 'account in the guest');
  does(running, exec, async () => (await import('../commands/containers/exec.js')).exec);

  const cp = program
    .command('cp')
    .helpGroup(group)
    .description('copy files and folders into a container or out of it; - is a tar on standard input or output')
    .argument('<source>', 'CONTAINER:PATH, a path of this machine, or -; with /. behind it what is in the folder')
    .argument('<target>', 'the same')
    .option('-u, --user <name>', 'account in the guest that reads or writes');
  does(running, cp, async () => (await import('../commands/containers/cp.js')).copy);

  const attach = program
    .command('attach')
    .helpGroup(group)
    .description('connect with the command of a detached container; Ctrl+P Ctrl+Q leaves its terminal')
    .argument('<name>', 'its name')
    .option('--no-stdin', 'do not pass the input on');
  does(running, attach, async () => (await import('../commands/containers/attach.js')).attach);

  const logs = program
    .command('logs')
    .helpGroup(group)
    .description('print what the command of a detached container has said')
    .argument('<name>', 'its name')
    .option('-f, --follow', 'go on with what it says, until it ends')
    .option('--tail <number>', 'only the last lines', parseWhole)
    .option('--since <time>', 'only what came since, such as 10m or 2026-01-02T03:04:05Z', parseSince)
    .option('--timestamps', 'with the time of each line');
  does(running, logs, async () => (await import('../commands/containers/logs.js')).logs);
}

function declareEnds(program: Command, running: Running): void {
  const stop = program
    .command('stop')
    .helpGroup(group)
    .description('ask containers to end, and end them by force')
    .argument('<name...>', 'their names')
    .option('--grace <time>', 'how long they have (10s)', parseDuration)
    .option('--force <time>', 'how long the end by force may take (5s)', parseDuration);
  does(running, stop, async () => (await import('../commands/containers/stop.js')).stop);

  const kill = program
    .command('kill')
    .helpGroup(group)
    .description('end containers by force, or signal their first process')
    .argument('<name...>', 'their names')
    .option('-s, --signal <signal>', 'such as INT, TERM or CtrlBreak; KILL ends the container');
  does(running, kill, async () => (await import('../commands/containers/stop.js')).kill);

  const rm = program
    .command('rm')
    .helpGroup(group)
    .description('remove containers that have ended, with their logs and files')
    .argument('<name...>', 'their names')
    .option('-f, --force', 'also those that run');
  does(running, rm, async () => (await import('../commands/containers/stop.js')).remove);

  const reap = program
    .command('reap')
    .helpGroup(group)
    .description('end and remove what commands that were killed have left')
    .option('--dry-run', 'only say what would be removed')
    .option('--all', 'also what runs');
  does(running, reap, async () => (await import('../commands/containers/reap.js')).reap);
}

function declareViews(program: Command, running: Running): void {
  const ps = program
    .command('ps')
    .helpGroup(group)
    .description('list containers')
    .option('-a, --all', 'also those that have ended')
    .option('-q, --quiet', 'only their names')
    .option('--all-owners', 'those of all programs')
    .option('-w, --watch', 'go on, and print what changes, until Ctrl+C')
    .option('--filter <filter>', 'such as type=VirtualMachine, state=Paused or label=web', parseFilter);
  does(running, ps, async () => (await import('../commands/containers/ps.js')).ps);
}

function parseFilter(text: string, before: readonly Filter[] = []): readonly Filter[] {
  const [, key, value] = /^(type|label|state|id)=(.+)$/.exec(text) ?? [];
  if (key !== undefined && value !== undefined) return [...before, { key: key as Filter['key'], value }];
  throw new InvalidArgumentError('It must be type=TYPE, state=STATE, id=NAME, label=NAME or label=NAME=VALUE.');
}

function parseSince(text: string): Date {
  if (/^\d{4}-/.test(text) && !Number.isNaN(Date.parse(text))) return new Date(text);
  return new Date(Date.now() - parseDuration(text));
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
