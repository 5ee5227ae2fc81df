// Compile-only: what the API takes and gives. Never run.
import type { Host, Schema2, SystemDocument, VirtualMachineDocument } from 'hostcompute';
import { ComputeSystem } from 'hostcompute';

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
  await system.createProcess({ CommandLine: 'cmd', ConsoleSize: [25, 80] });
  // @ts-expect-error a console has two numbers
  await system.createProcess({ CommandLine: 'cmd', ConsoleSize: [25, 80, 1] });
  await host.modifyServiceSettings({ PropertyType: 'CpuGroup', Settings: { Operation: 'CreateGroup' } });
  // @ts-expect-error there is no such operation
  await host.modifyServiceSettings({ PropertyType: 'CpuGroup', Settings: { Operation: 'MakeGroup' } });
}

system.on('crash', ({ report }) => {
  const phase: Schema2.WindowsCrashPhase | undefined = report.WindowsCrashInfo?.FinalPhase;
  use(phase);
});
