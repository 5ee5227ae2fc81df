import assert from 'node:assert/strict';

import { documents } from 'hostcompute/documents';

const envelope = {
  Owner: 'hostcompute',
  SchemaVersion: { Major: 2, Minor: 1 },
  ShouldTerminateOnLastHandleClosed: true,
};
const controllers = [
  'df6d0690-79e5-55b6-a5ec-c1e2f77f580a',
  '0110f83b-de10-5172-a266-78bca56bf50a',
  'b5d2d8d4-3a75-51bf-945b-3444dc6b8579',
  '305891a9-b251-5dfe-91a2-c25d9212275b',
] as const;
const sockets = {
  HvSocketConfig: { DefaultBindSecurityDescriptor: 'D:P(A;;FA;;;SY)(A;;FA;;;BA)', ServiceTable: {} },
};
const guid = '3d0b7c80-8f0e-4b7e-9c57-7a1c9a1e0f03';

describe('documents.windowsUtilityVm()', () => {
  const options = { image: 'D:\\layers\\base\\UtilityVM', scratchDisk: 'D:\\scratch\\vm\\sandbox.vhdx' };

  it('returns the document that hcsshim sends, with the guest connection of the host', () => {
    assert.deepEqual(documents.windowsUtilityVm(options), {
      ...envelope,
      VirtualMachine: {
        StopOnReset: true,
        Chipset: { Uefi: { BootThis: { DeviceType: 'VmbFs', DevicePath: '\\EFI\\Microsoft\\Boot\\bootmgfw.efi' } } },
        ComputeTopology: {
          Memory: { SizeInMB: 1024, AllowOvercommit: true, EnableHotHint: true },
          Processor: { Count: 2 },
        },
        Devices: {
          Scsi: {
            [controllers[0]]: { Attachments: { '0': { Type: 'VirtualDisk', Path: 'D:\\scratch\\vm\\sandbox.vhdx' } } },
          },
          HvSocket: sockets,
          VirtualSmb: {
            DirectFileMappingInMB: 1024,
            Shares: [
              {
                Name: 'os',
                Path: 'D:\\layers\\base\\UtilityVM\\Files',
                Options: {
                  ReadOnly: true,
                  ShareRead: true,
                  CacheIo: true,
                  PseudoOplocks: true,
                  TakeBackupPrivilege: true,
                },
              },
            ],
          },
        },
        RegistryChanges: {
          AddValues: [
            {
              Key: { Hive: 'System', Name: 'CurrentControlSet\\Services\\gns' },
              Name: 'EnableCompartmentNamespace',
              Type: 'DWord',
              DWordValue: 1,
            },
          ],
        },
        GuestConnection: {},
      },
    });
  });

  it('writes every supported option', () => {
    const { VirtualMachine } = documents.windowsUtilityVm({
      ...options,
      memoryMiB: 4096,
      cpu: { count: 4, limit: 50000, weight: 0 },
      allowOvercommit: false,
      lowMmioGapMiB: 128,
      highMmioBaseMiB: 65536,
      highMmioGapMiB: 1024,
      cpuGroupId: guid,
      storageQoS: { bandwidthMaximum: 1000 },
      consolePipe: '\\\\.\\pipe\\console',
      networkAdapters: { nic0: { endpointId: guid, macAddress: '00-15-5D-01-02-03' } },
      hvSocketServices: { [guid]: { AllowWildcardBinds: true } },
      compartmentNamespace: false,
      noDirectMap: true,
      graphics: true,
      guestConnection: false,
    });
    assert.deepEqual(VirtualMachine.ComputeTopology, {
      Memory: { SizeInMB: 4096, LowMmioGapInMB: 128, HighMmioBaseInMB: 65536, HighMmioGapInMB: 1024 },
      Processor: { Count: 4, Limit: 50000, Weight: 0, CpuGroup: { Id: guid } },
    });
    assert.deepEqual(VirtualMachine.StorageQoS, { BandwidthMaximum: 1000 });
    assert.equal(VirtualMachine.RegistryChanges, undefined);
    assert.equal(VirtualMachine.GuestConnection, undefined);
    const { VirtualSmb } = VirtualMachine.Devices ?? {};
    assert.equal(VirtualSmb?.Shares?.[0]?.Options?.NoDirectmap, true);
    const { Scsi } = documents.windowsUtilityVm(options).VirtualMachine.Devices ?? {};
    assert.deepEqual(VirtualMachine.Devices, {
      Scsi,
      VirtualSmb,
      HvSocket: {
        HvSocketConfig: { ...sockets.HvSocketConfig, ServiceTable: { [guid]: { AllowWildcardBinds: true } } },
      },
      ComPorts: { '0': { NamedPipe: '\\\\.\\pipe\\console' } },
      NetworkAdapters: { nic0: { EndpointId: guid, MacAddress: '00-15-5D-01-02-03' } },
      Keyboard: {},
      EnhancedModeVideo: {},
      VideoMonitor: {},
    });
  });
});

