// Machines as people have reported them: what each answers differently from a healthy server, and what the doctor finds there that
// it does not find on that. They are made by hand from the reports, which had no recording of all answers.
import type { Answer, CheckedImage, Outcome } from 'hostcompute/doctor';

import {
  absent,
  build,
  chosen,
  denied,
  mitigation,
  noLibrary,
  noService,
  number,
  pending,
  processor,
  service,
  text,
  token,
  value,
  version,
  vmcomputeLibrary,
} from '../healthy.js';
import type { Answered } from './server-2022.js';
import {
  addressed,
  attachedFilters,
  bootFiles,
  denyWrite,
  dism,
  exclusions,
  memoryOf,
  nat,
  root,
  runningDrivers,
  volumeOf,
} from './server-2022.js';

export interface RecordedHost {
  readonly name: string;
  /** Where the machine comes from. */
  readonly from: string;
  readonly differs: Answered;
  /** Of all other checks the outcome is that of the healthy server. */
  readonly finds: Readonly<Record<string, Outcome>>;
  readonly image?: CheckedImage;
}

const failed = (error: number, call: string): Answer => ({ error, call });
const noDll = failed(126, 'LoadLibraryExW');
const newer = [
  'library computecore.dll HcsCreateOperation HcsGetServiceProperties',
  'library computestorage.dll HcsImportLayer HcsInitializeWritableLayer',
  'library computenetwork.dll HcnEnumerateNetworks HcnCreateEndpoint',
];
const each = (names: readonly string[], answer: Answer): Answered =>
  Object.fromEntries(names.map((name) => [name, answer]));

const client: Answered = {
  system: build(22631, 1),
  [`${version}:UBR`]: number(4460),
  [`${version}:EditionID`]: text('Professional'),
  [`${version}:InstallationType`]: text('Client'),
};

const noHypervisor = processor({
  firmwareVirtualization: true,
  slat: true,
  hypervisor: false,
  vendor: '',
  interface: '',
  createPartitions: false,
});

const withoutFeatures: Answered = {
  ...client,
  ...each([vmcomputeLibrary, ...newer], noLibrary),
  ...each(
    ['vmcompute', 'hns', 'vmms', 'hvhost', 'vfpext', 'containerd'].map((name) => `service ${name}`),
    noService,
  ),
  ...each(['Containers', 'Microsoft-Hyper-V', 'VirtualMachinePlatform'].map(chosen), absent),
  ...each(
    ['Containers', 'Microsoft-Hyper-V', 'VirtualMachinePlatform'].map((name) => `feature ${name}`),
    dism(2),
  ),
  processor: noHypervisor,
  hypervisor: value({ present: false }),
  'account-rights S-1-5-83-0': failed(0xc0000034, 'LsaEnumerateAccountRights'),
  ...each(['networks', 'systems'], noDll),
};

const withoutFeaturesFinds: Readonly<Record<string, Outcome>> = {
  'lib.vmcompute': 'problem',
  'lib.newer': 'warning',
  'svc.vmcompute': 'problem',
  'svc.hns': 'problem',
  'feature.containers': 'problem',
  'feature.hyperv': 'problem',
  'hypervisor.running': 'problem',
  'rights.vm-logon': 'skipped',
  'net.nat': 'unknown',
};

const user = {
  elevated: false,
  elevationType: 1,
  administrators: false,
  hyperVAdministrators: false,
  accountIsHyperVAdministrator: false,
  privileges: ['SeChangeNotifyPrivilege'],
};

const notElevated: Answered = {
  token: token(user),
  filters: failed(0x80070005, 'FilterFindFirst'),
  [exclusions]: denied,
  'account-rights S-1-5-83-0': denied,
  ...each(
    ['Containers', 'Microsoft-Hyper-V', 'VirtualMachinePlatform'].map((name) => `feature ${name}`),
    failed(740, 'DismOpenSession'),
  ),
  systems: failed(0x8037011b, 'HcsEnumerateComputeSystems'),
  networks: failed(0x80070005, 'HcnEnumerateNetworks'),
};

