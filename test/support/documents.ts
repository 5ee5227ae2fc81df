/** A process-isolated container of schema 2. */
export function containerDocument(owner = 'hostcompute-test') {
  return {
    Owner: owner,
    SchemaVersion: { Major: 2, Minor: 1 },
    ShouldTerminateOnLastHandleClosed: true,
    Container: {
      GuestOs: { HostName: 'web01' },
      Storage: {
        Path: '\\\\?\\Volume{0f3a6b52-7c1e-4f6f-9a27-1d5e8c0b4a11}\\',
        Layers: [{ Id: 'b3a0a7c9-51d2-5f7f-8a44-0d7c1e6f2b02', Path: 'D:\\layers\\base' }],
      },
    },
  };
}

/** The same of schema 1. */
export function containerDocumentV1(id: string, owner = 'hostcompute-test') {
  return {
    ...isolatedDocumentV1(id, owner),
    HvPartition: false,
    VolumePath: '\\\\?\\Volume{0f3a6b52-7c1e-4f6f-9a27-1d5e8c0b4a11}',
  };
}

/** A virtual machine that HCS can talk to; `more` are members of `VirtualMachine`. */
export function machineDocument(more: object = {}) {
  return {
    Owner: 'hostcompute-test',
    SchemaVersion: { Major: 2, Minor: 1 },
    VirtualMachine: {
      Chipset: { Uefi: {} },
      ComputeTopology: { Memory: { SizeInMB: 1024 }, Processor: { Count: 2 } },
      GuestConnection: {},
      ...more,
    },
  };
}

/** A container inside the virtual machine of that id. */
export function hostedDocument(machine: string) {
  return {
    Owner: 'hostcompute-test',
    SchemaVersion: { Major: 2, Minor: 1 },
    HostingSystemId: machine,
    HostedSystem: {
      SchemaVersion: { Major: 2, Minor: 1 },
      Container: {
        Storage: {
          Path: 'c:\\mounts\\scsi\\m0',
          Layers: [{ Id: 'b3a0a7c9-51d2-5f7f-8a44-0d7c1e6f2b02', Path: '\\\\?\\VMSMB\\VSMB-{0}\\s1' }],
        },
      },
    },
  };
}

/** A Linux container of schema 1. */
export function linuxContainerDocument(id: string) {
  const HvRuntime = { ImagePath: 'C:\\lcow', LinuxKernelFile: 'kernel', LinuxInitrdFile: 'initrd.img' };
  return { ...isolatedDocumentV1(id, 'hostcompute-test'), ContainerType: 'Linux', HvPartition: true, HvRuntime };
}

// What is the same with and without a VM.
function isolatedDocumentV1(id: string, owner: string) {
  return {
    SystemType: 'Container',
    Name: id,
    Owner: owner,
    TerminateOnLastHandleClosed: true,
    LayerFolderPath: 'D:\\layers\\c0ffee01',
    Layers: [{ ID: 'b3a0a7c9-51d2-5f7f-8a44-0d7c1e6f2b02', Path: 'D:\\layers\\base' }],
    IgnoreFlushesDuringBoot: true,
  };
}
