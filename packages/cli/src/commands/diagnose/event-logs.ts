/**
 * The event logs of Windows, as files that its Event Viewer opens. They are exported by wevtutil.exe of System32, started by its
 * path and without a shell: what the calls of wevtapi.dll would add is a native part for one export. Not tried on Windows.
 *
 * @module
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { Source } from './parts.js';
import { mostBytes } from './parts.js';

const run = promisify(execFile);

const logs = [
  'Microsoft-Windows-Hyper-V-Compute-Admin',
  'Microsoft-Windows-Hyper-V-Compute-Operational',
  'Microsoft-Windows-Host-Network-Service-Admin',
  'Microsoft-Windows-Host-Network-Service-Operational',
];
const patienceMs = 10_000;
/** Of the last day: whole logs are large, and tell of others' work. */
const lastDay = '*[System[TimeCreated[timediff(@SystemTime) <= 86400000]]]';

/** None elsewhere. */
export function eventLogs(env: NodeJS.ProcessEnv = process.env): Source[] {
  if (process.platform !== 'win32') return [];
  const program = join(env.SystemRoot ?? 'C:\\Windows', 'System32', 'wevtutil.exe');
  return logs.map((log) => ({
    name: `${log}.evtx`,
    patienceMs,
    collect: async (signal) => exported(program, log, signal),
  }));
}

async function exported(program: string, log: string, signal: AbortSignal): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'hostcompute-diagnose-'));
  try {
    const file = join(folder, 'log.evtx');
    await run(program, ['epl', log, file, `/q:${lastDay}`], { signal, windowsHide: true });
    const { size } = await stat(file);
    if (size > mostBytes) throw new Error(`It has ${size} bytes, more than ${mostBytes}.`);
    return await readFile(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