describe('documents.linuxUtilityVm()', () => {
  const bootFolder = 'C:\\LinuxBootFiles';
  const guest = '/bin/vsockexec -e 109 /bin/gcs -v4 -log-format json -loglevel info';
  const kernel = 'initcall_blacklist=virtio_vsock_init 8250_core.nr_uarts=0 panic=-1 quiet pci=off nr_cpus=2';

  it('returns the document that hcsshim sends, with the guest connection of the host', () => {
    assert.deepEqual(documents.linuxUtilityVm({ bootFolder }), {
      ...envelope,
      VirtualMachine: {
        StopOnReset: true,
        Chipset: {
          LinuxKernelDirect: {
            KernelFilePath: 'C:\\LinuxBootFiles\\vmlinux',
            InitRdPath: 'C:\\LinuxBootFiles\\initrd.img',
            KernelCmdLine: `${kernel} brd.rd_nr=0 pmtmr=0 -- -e 1 ${guest}`,
          },
        },
        ComputeTopology: { Memory: { SizeInMB: 1024, AllowOvercommit: true }, Processor: { Count: 2 } },
        Devices: {
          Scsi: { [controllers[0]]: { Attachments: {} } },
          VirtualPMem: { MaximumCount: 64, MaximumSizeBytes: 4294967296 },
          HvSocket: sockets,
          Plan9: {},
        },
        GuestConnection: { UseVsock: true, UseConnectedSuspend: true },
      },
    });
  });

  it('boots from a disk in persistent memory', () => {
    const { VirtualMachine } = documents.linuxUtilityVm({
      bootFolder,
      rootDiskFile: 'rootfs.vhd',
      writableOverlay: true,
    });
    assert.deepEqual(VirtualMachine.Chipset, {
      LinuxKernelDirect: {
        KernelFilePath: 'C:\\LinuxBootFiles\\vmlinux',
        KernelCmdLine: `root=/dev/pmem0 ro rootwait init=/init ${kernel} brd.rd_nr=0 pmtmr=0 -- -e 1 -w ${guest}`,
      },
    });
    assert.deepEqual(VirtualMachine.Devices?.VirtualPMem, {
      Devices: { '0': { HostPath: 'C:\\LinuxBootFiles\\rootfs.vhd', ReadOnly: true, ImageFormat: 'Vhd1' } },
      MaximumCount: 64,
      MaximumSizeBytes: 4294967296,
    });
  });

  it('boots from a SCSI disk with four controllers when there is no persistent memory', () => {
    const { VirtualMachine } = documents.linuxUtilityVm({
      bootFolder,
      rootDiskFile: 'rootfs.vhd',
      persistentMemory: { maximumCount: 0 },
    });
    const line = VirtualMachine.Chipset?.LinuxKernelDirect?.KernelCmdLine ?? '';
    assert.match(line, /^root=\/dev\/sda ro rootwait init=\/init /);
    assert.equal(VirtualMachine.Devices?.VirtualPMem, undefined);
    const [first, ...others] = controllers;
    assert.deepEqual(VirtualMachine.Devices?.Scsi, {
      [first]: {
        Attachments: { '0': { Type: 'VirtualDisk', Path: 'C:\\LinuxBootFiles\\rootfs.vhd', ReadOnly: true } },
      },
      ...Object.fromEntries(others.map((name) => [name, { Attachments: {} }])),
    });
  });

  it('boots through UEFI below build 18286', () => {
    const { VirtualMachine } = documents.linuxUtilityVm({ bootFolder, osBuild: 17763 });
    assert.deepEqual(VirtualMachine.Chipset, {
      Uefi: {
        BootThis: {
          DeviceType: 'VmbFs',
          VmbFsRootPath: bootFolder,
          DevicePath: '\\kernel',
          OptionalData: `initrd=/initrd.img ${kernel} brd.rd_nr=0 pmtmr=0 -- -e 1 ${guest}`,
        },
      },
    });
  });

  it('starts a shell on the console pipe', () => {
    const { VirtualMachine } = documents.linuxUtilityVm({
      bootFolder,
      consolePipe: '\\\\.\\pipe\\console',
      graphics: true,
      pci: true,
      kernelOptions: 'debug',
      cpu: { count: 4 },
      enableColdDiscardHint: true,
    });
    assert.equal(
      VirtualMachine.Chipset?.LinuxKernelDirect?.KernelCmdLine,
      'initcall_blacklist=virtio_vsock_init ' +
        '8250_core.nr_uarts=1 8250_core.skip_txen_test=1 console=ttyS0,115200 console=tty debug nr_cpus=4 ' +
        `brd.rd_nr=0 pmtmr=0 -- -e 1 sh -c "${guest} & exec sh"`,
    );
    assert.equal(VirtualMachine.ComputeTopology?.Memory?.EnableColdDiscardHint, true);
    assert.deepEqual(VirtualMachine.Devices?.ComPorts, { '0': { NamedPipe: '\\\\.\\pipe\\console' } });
    assert.deepEqual(VirtualMachine.Devices.VideoMonitor, {});
  });
});

