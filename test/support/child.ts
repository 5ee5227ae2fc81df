import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs one of the programs in test/lifetime/programs in a Node of its own. Its output goes through files, because Node
 * for Windows cannot write to a pipe under Wine.
 */
export async function runProgram(
  name: string,
  args: readonly string[] = [],
  flags: readonly string[] = [],
): Promise<Ended> {
  const program = fileURLToPath(new URL(`../lifetime/programs/${name}.js`, import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), 'hostcompute-'));
  const files = ['stdout', 'stderr'].map((file) => join(folder, file));
  const [out, err] = files.map((file) => openSync(file, 'w')) as [number, number];
  try {
    const child = spawn(process.execPath, [...flags, program, ...args], { stdio: ['ignore', out, err] });
    const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (...how) => resolve(how));
    });
    const [stdout, stderr] = files.map((file) => readFileSync(file, 'utf8')) as [string, string];
    return { code, signal, stdout, stderr };
  } finally {
    closeSync(out);
    closeSync(err);
    rmSync(folder, { recursive: true, force: true });
  }
}
