// A healthy Windows Server 2022, whole, as recordMachine() would have written it. Made by hand from what Microsoft documents of such a
// machine, and from the filters of a healthy host in docker/for-win#3884: the other hosts are differences from it.
import type { Answer, DoctorRecording } from 'hostcompute/doctor';

import { absent, build, chosen, healthy, noService, number, service, value } from '../healthy.js';

export type Answered = Readonly<Record<string, Answer>>;

export const root = 'D:\\layers';
export const volumeOf = (differs: object): Answer =>
  value({
    root: 'D:\\',
    fileSystem: 'NTFS',
    flags: 0x3e72eff,
    driveType: 3,
    freeBytes: 200 * 2 ** 30,
    totalBytes: 500 * 2 ** 30,
    folder: 'D:\\layers',
    attributes: 0x10,
    ...differs,
  });

export const dism = (state: number): Answer => value({ state, restart: 0 });
export const containersKey = 'SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Virtualization\\Containers';
export const exclusions = 'registry-key SOFTWARE\\Microsoft\\Windows Defender\\Exclusions\\Paths';
export const denyWrite = 'registry SYSTEM\\CurrentControlSet\\Policies\\Microsoft\\FVE:FDVDenyWriteAccess';

const own = [
  'WdFilter',
  'storqosflt',
  'wcifs',
  'bindflt',
  'CldFlt',
  'FileCrypt',
  'luafv',
  'npsvctrig',
  'Wof',
  'FileInfo',
];
const others = ['Tcpip', 'NetBT', 'AFD', 'vmbus', 'VMSP', 'vmswitch'];
export const runningDrivers = (...more: readonly string[]): Answer =>
  value([...own, ...others, ...more].map((name) => ({ name, state: 4 })).concat({ name: 'cdrom', state: 1 }));

const altitudes = { WdFilter: '328010', storqosflt: '244000', wcifs: '189900', bindflt: '409800', CldFlt: '180451' };
const lower = { FileCrypt: '141100', luafv: '135000', npsvctrig: '46000', Wof: '40700', FileInfo: '40500' };
export const attachedFilters = (more: Readonly<Record<string, string>> = {}): Answer =>
  value(Object.entries({ ...more, ...altitudes, ...lower }).map(([name, altitude]) => ({ name, altitude })));

export interface Adapter {
  readonly name: string;
  readonly type: number;
  readonly index: number;
  readonly prefix: string;
}

const adapters: readonly Adapter[] = [
  { name: 'Loopback Pseudo-Interface 1', type: 24, index: 1, prefix: '127.0.0.1/8' },
  { name: 'Ethernet', type: 6, index: 4, prefix: '192.168.1.20/24' },
  { name: 'vEthernet (nat)', type: 6, index: 12, prefix: '172.24.0.1/20' },
];

const network = (prefix: string): string => {
  const [address = '', bits = ''] = prefix.split('/');
  const whole = address.split('.').reduce((number, byte) => number * 256 + Number(byte), 0);
  const first = whole - (whole % 2 ** (32 - Number(bits)));
  return `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.')}/${bits}`;
};

/** What GetAdaptersAddresses and GetIpForwardTable2 say of adapters: each has routes for its prefix and its address. */
export function addressed(
  more: readonly Adapter[] = [],
  far: readonly [to: string, by: string, at: number][] = [],
): Answered {
  const all = [...adapters, ...more];
  const routes = [
    { destination: '0.0.0.0/0', nextHop: '192.168.1.1', interfaceIndex: 4 },
    ...all.flatMap(({ prefix, index }) =>
      [network(prefix), `${prefix.split('/', 1)[0]!}/32`, '224.0.0.0/4', '255.255.255.255/32'].map((destination) => ({
        destination,
        nextHop: '0.0.0.0',
        interfaceIndex: index,
      })),
    ),
    ...far.map(([destination, nextHop, interfaceIndex]) => ({ destination, nextHop, interfaceIndex })),
  ];
  return {
    addresses: value(all.map(({ name, type, prefix }) => ({ name, type, up: true, prefixes: [prefix] }))),
    routes: value(routes),
  };
}

export const nat = { name: 'nat', type: 'NAT', prefixes: ['172.24.0.0/20'] };
const boot = 'file C:\\Program Files\\Linux Containers';
export const bootFiles = (...there: readonly string[]): Answered =>
  Object.fromEntries(
    ['kernel', 'vmlinux', 'initrd.img', 'rootfs.vhd'].map((name): [string, Answer] => [
      `${boot}\\${name}`,
      there.includes(name) ? value({ kind: 'file', bytes: 9_000_000 }) : { error: 2, call: 'stat' },
    ]),
  );

const gibibyte = 2 ** 30;
export const memoryOf = (total: number, limit: number, committed: number): Answer =>
  value({
    totalBytes: total * gibibyte,
    availableBytes: (total / 2) * gibibyte,
    commitLimitBytes: limit * gibibyte,
    commitBytes: committed * gibibyte,
  });

export const server2022: Answered = {
  ...healthy,
  system: build(20348),
  [chosen('VirtualMachinePlatform')]: absent,
  'feature Containers': dism(4),
  'feature Microsoft-Hyper-V': dism(4),
  'feature VirtualMachinePlatform': dism(2),
  'service docker': noService,
  'service com.docker.service': noService,
  'service containerd': service(2, 4),
  'service WSLService': noService,
  'service LxssManager': noService,
  'service CmService': service(3, 1, 1077),
  [`volume ${root}`]: volumeOf({}),
  [`dev-drive ${root}`]: { error: 1, call: 'DeviceIoControl' },
  'registry SYSTEM\\CurrentControlSet\\Control\\FileSystem:LongPathsEnabled': number(0),
  filters: attachedFilters(),
  drivers: runningDrivers(),
  [exclusions]: value({ keys: [], values: [root] }),
  [`registry-key ${containersKey}`]: value({ keys: [], values: [] }),
  [`registry ${containersKey}:VSmbDisableOplocks`]: absent,
  [denyWrite]: absent,
  ...addressed(),
  networks: value([nat]),
  systems: value([{ owner: 'containerd-shim-runhcs-v1.exe', state: 'Running', systemType: 'Container' }]),
  memory: memoryOf(64, 74, 12),
  'environment ProgramFiles': value('C:\\Program Files'),
  ...bootFiles('kernel', 'initrd.img'),
};

/** A recording of a machine that differs so. */
export const recordingOf = (differs: Answered): DoctorRecording => ({
  schema: 1,
  made: '2026-11-30T12:00:00.000Z',
  version: '0.1.0',
  root,
  answers: Object.fromEntries(
    Object.entries({ ...server2022, ...differs }).sort(([one], [other]) => (one < other ? -1 : 1)),
  ),
});
