/**
 * Docker's credential helpers: programs `docker-credential-NAME` that keep passwords where the system keeps them.
 *
 * @module
 */
import { spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';

import type { Credentials } from './registry-options.js';

type Environment = Readonly<Record<string, string | undefined>>;

const patienceMs = 30_000;
const lastOutputMs = 1000;
const mostOutput = 64 * 1024;

/**
 * Asks a helper for the credentials of a server; nothing where it has none.
 *
 * @throws Error where there is no such helper, or it does not do what helpers do
 */
export async function askHelper(
  name: string,
  server: string,
  environment: Environment,
  signal: AbortSignal,
): Promise<Credentials | undefined> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) throw new Error(`"${name}" is no name of a credential helper`);
  const program = `docker-credential-${name}`;
  const { code, output } = await run(await find(program, environment), server, environment, signal);
  if (code !== 0) {
    if (/credentials not found/i.test(output)) return undefined;
    throw new Error(`${program} ended with ${code}${output === '' ? '' : `: ${firstLine(output)}`}`);
  }
  return parseAnswer(program, output);
}

function parseAnswer(program: string, output: string): Credentials | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(output);
  } catch {
    // What it has printed may have the password in it.
    throw new Error(`${program} does not answer in JSON`);
  }
  const { Username: username, Secret: secret } = (answer ?? {}) as { Username?: unknown; Secret?: unknown };
  if (typeof username !== 'string' || typeof secret !== 'string') {
    throw new Error(`${program} answers without Username and Secret`);
  }
  if (secret === '') return undefined;
  return username === '<token>' ? { identityToken: secret } : { username, password: secret };
}

// Not by the system, which on Windows looks into the working directory first.
async function find(program: string, environment: Environment): Promise<string> {
  const name = process.platform === 'win32' ? `${program}.exe` : program;
  const path = Object.entries(environment).find(([key]) => key.toUpperCase() === 'PATH')?.[1] ?? '';
  for (const folder of path.split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    const file = join(folder, name);
    if ((await stat(file).catch(() => undefined))?.isFile() === true) return file;
  }
  throw new Error(`there is no ${name} in PATH`);
}

interface Ended {
  readonly code: number | string;
  readonly output: string;
}

function run(file: string, server: string, environment: Environment, signal: AbortSignal): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, ['get'], {
      env: environment,
      stdio: ['pipe', 'pipe', 'ignore'],
      windowsHide: true,
      timeout: patienceMs,
      killSignal: 'SIGKILL',
      signal,
    });
    const pieces: Buffer[] = [];
    let length = 0;
    child.stdout.on('data', (piece: Buffer) => {
      length += piece.length;
      if (length > mostOutput) child.kill('SIGKILL');
      else pieces.push(piece);
    });
    // It may end without having read what it was asked.
    child.stdin.on('error', () => undefined);
    child.stdin.end(server);
    child.on('error', reject);
    // A program that the helper has left behind may hold the pipe.
    let last: NodeJS.Timeout | undefined;
    child.on('exit', () => (last = setTimeout(() => child.stdout.destroy(), lastOutputMs)));
    child.on('close', (code, signalName) => {
      clearTimeout(last);
      if (length > mostOutput) reject(new Error(`${file} prints more than ${mostOutput} bytes`));
      else resolve({ code: code ?? signalName ?? '', output: Buffer.concat(pieces).toString('utf8') });
    });
  });
}

function firstLine(text: string): string {
  return (text.trim().split('\n', 1)[0] ?? '').slice(0, 200).replace(/[^\x20-\x7e]/g, '?');
}
