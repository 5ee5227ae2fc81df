#!/usr/bin/env node
/**
 * The command `hostcompute-simulator`: serves a simulated host to other processes until it is interrupted.
 *
 * @module
 */
import { parseArgs } from 'node:util';

import { Simulator } from './simulator.js';

const usage = `Usage: hostcompute-simulator [--name NAME]

Serves a simulated host to the processes of this user until it is interrupted (Ctrl+C).

  --name NAME  the path of a socket, or of a pipe on Windows; default $HOSTCOMPUTE_SIMULATOR_SOCKET, or a name that clients find
  --help       prints this
`;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { name: { type: 'string' }, help: { type: 'boolean' } } });
  if (values.help === true) {
    process.stdout.write(usage);
    return;
  }
  const simulator = await Simulator.open();
  process.stdout.write(`The simulated host is served at ${await simulator.serve(values.name)}\n`);
  const forever = setInterval(() => undefined, 0x7fffffff);
  const end = (): void => {
    clearInterval(forever);
    process.exit();
  };
  process.once('SIGINT', end).once('SIGTERM', end);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  process.exitCode = 1;
});
