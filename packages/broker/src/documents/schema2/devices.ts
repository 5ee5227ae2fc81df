/** The devices of a machine. */
import type { Shape, Types } from '../shapes.js';
import {
  added,
  file,
  fileName,
  flag,
  folder,
  guid,
  keys,
  list,
  mac,
  map,
  name,
  network,
  object,
  off,
  output,
} from '../shapes.js';
import { pipe, refused, whole, word } from '../shapes.js';

const device = 'It takes a device of the host.';
const memory = 'It shows the guest memory of the host.';
const ofTheSwitch = 'The broker names networks by their endpoints.';

const layerOrShare: Shape = {
  is: 'file',
  use: ['shares', 'layers'],
  want: 'folder',
  writing: { unless: 'Options.ReadOnly' },
  layersOnly: 'Options.TakeBackupPrivilege',
};

export const deviceTypes: Types = {
  Devices: {
    ComPorts: ['P', map(keys.number, 'ComPort', 2)],
    VirtioSerial: ['P', object('VirtioSerial')],
    Scsi: ['F', map(keys.name, 'Scsi', 4)],
    VirtualPMem: ['F', object('VirtualPMemController')],
    NetworkAdapters: ['N', map(keys.name, 'NetworkAdapter', 64)],
    VideoMonitor: ['P', object('VideoMonitor')],
    Keyboard: ['-', object('Empty')],
    Mouse: ['-', object('Empty')],
    HvSocket: ['U', object('VirtualMachine_HvSocket')],
    EnhancedModeVideo: ['P', object('EnhancedModeVideo')],
    GuestCrashReporting: ['F', object('GuestCrashReporting')],
    VirtualSmb: ['F', object('VirtualSmb')],
    Plan9: ['F', object('Plan9')],
    Battery: ['-', object('Empty')],
    FlexibleIov: ['D', refused('It loads an emulator into the host.')],
    SharedMemory: ['S', refused(memory)],
    VirtualPci: ['D', refused(device)],
    KernelIntegration: ['-', object('Empty')],
  },
  ComPort: {
    NamedPipe: ['P', pipe],
    OptimizeForDebugger: ['-', flag],
  },
  VirtioSerial: {
    Ports: ['P', map(keys.number, 'VirtioSerialPort', 64)],
  },
  VirtioSerialPort: {
    NamedPipe: ['P', pipe],
    Name: ['G', name()],
    ConsoleSupport: ['-', flag],
  },
  Scsi: {
    Attachments: ['F', map(keys.lun, 'Attachment', 64)],
    DisableInterruptBatching: ['-', flag],
  },
  Attachment: {
    Type: ['D', word('VirtualDisk', 'Iso')],
    Path: ['F', file('disks', { unless: 'ReadOnly' })],
    CachingMode: ['-', word('Uncached', 'Cached', 'ReadOnlyCached')],
    ReadOnly: ['-', flag],
    SupportCompressedVolumes: ['-', flag],
    AlwaysAllowSparseFiles: ['-', flag],
    SupportEncryptedFiles: ['-', flag],
    IgnoreFlushes: ['-', flag],
    NoWriteHardening: ['-', flag],
    DisableExpansionOptimization: ['-', flag],
    IgnoreRelativeLocator: ['-', flag],
    CaptureIoAttributionContext: ['-', flag],
    ExtensibleVirtualDiskType: ['D', refused('The path would belong to a provider of disks.')],
  },
  VirtualPMemController: {
    Devices: ['F', map(keys.number, 'VirtualPMemDevice', 128)],
    MaximumCount: ['-', whole(128)],
    MaximumSizeBytes: ['-', whole(2 ** 50)],
    Backing: ['M', word('Virtual')],
  },
  VirtualPMemDevice: {
    HostPath: ['F', file('disks')],
    ReadOnly: ['-', added(true)],
    ImageFormat: ['-', word('Vhdx', 'Vhd1')],
    SizeBytes: ['-', whole(2 ** 50)],
    Mappings: ['F', map(keys.long, 'VirtualPMemMapping', 128)],
  },
  VirtualPMemMapping: {
    HostPath: ['F', file('disks')],
    ImageFormat: ['-', word('Vhdx', 'Vhd1')],
  },
  NetworkAdapter: {
    EndpointId: ['N', network],
    MacAddress: ['N', mac],
    InstanceId: ['N', guid],
    DisableInterruptBatching: ['-', flag],
    IovSettings: ['N', object('IovSettings')],
    ConnectionState: ['-', word('Default', 'Disabled', 'Enabled')],
    IsConnected: ['-', flag],
    SwitchId: ['N', refused(ofTheSwitch)],
    PortId: ['N', refused(ofTheSwitch)],
  },
  IovSettings: {
    OffloadWeight: ['M', refused(device)],
    QueuePairsRequested: ['M', refused(device)],
    InterruptModeration: ['-', word('Default', 'Adaptive', 'Off', 'Low', 'Medium', 'High')],
  },
  VideoMonitor: {
    ResolutionType: ['-', refused('Its form is not documented.')],
    HorizontalResolution: ['-', whole(65_535)],
    VerticalResolution: ['-', whole(65_535)],
    ConnectionOptions: ['P', object('RdpConnectionOptions')],
  },
  EnhancedModeVideo: {
    ConnectionOptions: ['P', object('RdpConnectionOptions')],
  },
  RdpConnectionOptions: {
    AccessSids: ['U', added('caller')],
    NamedPipe: ['P', pipe],
  },
  VirtualMachine_HvSocket: {
    HvSocketConfig: ['U', object('HvSocketSystemConfig')],
  },
  HvSocketSystemConfig: {
    DefaultBindSecurityDescriptor: ['U', added('descriptor')],
    DefaultConnectSecurityDescriptor: ['U', added('descriptor')],
    ServiceTable: ['U', map(keys.service, 'HvSocketServiceConfig', 64)],
  },
  HvSocketServiceConfig: {
    BindSecurityDescriptor: ['U', added('descriptor')],
    ConnectSecurityDescriptor: ['U', added('descriptor')],
    AllowWildcardBinds: ['U', off],
    Disabled: ['-', flag],
  },
  GuestCrashReporting: {
    WindowsCrashSettings: ['F', object('WindowsCrashReporting')],
  },
  WindowsCrashReporting: {
    DumpFileName: ['F', output],
    MaxDumpSize: ['-', whole(2 ** 36)],
    DumpType: ['-', word('Disabled', 'Mini', 'Kernel', 'Full')],
  },
  VirtualSmb: {
    Shares: ['F', list('VirtualSmbShare', 64)],
    DirectFileMappingInMB: ['-', whole(1 << 20)],
  },
  VirtualSmbShare: {
    Name: ['G', name()],
    Path: ['F', layerOrShare],
    AllowedFiles: ['F', list(fileName, 1024)],
    Options: ['U', object('VirtualSmbShareOptions')],
  },
  VirtualSmbShareOptions: {
    ReadOnly: ['-', flag],
    ShareRead: ['-', flag],
    CacheIo: ['-', flag],
    NoOplocks: ['-', flag],
    // Reads past each access list: for layers only, see the path.
    TakeBackupPrivilege: ['U', flag],
    UseShareRootIdentity: ['U', off],
    NoDirectmap: ['-', flag],
    NoLocks: ['-', flag],
    NoDirnotify: ['-', flag],
    VmSharedMemory: ['S', off],
    RestrictFileAccess: ['-', flag],
    ForceLevelIIOplocks: ['-', flag],
    ReparseBaseLayer: ['F', off],
    PseudoOplocks: ['-', flag],
    NonCacheIo: ['-', flag],
    PseudoDirnotify: ['-', flag],
    SingleFileMapping: ['-', flag],
    SupportCloudFiles: ['-', off],
    FilterEncryptionAttributes: ['-', flag],
  },
  Plan9: {
    Shares: ['F', list('Plan9Share', 64)],
  },
  Plan9Share: {
    Name: ['G', name()],
    AccessName: ['G', name()],
    Path: ['F', folder('shares', { unlessFlag: 'Flags' })],
    Port: ['G', whole(0xffff_ffff)],
    AllowedFiles: ['F', list(fileName, 1024)],
    // Read-only, Linux metadata, case sensitive, restricted to the allowed files.
    Flags: ['U', { is: 'whole', max: 0xff, bits: 1 | 4 | 8 | 128 }],
  },
};
