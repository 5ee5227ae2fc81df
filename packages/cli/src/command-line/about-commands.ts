/**
 * Commands that explain.
 *
 * @module
 */
import type { Command } from 'commander';
import { Argument } from 'commander';

import type { Running } from './declare.js';
import { does } from './declare.js';

const group = 'About:';

export function declareAboutCommands(program: Command, running: Running): void {
  const doctor = program
    .command('doctor')
    .description('say whether this machine can run containers, and why not')
    .option(
      '--for <goals>',
      'what for: process, hyperv, vm, lcow, layers, network, with commas; else process,layers,network',
    )
    .option('--image <image>', 'an image that is to run: a reference of the store, or windows/amd64:10.0.20348.2700')
    .option('--record <file>', 'write what the machine has answered, without names, for others to replay')
    .option('--replay <file>', 'look at the machine that was recorded in it')
    .option('--probe', 'make, start and end a tiny system in the end')
    .helpGroup(group);
  does(running, doctor, async () => (await import('../commands/doctor/doctor.js')).examine);

  const diagnose = program
    .command('diagnose')
    .description('collect what a report of an error needs in one archive, without names and secrets')
    .option('-o, --output <file>', 'the archive, a .tar.gz; else one in this folder, named by the time')
    .option('--list', 'say what would be in it, and write nothing')
    .option('-y, --yes', 'write it without asking')
    .option('-f, --force', 'replace a file that is there')
    .helpGroup(group);
  does(running, diagnose, async () => (await import('../commands/diagnose/diagnose.js')).diagnose);

  const explain = program
    .command('explain')
    .description('say what codes mean, and what helps: of the host, and exit codes of processes')
    .argument('<code...>', '0xC0370106, 3224830214, -1070137082, or a name such as HCS_E_SYSTEM_NOT_FOUND')
    .helpGroup(group);
  does(running, explain, async () => (await import('../commands/explain.js')).explain);

  const help = program
    .command('help')
    .description('say what a command takes')
    .argument('[command...]', 'such as run, or layers import')
    .helpGroup(group);
  does(running, help, async () => (await import('../commands/help.js')).helpOf(program));

  const completion = program
    .command('completion')
    .description('print the script with which a shell completes this command')
    .addArgument(new Argument('<shell>').choices(['powershell', 'bash', 'zsh', 'fish']))
    .helpGroup(group);
  does(running, completion, async () => (await import('../commands/completion.js')).completionOf(program));

  const version = program
    .command('version')
    .description('print the versions of this command and of what it stands on')
    .helpGroup(group);
  does(running, version, async () => (await import('../commands/version.js')).version);
}
