#!/usr/bin/env node
/**
 * The command `hostcompute-simulator`: serves a simulated host to other processes until it is interrupted, or installs its DLLs for
 * programs that load those of Windows.
 *
 * @module
 */
import { parseArgs } from 'node:util';

import { useFaultFile } from './fault-file.js';
import { Simulator } from './simulator.js';
import { install, uninstall } from './stand-ins.js';

const usage = `Usage: hostcompute-simulator [--name NAME] [--faults FILE]
       hostcompute-simulator install (--prefix DIR | --folder DIR) [--faults FILE] [--remote]
       hostcompute-simulator uninstall (--prefix DIR | --folder DIR)

Without a command it serves a simulated host to the processes of this user until it is interrupted (Ctrl+C).

  --name NAME    the path of a socket, or of a pipe on Windows; default $HOSTCOMPUTE_SIMULATOR_SOCKET, or a name that clients find
  --faults FILE  a JSON file of faults that the host begins with

install puts DLLs in the place of those of Windows, for programs that are not written with this package; uninstall removes them and
puts back what was there. See docs/stand-ins.md.

  --prefix DIR   a Wine prefix
  --folder DIR   a folder, such as that of the program
  --faults FILE  as above
  --remote       the host of the DLLs is the one that hostcompute-simulator serves in another process
  --wine COMMAND runs Wine; default wine
  --from DIR     the folder with the DLLs; default that of the package
  --help         prints this
`;

const options = {
  name: { type: 'string' },
  faults: { type: 'string' },
  prefix: { type: 'string' },
  folder: { type: 'string' },
  remote: { type: 'boolean', default: false },
  wine: { type: 'string', default: 'wine' },
  from: { type: 'string' },
  help: { type: 'boolean' },
} as const;

async function serve(name: string | undefined, faults: string | undefined): Promise<void> {
  const simulator = await Simulator.open();
  if (faults !== undefined) await useFaultFile(simulator, faults);
  process.stdout.write(`The simulated host is served at ${await simulator.serve(name)}\n`);
  const forever = setInterval(() => undefined, 0x7fffffff);
  const end = (): void => {
    clearInterval(forever);
    process.exit();
  };
  process.once('SIGINT', end).once('SIGTERM', end);
}

/** Throws for a file of faults that the DLLs would refuse. */
async function check(faults: string): Promise<void> {
  await using simulator = await Simulator.open();
  await useFaultFile(simulator, faults);
  await simulator.reset();
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const { name, faults, help, ...where } = values;
  const [command = 'serve', ...more] = positionals;
  if (help === true) {
    process.stdout.write(usage);
    return;
  }
  if (more.length > 0 || !['serve', 'install', 'uninstall'].includes(command))
    throw new Error(`Unknown command "${positionals.join(' ')}".`);
  if (command === 'serve') return serve(name, faults);
  if (faults !== undefined && where.remote)
    throw new Error(
      'Pass --faults to the command that serves the host: with --remote the DLLs have none of their own.',
    );
  if (faults !== undefined) await check(faults);
  const lines =
    command === 'install' ? install({ ...where, ...(faults !== undefined && { faults }) }) : uninstall(where);
  process.stdout.write(`${lines.join('\n')}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof Error ? error.message : String(error)}\nFor the usage: hostcompute-simulator --help\n`,
  );
  process.exitCode = 1;
});
