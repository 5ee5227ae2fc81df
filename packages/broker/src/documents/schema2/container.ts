/** Containers of the host, and those inside a utility VM, where each path is one of the guest. */
import type { Types } from '../shapes.js';
import { flag, folder, guid, list, megabytes, network, object, off, pipe, refused, system, text } from '../shapes.js';
import { volume, whole, word } from '../shapes.js';

const credentials = 'It hands out credentials of the domain.';
const device = 'It takes a device of the host.';
const anyForm = 'It names files, keys, pipes and objects of the host in a form of its own.';

export const containerTypes: Types = {
  Container: {
    GuestOs: ['G', object('GuestOs')],
    Storage: ['F', object('Storage')],
    MappedDirectories: ['F', list('MappedDirectory', 64)],
    MappedPipes: ['P', list('MappedPipe', 64)],
    Memory: ['M', object('Container_Memory')],
    Processor: ['M', object('Container_Processor')],
    Networking: ['N', object('Networking')],
    HvSocket: ['U', object('Container_HvSocket')],
    ContainerCredentialGuard: ['U', refused(credentials)],
    RegistryChanges: ['G', object('RegistryChanges')],
    AssignedDevices: ['D', refused(device)],
    AdditionalDeviceNamespace: ['D', refused(anyForm)],
    IsolationType: ['U', refused('Such a container is an administrator of the host.')],
  },
  GuestOs: {
    HostName: ['G', text(255)],
  },
  Storage: {
    Layers: ['F', list('Layer', 256)],
    Path: ['F', volume],
    QoS: ['-', object('StorageQoS')],
    PrivilegedContainerRootPath: ['F', refused('Such a container is an administrator of the host.')],
  },
  Layer: {
    Id: ['F', guid],
    Path: ['F', folder('layers')],
    PathType: ['F', word('AbsolutePath')],
    Cache: ['-', word('', 'Unspecified', 'Disabled', 'Enabled', 'Private', 'PrivateAllowSharing')],
  },
  MappedDirectory: {
    HostPath: ['F', folder('shares', { unless: 'ReadOnly' })],
    HostPathType: ['F', word('AbsolutePath')],
    ContainerPath: ['G', text()],
    ReadOnly: ['-', flag],
    SupportCloudFiles: ['F', off],
  },
  MappedPipe: {
    ContainerPipeName: ['G', text(256)],
    HostPath: ['P', pipe],
    HostPathType: ['P', word('AbsolutePath')],
  },
  Container_Memory: {
    SizeInMB: ['M', megabytes],
  },
  Container_Processor: {
    Count: ['M', whole(2048)],
    Weight: ['-', whole(10_000)],
    Maximum: ['-', whole(10_000)],
  },
  Networking: {
    AllowUnqualifiedDnsQuery: ['-', flag],
    DnsSearchList: ['G', text()],
    NetworkSharedContainerName: ['S', system],
    Namespace: ['N', network],
    NetworkAdapters: ['N', list(network, 64)],
  },
  Container_HvSocket: {
    Config: ['U', object('HvSocketSystemConfig')],
    EnablePowerShellDirect: ['U', off],
  },

  HostedSystem: {
    SchemaVersion: ['-', object('Version')],
    Container: ['-', object('HostedContainer')],
  },
  HostedContainer: {
    GuestOs: ['G', object('GuestOs')],
    Storage: ['G', object('HostedStorage')],
    MappedDirectories: ['G', list('HostedDirectory', 64)],
    MappedPipes: ['P', refused('Pipes of the guest may lead to the host.')],
    Memory: ['G', object('HostedMemory')],
    Processor: ['G', object('Container_Processor')],
    Networking: ['N', object('Networking')],
    HvSocket: ['U', object('Container_HvSocket')],
    ContainerCredentialGuard: ['U', refused(credentials)],
    RegistryChanges: ['G', object('RegistryChanges')],
    AssignedDevices: ['D', refused(device)],
    AdditionalDeviceNamespace: ['D', refused(anyForm)],
    IsolationType: ['U', refused('Such a container is an administrator of its machine.')],
  },
  HostedStorage: {
    Layers: ['G', list('GuestLayer', 256)],
    Path: ['G', text()],
    QoS: ['-', object('StorageQoS')],
  },
  HostedDirectory: {
    HostPath: ['G', text()],
    HostPathType: ['G', word('AbsolutePath', 'VirtualSmbShareName')],
    ContainerPath: ['G', text()],
    ReadOnly: ['-', flag],
  },
  HostedMemory: {
    SizeInMB: ['G', whole(1 << 26)],
  },
  GuestLayer: {
    Id: ['G', guid],
    Path: ['G', text()],
    PathType: ['G', word('AbsolutePath', 'VirtualSmbShareName')],
    Cache: ['-', word('', 'Unspecified', 'Disabled', 'Enabled', 'Private', 'PrivateAllowSharing')],
  },
};
