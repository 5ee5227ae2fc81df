import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one of the programs in test/lifetime/programs in a Node of its own. */
export function runProgram(
  name: string,
  args: readonly string[] = [],
  flags: readonly string[] = [],
  env = process.env,
): Promise<Ended> {
  return run(new URL(`../lifetime/programs/${name}.js`, import.meta.url), args, flags, { env });
}

/** Runs one of the examples on the simulated host, with this as its input. */
export function runExample(name: string, args: readonly string[], input = ''): Promise<Ended> {
  const env = { ...process.env, HOSTCOMPUTE_HOST: 'simulated' };
  return run(new URL(`../../examples/${name}.js`, import.meta.url), args, [], { input, env });
}

/** Runs a program in a folder, on the simulated host. */
export function runIn(
  cwd: string,
  program: string,
  args: readonly string[] = [],
  flags: readonly string[] = [],
): Promise<Ended> {
  const env = { ...process.env, HOSTCOMPUTE_HOST: 'simulated' };
  return run(pathToFileURL(program), args, flags, { cwd, env });
}

// Everything goes through files, because Node for Windows cannot write to a pipe under Wine.
async function run(
  program: URL,
  args: readonly string[],
  flags: readonly string[],
  { input = '', env = process.env, cwd = process.cwd() } = {},
): Promise<Ended> {
  const folder = mkdtempSync(join(tmpdir(), 'hostcompute-'));
  const [stdin, ...files] = ['stdin', 'stdout', 'stderr'].map((file) => join(folder, file)) as [string, string, string];
  writeFileSync(stdin, input);
  const descriptors = [openSync(stdin, 'r'), ...files.map((file) => openSync(file, 'w'))];
  try {
    const child = spawn(process.execPath, [...flags, fileURLToPath(program), ...args], {
      stdio: descriptors,
      env,
      cwd,
    });
    const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (...how) => resolve(how));
    });
    const [stdout, stderr] = files.map((file) => readFileSync(file, 'utf8')) as [string, string];
    return { code, signal, stdout, stderr };
  } finally {
    for (const descriptor of descriptors) closeSync(descriptor);
    rmSync(folder, { recursive: true, force: true });
  }
}
