// Compile-only: what the compiler takes and refuses. Never run.
import type { ModifyRequest, Schema1, Schema2, SystemDocument } from 'hostcompute';
import type { Attachment } from 'hostcompute/schema2';

const guid = 'b3a0a7c9-51d2-5f7f-8a44-0d7c1e6f2b02';

export const container = {
  Owner: 'test',
  SchemaVersion: { Major: 2, Minor: 1 },
  ShouldTerminateOnLastHandleClosed: true,
  Container: {
    Storage: { Path: 'C:\\scratch', Layers: [{ Id: guid, Path: 'D:\\base' }] },
    Memory: { SizeInMB: 2n ** 60n },
  },
} as const satisfies SystemDocument;

export const schema1: SystemDocument = {
  SystemType: 'Container',
  Name: 'web',
  HvPartition: true,
  HvRuntime: { ImagePath: 'D:\\base\\UtilityVM' },
  Layers: [{ ID: guid, Path: 'D:\\base' }],
};

export const machine: SystemDocument = {
  VirtualMachine: {
    Chipset: { Uefi: { BootThis: { DeviceType: 'ScsiDrive', DevicePath: 'disks', DiskNumber: 0 } } },
    Devices: { Scsi: { disks: { Attachments: { 0: { Type: 'VirtualDisk', Path: 'D:\\os.vhdx' } } } }, Keyboard: {} },
  },
};

export const hosted: SystemDocument = {
  HostingSystemId: 'pod@vm',
  HostedSystem: { OciBundlePath: '/run/gcs/c/web', OciSpecification: {}, ScratchDirPath: '/run/scratch' },
};

// @ts-expect-error two kinds in one document
export const twoKinds: SystemDocument = { Container: {}, VirtualMachine: {} };

// @ts-expect-error a hosted system names its host
export const homeless: SystemDocument = { HostedSystem: { Container: {} } };

// @ts-expect-error no kind at all
export const nothing: SystemDocument = { Owner: 'test' };

// @ts-expect-error a member that no schema has
export const misspelt: SystemDocument = { Container: { Memroy: { SizeInMB: 512 } } };

// @ts-expect-error a number as text
export const text: SystemDocument = { Container: { Memory: { SizeInMB: '512' } } };

// @ts-expect-error a value that the list lacks
export const value: SystemDocument = { Container: { AssignedDevices: [{ Type: 'Class' }] } };

// @ts-expect-error a device that has no settings
export const keyboard: SystemDocument = { VirtualMachine: { Devices: { Keyboard: { Layout: 'de' } } } };

// @ts-expect-error schema 1 wants its name
export const unnamed: SystemDocument = { SystemType: 'Container', HvPartition: false };

// @ts-expect-error the size of a console has two numbers
export const console: Schema2.ProcessParameters = { ConsoleSize: [25] };

// @ts-expect-error Windows is told by name
export const signal: Schema2.SignalProcessOptions = { Signal: 15 };

export const anyWidth = (statistics: Schema2.Statistics): bigint => BigInt(statistics.Uptime100ns ?? 0);

// @ts-expect-error 64 bits may be a bigint
export const tooNarrow = (statistics: Schema2.Statistics): number => statistics.Uptime100ns ?? 0;

// Schema 1 and 2 differ in the spelling of the same thing.
export const layers: [Schema1.Layer, Schema2.Layer] = [{ ID: guid }, { Id: guid }];

declare function modify<const P extends string = string>(request: ModifyRequest<P>): void;
declare const attachment: Attachment;
declare const controller: string;
declare const anyPath: string;

export function requests(): void {
  modify({ ResourcePath: 'VirtualMachine/ComputeTopology/Memory/SizeInMB', Settings: 2048 });
  modify({
    ResourcePath: `VirtualMachine/Devices/Scsi/${controller}/Attachments/1`,
    RequestType: 'Add',
    Settings: attachment,
    GuestRequest: { ResourceType: 'MappedVirtualDisk', Settings: { ContainerPath: 'c:\\m0', Lun: 1 } },
  });
  modify({ ResourcePath: `VirtualMachine/Devices/MappedPipes/${anyPath}`, RequestType: 'Remove' });
  modify({ ResourcePath: anyPath, Settings: { whatever: true } });
  modify({ GuestRequest: { ResourceType: 'CombinedLayers', RequestType: 'Add', Settings: { Layers: [] } } });
  modify({ ResourceType: 'Network', RequestType: 'Add', Settings: 'endpoint' });

  // @ts-expect-error memory is a number
  modify({ ResourcePath: 'VirtualMachine/ComputeTopology/Memory/SizeInMB', Settings: { SizeInMB: 2048 } });
  // @ts-expect-error a path that does not exist
  modify({ ResourcePath: 'VirtualMachine/Memory', Settings: 2048 });
  // @ts-expect-error an attachment has no name
  modify({ ResourcePath: `VirtualMachine/Devices/Scsi/0/Attachments/${controller}`, Settings: { Name: 'disk' } });
  // @ts-expect-error the guest knows no such resource
  modify({ GuestRequest: { ResourceType: 'Disk' } });
  // @ts-expect-error v2 has no ResourceType outside the guest request
  modify({ ResourcePath: 'Container/Memory/SizeInMB', ResourceType: 'Memory' });
}
