// A simulated host behind the command hostcompute-simulator, in a process of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface ServedHost extends AsyncDisposable {
  readonly socket: string;
  readonly pid: number;
}

const program = fileURLToPath(new URL('../../../../dist/simulator/program.js', import.meta.url));

export async function serveHost(): Promise<ServedHost> {
  const folder = mkdtempSync(join(tmpdir(), 'hostcompute-bench-'));
  const socket = join(folder, 'host.sock');
  const server = spawn(process.execPath, [program, '--name', socket], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(server, 'exit');
  await Promise.race([
    once(createInterface(server.stdout), 'line'),
    ended.then(() => Promise.reject(new Error('The command hostcompute-simulator has ended.'))),
  ]);
  const close = async (): Promise<void> => {
    server.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true });
  };
  return { socket, pid: server.pid!, [Symbol.asyncDispose]: close };
}