const notElevatedFinds: Readonly<Record<string, Outcome>> = {
  'rights.elevated': 'problem',
  'rights.privileges': 'problem',
  'rights.vm-logon': 'unknown',
  'filters.foreign': 'unknown',
  antivirus: 'unknown',
  'net.nat': 'unknown',
};

const vpn = { name: 'Corporate VPN', type: 53, index: 21, prefix: '10.8.0.6/24' };

export const hosts: readonly RecordedHost[] = [
  { name: 'a healthy server 2022', from: 'docker/for-win#3884, the filters', differs: {}, finds: {} },
  {
    name: 'Windows 11 Pro without the feature Containers',
    from: 'podman-desktop/podman-desktop#9158',
    differs: withoutFeatures,
    finds: withoutFeaturesFinds,
  },
  {
    name: 'Windows Home with Virtual Machine Platform',
    from: 'microsoft/WSL src/windows/common/wslutil.cpp',
    differs: {
      ...client,
      [`${version}:EditionID`]: text('Core'),
      [chosen('Containers')]: absent,
      [chosen('Microsoft-Hyper-V')]: absent,
      [chosen('VirtualMachinePlatform')]: number(1),
      'feature Containers': dism(0),
      'feature Microsoft-Hyper-V': dism(0),
      'feature VirtualMachinePlatform': dism(4),
      'service vmms': noService,
      'service containerd': noService,
      'service WSLService': service(2, 4),
    },
    finds: { 'os.edition': 'problem' },
  },
  {
    name: 'a restart that is pending after Containers was enabled',
    from: 'microsoft/WSL#41346',
    differs: { ...withoutFeatures, [chosen('Containers')]: number(1), [pending]: value({ keys: [], values: [] }) },
    finds: { ...withoutFeaturesFinds, 'os.reboot': 'problem' },
  },
  {
    name: 'a policy of a domain that takes the logon of virtual machines',
    from: 'microsoft/WSL#5401; anthropics/claude-code#29359',
    differs: { 'account-rights S-1-5-83-0': value(['SeCreateSymbolicLinkPrivilege']) },
    finds: { 'rights.vm-logon': 'problem' },
  },
  {
    name: 'a policy of BitLocker against removable drives',
    from: 'Debug-ContainerHost.ps1',
    differs: { [denyWrite]: number(1) },
    finds: { 'policy.containers': 'warning' },
  },
  {
    name: 'EC2 without nesting',
    from: 'aws/containers-roadmap#2784',
    differs: {
      processor: processor({ vendor: 'KVMKVMKVM', interface: '', createPartitions: false }),
      hypervisor: value({ present: false }),
      'registry HARDWARE\\DESCRIPTION\\System\\BIOS:SystemManufacturer': text('Amazon EC2'),
      'registry HARDWARE\\DESCRIPTION\\System\\BIOS:SystemProductName': text('m5.xlarge'),
      'service vmms': noService,
      'service hvhost': noService,
      'service vfpext': noService,
      [chosen('Microsoft-Hyper-V')]: absent,
      'feature Microsoft-Hyper-V': dism(2),
    },
    finds: { 'feature.hyperv': 'problem', 'hypervisor.running': 'skipped', 'vm.nested': 'problem' },
  },
  {
    name: 'a root on ReFS',
    from: 'containerd/containerd plugins/snapshots/windows: only NTFS volumes are supported',
    differs: { [`volume ${root}`]: volumeOf({ fileSystem: 'ReFS' }), [`dev-drive ${root}`]: value({ flags: 0 }) },
    finds: { 'disk.filesystem': 'problem' },
  },
  {
    name: 'a root on a trusted Dev Drive',
    from: 'Microsoft Learn, Set up a Dev Drive on Windows 11',
    differs: {
      ...client,
      [`volume ${root}`]: volumeOf({ fileSystem: 'ReFS' }),
      [`dev-drive ${root}`]: value({ flags: 0x6000 }),
    },
    finds: { 'disk.filesystem': 'problem', 'disk.devdrive': 'problem' },
  },
  {
    name: 'a compressed folder',
    from: 'anthropics/claude-code#66772',
    differs: { [`volume ${root}`]: volumeOf({ attributes: 0x810 }) },
    finds: { 'disk.filesystem': 'problem' },
  },
  {
    name: 'a volume that is nearly full',
    from: 'sizes of images of Windows Server 2025',
    differs: { [`volume ${root}`]: volumeOf({ freeBytes: 3 * 2 ** 30 }) },
    finds: { 'disk.space': 'problem' },
  },
  {
    name: 'Box Drive, whose driver is not among the filters',
    from: 'moby/moby#42807',
    differs: { drivers: runningDrivers('cbfs20') },
    finds: { 'filters.foreign': 'problem' },
  },
  {
    name: 'Box Drive, looked at without elevation',
    from: 'moby/moby#42807',
    differs: { ...notElevated, drivers: runningDrivers('cbfsconnect2017') },
    finds: { ...notElevatedFinds, 'filters.foreign': 'problem' },
  },
  {
    name: 'a filter that encrypts files',
    from: 'Microsoft Learn, Load order groups and altitudes for minifilter drivers',
    differs: { filters: attachedFilters({ AcmeCrypt: '145310' }), drivers: runningDrivers('AcmeCrypt') },
    finds: { 'filters.foreign': 'warning' },
  },
  {
    name: 'Symantec',
    from: 'moby/moby#30296; docker/for-win#292',
    differs: { filters: attachedFilters({ SRTSP: '329000' }), drivers: runningDrivers('SRTSP') },
    finds: { antivirus: 'warning' },
  },
  {
    name: 'Microsoft Defender without an exclusion',
    from: 'moby/moby#52611',
    differs: { [exclusions]: value({ keys: [], values: ['D:\\layers2', 'C:\\build'] }) },
    finds: { antivirus: 'warning' },
  },
  {
    name: 'a program that is not elevated',
    from: 'microsoft/mxc docs/backend-support-probe-api-plan.md',
    differs: notElevated,
    finds: notElevatedFinds,
  },
  {
    name: 'an account in the group and not yet in the token',
    from: 'podman-desktop/podman-desktop#18963; containers/podman#28535',
    differs: { ...notElevated, token: token({ ...user, accountIsHyperVAdministrator: true }) },
    finds: { ...notElevatedFinds, 'rights.group': 'warning' },
  },
  {
    name: 'hns without vfpext',
    from: 'microsoft/WSL src/windows/common/wslutil.cpp 1347',
    differs: { ...client, 'service vfpext': noService, networks: failed(0x80070002, 'HcnEnumerateNetworks') },
    finds: { 'svc.hns': 'problem', 'net.nat': 'unknown' },
  },
  {
    name: 'Windows Server 2016 of an old revision',
    from: 'Debug-ContainerHost.ps1',
    differs: {
      system: build(14393),
      [`${version}:UBR`]: number(187),
      ...each(newer, noLibrary),
      'service bindflt': noService,
      'service vfpext': noService,
      networks: noDll,
    },
    finds: { 'os.build': 'warning', 'os.revision': 'problem', 'lib.newer': 'warning', 'net.nat': 'unknown' },
  },
  {
    name: 'a machine without DISM',
    from: 'google/glazier go/dism',
    differs: each(
      ['Containers', 'Microsoft-Hyper-V', 'VirtualMachinePlatform'].map((name) => `feature ${name}`),
      failed(126, 'DismInitialize'),
    ),
    finds: {},
  },
  {
    name: 'HypervisorPlatform disabled while it works',
    from: 'A3S-Lab/Box#250',
    differs: {
      ...client,
      [chosen('VirtualMachinePlatform')]: number(0),
      'feature VirtualMachinePlatform': dism(2),
    },
    finds: {},
  },
  {
    name: 'an override of exploit protection for vmcompute.exe',
    from: 'microsoft/WSL#4951',
    differs: { ...client, [mitigation]: value({ type: 'REG_BINARY', value: '00010000000000000000000000000000' }) },
    finds: { 'svc.vmcompute.mitigation': 'warning' },
  },
  {
    name: 'vmcompute disabled',
    from: 'sakai135/wsl-vpnkit#207',
    differs: { 'service vmcompute': service(4, 1, 1077), systems: failed(0x80070422, 'HcsEnumerateComputeSystems') },
    finds: { 'svc.vmcompute': 'problem' },
  },
  {
    name: 'two engines with one nat',
    from: 'docker/for-win#726',
    differs: { 'service docker': service(2, 4) },
    finds: { neighbours: 'warning' },
  },
  {
    name: 'no page file, and little left to commit',
    from: 'Win32 ERROR_COMMITMENT_LIMIT, 0x800705AF',
    differs: { memory: memoryOf(8, 8, 7.5) },
    finds: { memory: 'problem' },
  },
  {
    name: 'no page file',
    from: 'Win32 ERROR_COMMITMENT_LIMIT',
    differs: { memory: memoryOf(64, 64, 12) },
    finds: { memory: 'warning' },
  },
  {
    name: 'an image of a newer revision',
    from: 'actions/runner-images#11582; microsoft/Windows-Containers#591',
    differs: {},
    finds: { image: 'warning' },
    image: { os: 'windows', architecture: 'amd64', osVersion: '10.0.20348.2966' },
  },
  {
    name: 'an image of Server 2025 on Windows 11 25H2',
    from: 'microsoft/hcsshim#2566',
    differs: { ...client, system: build(26200, 1), [`${version}:UBR`]: number(7171) },
    finds: { image: 'problem' },
    image: { os: 'windows', architecture: 'amd64', osVersion: '10.0.26100.7171' },
  },
  {
    name: 'a VPN with routes into the nat',
    from: 'Debug-ContainerHost.ps1: does not overlap with external IP',
    differs: addressed([vpn], [['172.16.0.0/12', '10.8.0.1', 21]]),
    finds: { 'net.nat': 'problem' },
  },
  {
    name: 'a VPN that takes the whole internet',
    from: 'the routes that OpenVPN sets (redirect-gateway def1)',
    differs: addressed(
      [vpn],
      [
        ['0.0.0.0/1', '10.8.0.1', 21],
        ['128.0.0.0/1', '10.8.0.1', 21],
      ],
    ),
    finds: {},
  },
  {
    name: 'an adapter in the prefix of the nat',
    from: 'Debug-ContainerHost.ps1: does not overlap with external IP',
    differs: addressed([{ name: 'Ethernet 2', type: 6, index: 22, prefix: '172.24.8.9/24' }]),
    finds: { 'net.nat': 'problem' },
  },
  {
    name: 'no network of type nat',
    from: 'Debug-ContainerHost.ps1',
    differs: { networks: value([{ ...nat, name: 'external', type: 'Transparent', prefixes: [] }]) },
    finds: { 'net.nat': 'warning' },
  },
  {
    name: 'no files for Linux containers',
    from: 'microsoft/hcsshim internal/vm/vmutils/constants.go',
    differs: bootFiles('vmlinux'),
    finds: { 'lcow.files': 'problem' },
  },
  {
    name: 'arm64, which has no CPUID',
    from: 'Windows on Arm; superradcompany/microsandbox',
    differs: {
      ...client,
      system: value({
        major: 10,
        minor: 0,
        build: 26100,
        productType: 1,
        architecture: 'arm64',
        windowsDirectory: 'C:\\Windows',
      }),
      processor: processor({ hypervisor: null, vendor: null, interface: null, createPartitions: null }),
    },
    finds: {},
  },
];
