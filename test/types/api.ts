// Compile-only: what the API takes and gives. Never run.
import type { Readable, Writable } from 'node:stream';

import type {
  ExecCommand,
  ExecResult,
  Host,
  Process,
  ProcessCommand,
  ProcessStdio,
  Schema2,
  SystemDocument,
  VirtualMachineDocument,
} from 'hostcompute';
import { ComputeSystem, isHcsError } from 'hostcompute';

declare const system: ComputeSystem;
declare const host: Host;
declare const machine: VirtualMachineDocument;
declare const any: SystemDocument;
declare function use(...values: unknown[]): void;

export async function creates(): Promise<void> {
  await ComputeSystem.create('web', any);
  await ComputeSystem.create('web', machine, { validate: 'warn' });
  await ComputeSystem.create('web', '{"Container":{}}');
  await ComputeSystem.create('web', { Container: {}, ShouldTerminateOnLastHandleClosed: false });

  // @ts-expect-error a member that no schema has
  await ComputeSystem.create('web', { Container: { GuestOs: { Hostname: 'web01' } } });
  // @ts-expect-error two kinds in one document
  await ComputeSystem.create('web', { Container: {}, VirtualMachine: {} });
  // @ts-expect-error no such way to validate
  await ComputeSystem.create('web', any, { validate: true });
}

export async function asks(): Promise<void> {
  const basic = await system.properties();
  const state: Schema2.State | undefined = basic.State;
  // @ts-expect-error it was not asked for
  use(basic.Statistics);

  const asked = await system.properties(['Statistics', 'GuestConnection']);
  const uptime: number | bigint | undefined = asked.Statistics?.Uptime100ns;
  const versions: readonly Schema2.Version[] | undefined = asked.GuestConnectionInfo?.SupportedSchemaVersions;
  // @ts-expect-error the host may not have given it
  use(asked.Statistics.Uptime100ns);
  // @ts-expect-error the member is called GuestConnectionInfo
  use(asked.GuestConnection);
  // @ts-expect-error it was not asked for
  use(asked.Memory);
  // @ts-expect-error there is no such property
  await system.properties(['Statistic']);

  const all = await system.properties({ PropertyTypes: ['Memory'] });
  const assigned: number | bigint | undefined = all.Memory?.VirtualMachineMemory?.AssignedMemory;

  const { Properties } = await host.serviceProperties(['ProcessorTopology', 'Basic']);
  const count: number | undefined = Properties?.[0].LogicalProcessorCount;
  // @ts-expect-error that is the second answer
  use(Properties?.[0].SupportedSchemaVersions);
  use(state, uptime, versions, assigned, count);
}

export async function changes(): Promise<void> {
  await system.modify({ ResourcePath: 'Container/Memory/SizeInMB', RequestType: 'Update', Settings: 2n ** 60n });
  // @ts-expect-error memory is a number
  await system.modify({ ResourcePath: 'Container/Memory/SizeInMB', RequestType: 'Update', Settings: '512' });
  await system.pause({ options: { SuspensionLevel: 'Suspend' } });
  // @ts-expect-error that is how a system is saved
  await system.pause({ options: { SaveType: 'ToFile' } });
  const described: Process = await system.createProcess({ CommandLine: 'cmd', ConsoleSize: [25, 80] });
  use(described);
  // @ts-expect-error a console has two numbers
  await system.createProcess({ CommandLine: 'cmd', ConsoleSize: [25, 80, 1] });
  await host.modifyServiceSettings({ PropertyType: 'CpuGroup', Settings: { Operation: 'CreateGroup' } });
  // @ts-expect-error there is no such operation
  await host.modifyServiceSettings({ PropertyType: 'CpuGroup', Settings: { Operation: 'MakeGroup' } });
}

export async function runs(command: ProcessCommand, stdio: ProcessStdio): Promise<void> {
  const all: Process<Writable, Readable, Readable> = await system.createProcess('cmd /c ver');
  const list: Process<Writable, Readable, Readable> = await system.createProcess('cmd', ['/c', 'ver'], { cwd: 'C:\\' });
  const output: Process<null, Readable, null> = await system.createProcess({
    file: 'cmd',
    args: ['/c', 'ver'],
    stdio: ['ignore', 'pipe', 'ignore'],
    timeoutMs: 5000,
  });
  const rest: Process<null, Readable, Readable> = await system.createProcess('cmd', { stdio: ['ignore'] });
  const none: Process<null, null, null> = await system.createProcess({ command: ['cmd'], stdio: 'ignore' });
  const console: Process<Writable, Readable, null> = await system.createProcess('cmd', { tty: true });
  const opened: Process<null, null, null> = await system.openProcess(5);
  const any: Process = await system.createProcess(command);
  use(all, list, output, rest, none, console, opened, any);
  // @ts-expect-error it may have no stdout
  (await system.createProcess(command)).stdout.resume();
  // @ts-expect-error it may have no stdout
  (await system.createProcess('cmd', { stdio })).stdout.resume();
  // @ts-expect-error what it has is in the document
  (await system.createProcess('{"CommandLine":"cmd"}')).stdout.resume();
  const { stderr } = await system.createProcess('cmd', { tty: { rows: 25, columns: 80 } });
  const missing: null = stderr;
  use(missing);
  // @ts-expect-error there is no such option
  await system.createProcess('cmd', { workingDirectory: 'C:\\' });
  // @ts-expect-error there is no such option
  await system.createProcess({ command: 'cmd', workingDirectory: 'C:\\' });
  // @ts-expect-error one of the two
  await system.createProcess({ command: 'cmd', file: 'cmd' });
  // @ts-expect-error a command has no arguments of its own
  await system.createProcess({ command: 'cmd', args: ['/c'] });
  await all.kill('SIGTERM', { timeoutMs: 5000 });
  // @ts-expect-error the signal comes first
  await all.kill({ timeoutMs: 5000 });
}

export async function executes(command: ExecCommand): Promise<void> {
  const text: ExecResult = await system.exec('cmd /c ver');
  const output: string = (await system.exec('cmd', ['/c', 'ver'], { encoding: 'latin1', maxBuffer: 100 })).stdout;
  const bytes: Buffer = (await system.exec({ command: 'cmd', input: 'dir', encoding: 'buffer' })).stderr;
  const document: string = (await system.exec({ CommandLine: 'cmd' }, { input: Buffer.alloc(5) })).stdout;
  use(text, output, bytes, document);
  // @ts-expect-error it reads all output
  await system.exec('cmd', { stdio: 'pipe' });
  // @ts-expect-error there is no such encoding
  await system.exec({ command: 'cmd', encoding: 'klingon' });
  use(command);
}

export function knows(error: unknown): void {
  if (!isHcsError(error)) return;
  const known: [string, number, string | undefined, string | undefined] = [
    error.code,
    error.status,
    error.operation,
    error.remedy,
  ];
  use(known, error.events, error.systemId);
  // @ts-expect-error that is one of arguments only
  use(error.field);
}

system.on('crash', ({ report }) => {
  const phase: Schema2.WindowsCrashPhase | undefined = report.WindowsCrashInfo?.FinalPhase;
  use(phase);
});
