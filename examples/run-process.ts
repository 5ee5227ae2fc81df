// Runs a command in a container, with the streams of this program, and ends with its exit code.
//
//   node out/examples/run-process.js [--system ID | --document FILE] -- COMMAND
//
// Without --system a container is made for the command and terminated after it; on a real host its document has to name
// layers that were prepared there. The host is the one that HOSTCOMPUTE_HOST names, else Windows' own on Windows, and the
// simulated one elsewhere.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { ComputeSystem, Host } from 'hostcompute';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    system: { type: 'string' },
    document: { type: 'string' },
  },
});
if (positionals.length === 0) {
  console.error('usage: run-process [--system ID | --document FILE] -- COMMAND');
  process.exit(2);
}

const simulated = process.platform !== 'win32' && process.env.HOSTCOMPUTE_HOST === undefined;
await using host = await Host.open(simulated ? 'simulated' : undefined);
if (host.kind === 'simulated') console.error('Host: simulated; no container runs');

async function newSystem(): Promise<ComputeSystem> {
  const document = values.document === undefined ? simple : readFileSync(values.document, 'utf8');
  const system = await ComputeSystem.create(`run-process-${process.pid}`, document, { host });
  await system.start();
  return system;
}

const simple = {
  Owner: 'run-process',
  SchemaVersion: { Major: 2, Minor: 1 },
  ShouldTerminateOnLastHandleClosed: true,
  Container: {
    Storage: {
      Path: '\\\\?\\Volume{0f3a6b52-7c1e-4f6f-9a27-1d5e8c0b4a11}\\',
      Layers: [{ Id: 'b3a0a7c9-51d2-5f7f-8a44-0d7c1e6f2b02', Path: 'D:\\layers\\base' }],
    },
  },
};

await using system =
  values.system === undefined ? await newSystem() : await ComputeSystem.open(values.system, { host });
// One word is a command line as typed; several are a program and its arguments.
const command = positionals.length === 1 ? positionals[0]! : positionals;
await using child = await system.createProcess({ command });

process.stdin.pipe(child.stdin);
child.stdin.on('error', () => process.stdin.unpipe()); // it need not read all of it
child.stdout.pipe(process.stdout, { end: false });
child.stderr.pipe(process.stderr, { end: false });
process.once('SIGINT', () => void child.kill('SIGINT'));

const closed = new Promise((resolve) => child.once('close', resolve));
const { exitCode, error } = await child.exited;
await closed; // all output has been written
process.stdin.destroy();
if (exitCode === null) console.error(error?.message);
process.exitCode = exitCode ?? 1;
if (values.system === undefined) await system.stop({ graceMs: 0 });
