/** A Windows utility VM, as a document to be changed. */
export function utilityVmDocument() {
  return {
    Owner: 'hostcompute-test',
    SchemaVersion: { Major: 2, Minor: 1 },
    ShouldTerminateOnLastHandleClosed: true,
    VirtualMachine: {
      StopOnReset: true,
      Chipset: { Uefi: { BootThis: { DeviceType: 'VmbFs', DevicePath: '\\EFI\\Microsoft\\Boot\\bootmgfw.efi' } } },
      ComputeTopology: {
        Memory: { SizeInMB: 1024, AllowOvercommit: true, EnableHotHint: true },
        Processor: { Count: 2 },
      },
      Devices: {
        Scsi: { 'df6d0690-79e5-55b6-a5ec-c1e2f77f580a': { Attachments: { 0: disk('D:\\scratch\\sandbox.vhdx') } } },
        HvSocket: {
          HvSocketConfig: { DefaultBindSecurityDescriptor: 'D:P(A;;FA;;;SY)(A;;FA;;;BA)', ServiceTable: {} },
        },
        VirtualSmb: {
          DirectFileMappingInMB: 1024,
          Shares: [{ Name: 'os', Path: 'D:\\layers\\base\\UtilityVM\\Files', Options: { ReadOnly: true } }],
        },
      },
      GuestConnection: {},
    },
  };
}

/** A virtual machine of one's own, which boots from a disk. */
export function machineDocument() {
  return {
    Owner: 'hostcompute-test',
    SchemaVersion: { Major: 2, Minor: 1 },
    VirtualMachine: {
      Chipset: { Uefi: { BootThis: { DeviceType: 'ScsiDrive', DevicePath: 'disks', DiskNumber: 0 } } },
      ComputeTopology: { Memory: { SizeInMB: 2048 }, Processor: { Count: 2 } },
      Devices: {
        Scsi: { disks: { Attachments: { 0: disk('D:\\vm\\os.vhdx') } } },
        NetworkAdapters: {
          nic: { EndpointId: '3d0b7c80-8f0e-4b7e-9c57-7a1c9a1e0f03', MacAddress: '00-15-5D-01-02-03' },
        },
        ComPorts: { 0: { NamedPipe: '\\\\.\\pipe\\vm-com1' } },
        Keyboard: {},
      },
    },
  };
}

function disk(Path: string) {
  return { Type: 'VirtualDisk', Path };
}

/** A Hyper-V isolated container of schema 1. */
export function hyperVDocumentV1(id = 'web') {
  return {
    SystemType: 'Container',
    Name: id,
    Owner: 'hostcompute-test',
    HvPartition: true,
    HvRuntime: { ImagePath: 'D:\\layers\\base\\UtilityVM' },
    LayerFolderPath: 'D:\\layers\\scratch',
    Layers: [{ ID: 'b3a0a7c9-51d2-5f7f-8a44-0d7c1e6f2b02', Path: 'D:\\layers\\base' }],
  };
}

/** A copy of a document with one member set, or taken out by `undefined`: `set(document, 'A.B.0', value)`. */
export function set(document: object, path: string, value: unknown): object {
  const copy = structuredClone(document) as Record<string, unknown>;
  const steps = path.split('.');
  const last = steps.pop() ?? '';
  let at = copy;
  for (const step of steps) {
    at[step] ??= {};
    at = at[step] as Record<string, unknown>;
  }
  at[last] = value;
  return copy;
}
