/**
 * What a request asks of the guest. The host passes it on unread, and the guest is the client's own: what names of it reach is
 * inside the guest. Members of Windows and of Linux guests are in one type where both have one of that name.
 */
import type { Types } from '../shapes.js';
import { flag, guid, list, mac, object, refused, text, whole, word } from '../shapes.js';

const anyForm = 'Its form is that of another specification.';
const layers = list('GuestLayer', 256);

export const guestTypes: Types = {
  GuestDirectory: {
    HostPath: ['G', text()],
    HostPathType: ['G', word('AbsolutePath', 'VirtualSmbShareName')],
    ContainerPath: ['G', text()],
    MountPath: ['G', text()],
    ShareName: ['G', text(255)],
    Port: ['G', whole(0xffff_ffff)],
    ReadOnly: ['G', flag],
    SupportCloudFiles: ['G', flag],
  },
  GuestDisk: {
    ContainerPath: ['G', text()],
    MountPath: ['G', text()],
    Lun: ['G', whole(255)],
    Controller: ['G', whole(255)],
    Partition: ['G', whole(2 ** 64)],
    ReadOnly: ['G', flag],
    Encrypted: ['G', flag],
    Options: ['G', list(text(256), 64)],
    BlockDev: ['G', flag],
    VerityInfo: ['G', object('DeviceVerityInfo')],
    EnsureFilesystem: ['G', flag],
    Filesystem: ['G', text(64)],
  },
  DeviceVerityInfo: {
    Ext4SizeInBytes: ['G', whole(2 ** 63)],
    Version: ['G', whole(255)],
    Algorithm: ['G', text(64)],
    SuperBlock: ['G', flag],
    RootDigest: ['G', text(512)],
    Salt: ['G', text(512)],
    BlockSize: ['G', whole(2 ** 31)],
  },
  SCSIDevice: {
    Controller: ['G', whole(255)],
    Lun: ['G', whole(255)],
  },
  GuestLayers: {
    ContainerID: ['G', text(255)],
    ContainerRootPath: ['G', text()],
    Layers: ['G', layers],
    ScratchPath: ['G', text()],
    FilterType: ['G', word('UnionFS', 'WCIFS')],
  },
  CWCOWCombinedLayers: {
    ContainerID: ['G', text(255)],
    CombinedLayers: ['G', object('GuestLayers')],
  },
  CWCOWBlockCIMMounts: {
    BlockCIMs: ['G', list('BlockCIMDevice', 256)],
    VolumeGUID: ['G', guid],
    MountFlags: ['G', whole(0xffff_ffff)],
    ContainerID: ['G', text(255)],
  },
  BlockCIMDevice: {
    CimName: ['G', text(255)],
    Lun: ['G', whole(255)],
  },
  LCOWMappedVPMemDevice: {
    DeviceNumber: ['G', whole(255)],
    MountPath: ['G', text()],
    MappingInfo: ['G', object('LCOWVPMemMappingInfo')],
    VerityInfo: ['G', object('DeviceVerityInfo')],
  },
  LCOWVPMemMappingInfo: {
    DeviceOffsetInBytes: ['G', whole(2 ** 64)],
    DeviceSizeInBytes: ['G', whole(2 ** 64)],
  },
  LCOWMappedVPCIDevice: {
    VMBusGUID: ['G', guid],
  },
  GuestNetwork: {
    NamespaceID: ['G', text(64)],
    ID: ['G', text(64)],
    MacAddress: ['G', mac],
    DNSSuffix: ['G', text(1024)],
    DNSServerList: ['G', text(1024)],
    EncapOverhead: ['G', whole(65_535)],
    VPCIAssigned: ['G', flag],
    IPConfigs: ['G', list('LCOWIPConfig', 64)],
    Routes: ['G', list('LCOWRoute', 256)],
    PolicyBasedRouting: ['G', flag],
    EnableLowMetric: ['G', flag],
    RequestType: ['G', word('PreAdd', 'Add', 'Remove')],
    AdapterId: ['G', text(64)],
    Settings: ['N', refused(anyForm)],
  },
  LCOWIPConfig: {
    IPAddress: ['G', text(64)],
    PrefixLength: ['G', whole(128)],
  },
  LCOWRoute: {
    NextHop: ['G', text(64)],
    DestinationPrefix: ['G', text(64)],
    Metric: ['G', whole(65_535)],
  },
  HvSocketAddress: {
    LocalAddress: ['G', guid],
    ParentAddress: ['G', guid],
  },
  ConfidentialOptions: {
    EnforcerType: ['G', text(64)],
    EncodedSecurityPolicy: ['G', text(524_288)],
    EncodedUVMReference: ['G', text(524_288)],
    EncodedUVMHashEnvelopeReference: ['G', text(524_288)],
  },
  SecurityPolicyFragment: {
    Fragment: ['G', text(524_288)],
    MediaType: ['G', text(256)],
  },
};

/** The type of the settings, by what a request to the guest is about; null: it has none. What is not here is refused. */
export const guestResources: Readonly<Record<string, string | null>> = {
  MappedDirectory: 'GuestDirectory',
  MappedVirtualDisk: 'GuestDisk',
  MappedVirtualDiskForContainerScratch: 'GuestDisk',
  SCSIDevice: 'SCSIDevice',
  CombinedLayers: 'GuestLayers',
  CWCOWCombinedLayers: 'CWCOWCombinedLayers',
  WCOWBlockCims: 'CWCOWBlockCIMMounts',
  VPMemDevice: 'LCOWMappedVPMemDevice',
  VPCIDevice: 'LCOWMappedVPCIDevice',
  Network: 'GuestNetwork',
  HvSocket: 'HvSocketAddress',
  SecurityPolicy: 'ConfidentialOptions',
  SecurityPolicyFragment: 'SecurityPolicyFragment',
  PodCgroupMemoryLimit: null,
};
