// An interactive console in a container: what is typed here goes there, and the console follows the size of this one.
//
//   node out/examples/attach-console.js [COMMAND]
//
// The host is the one that HOSTCOMPUTE_HOST names, else Windows' own on Windows, and the simulated one elsewhere.
import type { Readable, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';

import type { Process, ProcessExit } from 'hostcompute';
import { ComputeSystem, Host } from 'hostcompute';

/** A terminal, as `process.stdin` and `process.stdout` are where they are one. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean; setRawMode?(raw: boolean): unknown };
  readonly output: NodeJS.WritableStream & { readonly columns?: number; readonly rows?: number };
}

/** Connects a terminal with a console until its process ends. */
export async function attach(child: Process<Writable, Readable>, { input, output }: Terminal): Promise<ProcessExit> {
  const resize = (): void => {
    const { columns, rows } = output;
    if (columns === undefined || rows === undefined) return;
    child.resizeConsole(columns, rows).catch(() => undefined); // a size that is not set is no reason to end
  };
  const closed = new Promise((resolve) => child.once('close', resolve));
  if (input.isTTY) input.setRawMode?.(true); // the console there echoes, edits, and takes Ctrl-C
  output.on('resize', resize);
  input.pipe(child.stdin);
  child.stdin.on('error', () => input.unpipe());
  child.stdout.pipe(output, { end: false });
  try {
    const exit = await child.exited;
    await closed;
    return exit;
  } finally {
    output.off('resize', resize);
    input.unpipe();
    if (input.isTTY) input.setRawMode?.(false);
  }
}

// Where there is no Windows and no other host is named.
const simulated = process.platform !== 'win32' && process.env.HOSTCOMPUTE_HOST === undefined;

async function main(command: string): Promise<number> {
  await using host = await Host.open(simulated ? 'simulated' : undefined);
  if (host.kind === 'simulated') console.error('Host: simulated; no container runs');
  await using system = await ComputeSystem.create(`attach-console-${process.pid}`, simple, { host });
  await system.start();
  const { columns = 80, rows = 25 } = process.stdout as { columns?: number; rows?: number };
  await using child = await system.createProcess({ command, tty: { columns, rows } });
  const { exitCode } = await attach(child, { input: process.stdin, output: process.stdout });
  process.stdin.destroy();
  await system.stop({ graceMs: 0 });
  return exitCode ?? 1;
}

const simple = {
  Owner: 'attach-console',
  SchemaVersion: { Major: 2, Minor: 1 },
  ShouldTerminateOnLastHandleClosed: true,
  Container: {
    Storage: {
      Path: '\\\\?\\Volume{0f3a6b52-7c1e-4f6f-9a27-1d5e8c0b4a11}\\',
      Layers: [{ Id: 'b3a0a7c9-51d2-5f7f-8a44-0d7c1e6f2b02', Path: 'D:\\layers\\base' }],
    },
  },
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = await main(process.argv.slice(2).join(' ') || 'cmd');
}