describe('documents.linuxContainer()', () => {
  it('returns the document that hcsshim sends', () => {
    assert.deepEqual(documents.linuxContainer({ id: 'c0ffee04', hostingSystemId: 'pod2@vm' }), {
      ...envelope,
      HostingSystemId: 'pod2@vm',
      HostedSystem: {
        SchemaVersion: { Major: 2, Minor: 1 },
        OciBundlePath: '/run/gcs/c/c0ffee04',
        OciSpecification: {
          ociVersion: '1.0.2',
          process: {},
          root: { path: '/run/gcs/c/c0ffee04/rootfs' },
          linux: {},
        },
        ScratchDirPath: '/run/mounts/scsi/m0/scratch/c0ffee04',
      },
    });
  });

  it('overrides the OCI specification with its options', () => {
    const { HostedSystem } = documents.linuxContainer({
      id: 'c0ffee04',
      hostingSystemId: 'pod2@vm',
      scratchPath: '/run/scratch',
      args: ['/bin/server', ''],
      environment: { PATH: '/bin', EMPTY: '' },
      workingDirectory: '/srv',
      terminal: true,
      hostname: 'web_01',
      memoryMiB: 256,
      cpu: { count: 1.5, weight: 512 },
      mounts: [{ source: '/run/mounts/m1', destination: '/data', readOnly: true }],
      networkNamespace: 'ns',
      spec: {
        ociVersion: '1.2.0',
        process: { user: { uid: 1 }, cwd: '/' },
        linux: { resources: { memory: { swap: 1 }, cpu: { cpus: '0' } } },
        mounts: [{ destination: '/proc', type: 'proc', source: 'proc' }],
        root: { readonly: true, path: 'ignored' },
      },
    });
    assert.deepEqual(HostedSystem, {
      SchemaVersion: { Major: 2, Minor: 1 },
      OciBundlePath: '/run/gcs/c/c0ffee04',
      OciSpecification: {
        ociVersion: '1.2.0',
        process: {
          user: { uid: 1 },
          args: ['/bin/server', ''],
          env: ['PATH=/bin', 'EMPTY='],
          cwd: '/srv',
          terminal: true,
        },
        root: { readonly: true, path: '/run/gcs/c/c0ffee04/rootfs' },
        linux: {
          resources: {
            memory: { swap: 1, limit: 268435456 },
            cpu: { cpus: '0', quota: 150000, period: 100000, shares: 512 },
          },
        },
        hostname: 'web_01',
        mounts: [
          { destination: '/proc', type: 'proc', source: 'proc' },
          { source: '/run/mounts/m1', destination: '/data', type: 'bind', options: ['rbind', 'ro'] },
        ],
        windows: { network: { networkNamespace: 'ns' } },
      },
      ScratchDirPath: '/run/scratch',
    });
  });

  const one = {
    schema: 1,
    id: 'c0ffee03',
    scratchFolder: 'D:\\lcow\\c0ffee03',
    layers: [{ id: 'b3a0a7c9-51d2-5f7f-8a44-0d7c1e6f2b02', path: 'D:\\lcow\\base\\layer.vhd' }],
  } as const;

  it('returns the single schema 1 document that Docker sends', () => {
    const document = documents.linuxContainer({
      ...one,
      bootFolder: 'C:\\Program Files\\Linux Containers',
      mounts: [{ hostPath: 'D:\\data', containerPath: '/tmp/gcs/c0ffee03/binds/data' }],
    });
    assert.deepEqual(document, {
      SystemType: 'container',
      ContainerType: 'linux',
      Name: 'c0ffee03',
      Owner: 'hostcompute',
      HvPartition: true,
      TerminateOnLastHandleClosed: true,
      HvRuntime: {
        ImagePath: 'C:\\Program Files\\Linux Containers',
        LinuxKernelFile: 'kernel',
        LinuxInitrdFile: 'initrd.img',
        LinuxBootParameters: '',
      },
      LayerFolderPath: 'D:\\lcow\\c0ffee03',
      Layers: [{ ID: 'b3a0a7c9-51d2-5f7f-8a44-0d7c1e6f2b02', Path: 'D:\\lcow\\base\\layer.vhd' }],
      MappedDirectories: [
        {
          HostPath: 'D:\\data',
          ContainerPath: '/tmp/gcs/c0ffee03/binds/data',
          CreateInUtilityVM: true,
          ReadOnly: false,
          BandwidthMaximum: 0,
          IOPSMaximum: 0,
          LinuxMetadata: true,
        },
      ],
      EndpointList: [],
    });
  });

  it('boots from a disk in schema 1', () => {
    const { HvRuntime } = documents.linuxContainer({ ...one, bootDisk: 'C:\\boot.vhdx' });
    assert.deepEqual(HvRuntime, { ImagePath: 'C:\\boot.vhdx', BootSource: 'Vhd', WritableBootSource: false });
  });
});

