import { documents } from 'hostcompute/documents';

/** What a process-isolated container needs, and two limits. */
export const smallContainer = documents.processIsolated({
  id: 'web',
  layers: [{ id: 'b3a0a7c9-51d2-5f7f-8a44-0d7c1e6f2b02', path: 'D:\\layers\\base' }],
  scratchVolume: '\\\\?\\Volume{0f3a6b52-7c1e-4f6f-9a27-1d5e8c0b4a11}\\',
  hostname: 'web01',
  memoryMiB: 512,
  cpu: { count: 2 },
});

const table = <T>(count: number, make: (index: number) => T): Record<string, T> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [String(index), make(index)]));

/** A utility VM for Linux containers with 200 devices: 128 disks, 64 devices of persistent memory, 8 network adapters. */
export const largeUtilityVm = withDisks(
  documents.linuxUtilityVm({
    bootFolder: 'C:\\LinuxBootFiles',
    memoryMiB: 4096,
    cpu: { count: 4 },
    scsiControllers: 4,
    consolePipe: '\\\\.\\pipe\\vm-com1',
    networkAdapters: table(8, (index) => ({
      endpointId: `3d0b7c80-8f0e-4b7e-9c57-7a1c9a1e0f0${index}`,
      macAddress: `00-15-5D-01-02-0${index}`,
    })),
  }),
);

type Machine = ReturnType<typeof documents.linuxUtilityVm>;

function withDisks(document: Machine): Machine {
  const { VirtualMachine } = document;
  const { Devices } = VirtualMachine;
  const disks = (controller: number) =>
    table(
      32,
      (lun) => ({ Type: 'VirtualDisk', Path: `D:\\disks\\${controller}-${lun}.vhdx`, ReadOnly: true }) as const,
    );
  const Scsi = Object.fromEntries(
    Object.keys(Devices?.Scsi ?? {}).map((name, index) => [name, { Attachments: disks(index) }]),
  );
  const memory = table(
    64,
    (index) => ({ HostPath: `D:\\layers\\${index}.vhd`, ReadOnly: true, ImageFormat: 'Vhd1' }) as const,
  );
  const VirtualPMem = { ...Devices?.VirtualPMem, Devices: memory };
  return { ...document, VirtualMachine: { ...VirtualMachine, Devices: { ...Devices, Scsi, VirtualPMem } } };
}
