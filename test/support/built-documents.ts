import type { SystemDocument } from 'hostcompute';
import { documents } from 'hostcompute/documents';

const layers = [{ id: 'b3a0a7c9-51d2-5f7f-8a44-0d7c1e6f2b02', path: 'D:\\layers\\base' }];
const scratchVolume = '\\\\?\\Volume{0f3a6b52-7c1e-4f6f-9a27-1d5e8c0b4a11}\\';
const guid = '3d0b7c80-8f0e-4b7e-9c57-7a1c9a1e0f03';
const image = 'D:\\layers\\base\\UtilityVM';
const bootFolder = 'C:\\LinuxBootFiles';

const rich = {
  hostname: 'web01',
  memoryMiB: 512,
  cpu: { weight: 200 },
  mounts: [{ hostPath: 'D:\\data', containerPath: 'C:\\data', readOnly: true }],
  pipes: [{ hostPath: '\\\\.\\pipe\\svc' }],
  storageQoS: { iopsMaximum: 1000, bandwidthMaximum: 52428800 },
  dumps: { folder: 'C:\\dumps' },
  registry: { set: [{ hive: 'Software', key: 'Contoso', name: 'Zero', value: 0 }] },
} as const;

const machine = {
  memoryMiB: 2048,
  cpu: { count: 2, limit: 50000, weight: 100 },
  lowMmioGapMiB: 256,
  storageQoS: { iopsMaximum: 1000 },
  consolePipe: '\\\\.\\pipe\\console',
  networkAdapters: { nic0: { endpointId: guid, macAddress: '00-15-5D-01-02-03' } },
  hvSocketServices: { [guid]: { AllowWildcardBinds: true, BindSecurityDescriptor: 'D:P(A;;FA;;;WD)' } },
} as const;

/** Documents that need no other system, by what they are. `schema` is the highest that the host has to speak. */
export const standalone: readonly (readonly [what: string, schema: string, build: (id: string) => SystemDocument])[] = [
  ['a container of schema 2', '2.1', (id) => documents.processIsolated({ id, layers, scratchVolume })],
  [
    'a container of schema 2 with much in it',
    '2.2',
    (id) =>
      documents.processIsolated({
        ...rich,
        id,
        layers,
        scratchVolume,
        devices: [{ interfaceClass: guid }, { locationPath: 'PCIROOT(0)#PCI(0300)' }, { gpuMirror: true }],
        network: { namespace: guid, dnsSearchList: ['a', 'b'], allowUnqualifiedDnsQuery: true },
      }),
  ],
  ['a container of schema 1', '1.0', (id) => documents.processIsolated({ id, layers, scratchVolume, schema: 1 })],
  [
    'a container of schema 1 with much in it',
    '1.0',
    (id) =>
      documents.processIsolated({
        id,
        layers,
        scratchVolume,
        schema: 1,
        hostname: 'web01',
        memoryMiB: 512,
        cpu: { limit: 5000 },
        mounts: rich.mounts,
        pipes: rich.pipes,
        storageQoS: rich.storageQoS,
        credentials: '{}',
        devices: [{ interfaceClass: guid }],
        network: { endpoints: [guid], dnsSearchList: ['a', 'b'], allowUnqualifiedDnsQuery: true },
      }),
  ],
  [
    'a Hyper-V isolated container of schema 1',
    '1.0',
    (id) => documents.hyperVIsolated({ id, layers, image, schema: 1, scratchFolder: 'D:\\scratch', memoryMiB: 2048 }),
  ],
  ['a Windows utility VM', '2.1', () => documents.windowsUtilityVm({ image, scratchDisk: 'D:\\vm.vhdx' })],
  [
    'a Windows utility VM with much in it',
    '2.3',
    () => documents.windowsUtilityVm({ ...machine, image, scratchDisk: 'D:\\vm.vhdx', graphics: true }),
  ],
  ['a Linux utility VM', '2.2', () => documents.linuxUtilityVm({ bootFolder })],
  [
    'a Linux utility VM that boots a disk',
    '2.3',
    () => documents.linuxUtilityVm({ ...machine, bootFolder, rootDiskFile: 'rootfs.vhd', enableColdDiscardHint: true }),
  ],
  ['a Linux utility VM of an older host', '2.1', () => documents.linuxUtilityVm({ bootFolder, osBuild: 17763 })],
  [
    'a Linux container of schema 1',
    '1.0',
    (id) =>
      documents.linuxContainer({ id, schema: 1, bootFolder, layers, scratchFolder: 'D:\\scratch', endpoints: [guid] }),
  ],
  ['a small virtual machine', '2.1', () => documents.virtualMachine({ memoryMiB: 512, shutdownService: false })],
  ['a virtual machine', '2.5', () => documents.virtualMachine({ memoryMiB: 512 })],
  [
    'a virtual machine with much in it',
    '2.5',
    () =>
      documents.virtualMachine({
        ...machine,
        disks: [{ path: 'D:\\os.vhdx' }, { path: 'D:\\seed.iso' }],
        screen: { width: 1024, height: 768 },
        guestStateFile: 'D:\\a.vmgs',
        secureBootTemplateId: guid,
        stopOnReset: true,
      }),
  ],
];

/** What a Hyper-V isolated container of schema 2 takes. */
export function hyperV(id: string) {
  const scratchDisk = 'D:\\scratch\\web\\sandbox.vhdx';
  return documents.hyperVIsolated({ ...rich, id, layers, image, scratchDisk, vm: { scratchDisk: 'D:\\vm.vhdx' } });
}

/** A Linux container, and the VM that it needs. */
export function linux(id: string) {
  const vm = documents.linuxUtilityVm({ bootFolder });
  const container = documents.linuxContainer({
    id,
    hostingSystemId: `${id}@vm`,
    args: ['/bin/sh'],
    environment: { A: '1' },
    memoryMiB: 64,
    cpu: { count: 0.5 },
  });
  return { vm, container };
}