describe('documents.virtualMachine()', () => {
  it('returns the document of the HCS samples', () => {
    const document = documents.virtualMachine({
      memoryMiB: 2048,
      cpu: { count: 2 },
      disks: [{ path: 'D:\\vm\\os.vhdx' }, { path: 'D:\\iso\\seed.iso' }],
      networkAdapters: { nic0: { endpointId: guid, macAddress: '00-15-5D-01-02-03' } },
      consolePipe: '\\\\.\\pipe\\vm-com1',
      screen: { width: 1024, height: 768 },
    });
    assert.deepEqual(document, {
      ...envelope,
      VirtualMachine: {
        Chipset: { Uefi: { BootThis: { DeviceType: 'ScsiDrive', DevicePath: 'disks', DiskNumber: 0 } } },
        ComputeTopology: { Memory: { SizeInMB: 2048, AllowOvercommit: true }, Processor: { Count: 2 } },
        Devices: {
          Scsi: {
            disks: {
              Attachments: {
                '0': { Type: 'VirtualDisk', Path: 'D:\\vm\\os.vhdx' },
                '1': { Type: 'Iso', Path: 'D:\\iso\\seed.iso', ReadOnly: true },
              },
            },
          },
          NetworkAdapters: { nic0: { EndpointId: guid, MacAddress: '00-15-5D-01-02-03' } },
          ComPorts: { '0': { NamedPipe: '\\\\.\\pipe\\vm-com1' } },
          Keyboard: {},
          Mouse: {},
          VideoMonitor: { HorizontalResolution: 1024, VerticalResolution: 768 },
          EnhancedModeVideo: {},
        },
        Services: { Shutdown: {} },
      },
    });
  });

  it('writes a minimal document', () => {
    assert.deepEqual(documents.virtualMachine({ memoryMiB: 512, shutdownService: false }).VirtualMachine, {
      Chipset: { Uefi: {} },
      ComputeTopology: { Memory: { SizeInMB: 512, AllowOvercommit: true }, Processor: { Count: 1 } },
      Devices: {},
    });
  });

  it('adds the integration service that shuts down a guest without a connection', () => {
    const servicesOf = (options: object) =>
      documents.virtualMachine({ memoryMiB: 512, ...options }).VirtualMachine.Services;
    assert.deepEqual(servicesOf({}), { Shutdown: {} });
    assert.deepEqual(servicesOf({ guestConnection: false }), { Shutdown: {} });
    assert.equal(servicesOf({ guestConnection: {} }), undefined);
    assert.deepEqual(servicesOf({ guestConnection: {}, shutdownService: true }), { Shutdown: {} });
  });

  it('boots from the given device, with the keys of a template', () => {
    const disks = [{ path: 'C:\\a.vhdx' }, { path: 'C:\\b.vhdx', type: 'PassThru', readOnly: true }] as const;
    const second = documents.virtualMachine({ memoryMiB: 512, disks, boot: { disk: 1 }, secureBootTemplateId: guid });
    assert.deepEqual(second.VirtualMachine.Chipset?.Uefi, {
      SecureBootTemplateId: guid,
      BootThis: { DeviceType: 'ScsiDrive', DevicePath: 'disks', DiskNumber: 1 },
    });
    assert.deepEqual(second.VirtualMachine.Devices?.Scsi?.disks?.Attachments?.['1'], {
      Type: 'PassThru',
      Path: 'C:\\b.vhdx',
      ReadOnly: true,
    });
    const network = documents.virtualMachine({ memoryMiB: 512, boot: { network: true } });
    assert.deepEqual(network.VirtualMachine.Chipset?.Uefi, { BootThis: { DeviceType: 'Network' } });
  });

  it('saves and restores state', () => {
    const { VirtualMachine } = documents.virtualMachine({
      memoryMiB: 512,
      stopOnReset: true,
      guestStateFile: 'C:\\a.vmgs',
      runtimeStateFile: 'C:\\a.vmrs',
      restoreFrom: 'C:\\saved.vmrs',
      exposeVirtualizationExtensions: true,
      guestConnection: {},
    });
    assert.equal(VirtualMachine.StopOnReset, true);
    assert.deepEqual(VirtualMachine.GuestState, {
      GuestStateFilePath: 'C:\\a.vmgs',
      RuntimeStateFilePath: 'C:\\a.vmrs',
    });
    assert.deepEqual(VirtualMachine.RestoreState, { SaveStateFilePath: 'C:\\saved.vmrs' });
    assert.equal(VirtualMachine.ComputeTopology?.Processor?.ExposeVirtualizationExtensions, true);
    assert.deepEqual(VirtualMachine.GuestConnection, {});
    const clone = documents.virtualMachine({ memoryMiB: 512, cloneOf: 'golden' });
    assert.deepEqual(clone.VirtualMachine.RestoreState, { TemplateSystemId: 'golden' });
  });
});
