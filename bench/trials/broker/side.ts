// The two sides of a trial about the broker: a simulated host in this process, and one behind the command hostcompute-broker,
// which is another process. Both get the same documents.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import type { SystemDocument } from 'hostcompute';
import { Host } from 'hostcompute';
import { Simulator } from 'hostcompute/simulator';

import { profileOf } from './profile.js';

export interface Side extends AsyncDisposable {
  readonly host: Host;
  readonly document: SystemDocument;
}

const names = ['app', 'tools', 'web'];
const program = fileURLToPath(new URL('../../../../packages/broker/dist/src/program.js', import.meta.url));
const preload = new URL('./latency-profile.js', import.meta.url).href;

/** @param name - `in-process` or `broker` */
export async function openSide(name: string, profile: string): Promise<Side> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'hostcompute-bench-')));
  const removed = (): void => rmSync(folder, { recursive: true });
  for (const each of names) mkdirSync(join(folder, 'sources', each), { recursive: true });
  const document = documentOn(folder);
  if (name === 'broker') return openBroker(folder, document, profile, removed);
  const simulator = await Simulator.open();
  await simulator.configure({ profile: profileOf(profile) });
  const { host } = simulator;
  const close = async (): Promise<void> => {
    await simulator.close();
    removed();
  };
  return { host, document, [Symbol.asyncDispose]: close };
}

async function openBroker(
  folder: string,
  document: SystemDocument,
  profile: string,
  removed: () => void,
): Promise<Side> {
  const socket = join(folder, 'host.sock');
  const policy = join(folder, 'policy.json');
  writeFileSync(policy, JSON.stringify(policyOn(folder)), { mode: 0o600 });
  const files = ['--policy', policy, '--audit', join(folder, 'audit.jsonl'), '--layers', join(folder, 'layers.jsonl')];
  const args = ['--import', preload, program, '--name', socket, '--host', 'simulated', ...files];
  const env = { ...process.env, BENCH_PROFILE: profile };
  const broker = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(broker, 'exit');
  await Promise.race([
    once(createInterface(broker.stdout), 'line'),
    ended.then(() => Promise.reject(new Error('The broker has ended.'))),
  ]);
  const host = await Host.open({ broker: socket });
  const close = async (): Promise<void> => {
    await host.close();
    broker.kill('SIGTERM');
    await ended;
    removed();
  };
  return { host, document, [Symbol.asyncDispose]: close };
}

/** A container with three folders, each of which a broker opens, holds and looks at again before the call. */
const documentOn = (folder: string): SystemDocument => ({
  Owner: 'hostcompute-bench',
  SchemaVersion: { Major: 2, Minor: 1 },
  ShouldTerminateOnLastHandleClosed: true,
  Container: {
    GuestOs: { HostName: 'web01' },
    Memory: { SizeInMB: 512 },
    MappedDirectories: names.map((name) => ({
      HostPath: join(folder, 'sources', name),
      ContainerPath: `C:\\${name}`,
      ReadOnly: true,
    })),
  },
});

/** As in docs/broker.md: a rule for somebody else, and that of this user. */
function policyOn(folder: string): unknown {
  const calls = ['look', 'list', 'run', 'state', 'create'];
  const folders = [
    { path: join(folder, 'images'), use: ['layers'], access: 'read' },
    { path: join(folder, 'sources'), use: ['shares'], access: 'read' },
  ];
  const limits = { connections: 8, callsInFlight: 256, systems: 128, processes: 256, memoryInMB: 1 << 20 };
  return {
    version: 1,
    rules: [
      { name: 'build agents', users: ['uid:4000000'], prefix: 'build', calls: ['look'] },
      { name: 'me', users: [`uid:${process.getuid!()}`], prefix: 'bench', calls, folders, limits },
    ],
    audit: { required: true, textLength: 256 },
  };
}
