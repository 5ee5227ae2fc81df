#!/usr/bin/env node
/**
 * The command `hostcompute-broker`: serves the host of this machine until it is interrupted.
 *
 * @module
 */
import { parseArgs } from 'node:util';

import { serveBroker } from './serve-broker.js';

const usage = `Usage: hostcompute-broker --name NAME --policy FILE --audit FILE --layers FILE [--host HOST]

Serves the Host Compute System of this machine to the users whom a policy names, until it is interrupted (Ctrl+C).

  --name NAME    the path of a socket, or of a pipe on Windows
  --policy FILE  who may do what; it is read again on SIGHUP, on Windows on Ctrl+Break
  --audit FILE   where each decision is written
  --layers FILE  where the owners of layers are kept
  --host HOST    windows (default), or simulated
  --help         prints this

The files belong into folders that only administrators can write: docs/broker.md.
`;

const text = { type: 'string' } as const;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { name: text, policy: text, audit: text, layers: text, host: text, help: { type: 'boolean' } },
  });
  if (values.help === true) {
    process.stdout.write(usage);
    return;
  }
  const required = (name: 'name' | 'policy' | 'audit' | 'layers'): string => {
    const value = values[name];
    if (value === undefined) throw new Error(`"--${name}" must be given.`);
    return value;
  };
  const { host = 'windows' } = values;
  if (host !== 'windows' && host !== 'simulated') {
    throw new Error(`"--host" must be windows or simulated; received ${host}.`);
  }
  const files = { policy: required('policy'), audit: required('audit'), layers: required('layers') };
  const broker = await serveBroker({ name: required('name'), host, ...files });
  const { server } = broker;
  process.stdout.write(`The ${server.kind} host is served at ${server.name}\n`);
  const end = (): void => {
    broker.close().then(
      () => process.exit(),
      (error: unknown) => {
        report(error);
        process.exit();
      },
    );
  };
  process.once('SIGINT', end).once('SIGTERM', end);
  // Windows raises SIGHUP when the console is closed, and ends the process soon after it.
  const onWindows = process.platform === 'win32';
  if (onWindows) process.once('SIGHUP', end);
  process.on(onWindows ? 'SIGBREAK' : 'SIGHUP', () => {
    const error = broker.reload();
    if (error === undefined) process.stdout.write('The policy has been read again\n');
    else report(error);
  });
}

function report(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

main().catch((error: unknown) => {
  report(error);
  process.stderr.write(`\n${usage}`);
});
