// The questions that can be asked of a Windows machine, as texts: a kind, then what it is asked about. The text is the key of
// a recording, so it is never renamed. Below each is the shape of its value. native/inspect answers them but for the last
// five, which ask files, HCS and HNS, and the host itself.

/** What Windows is: numbers of RtlGetVersion, directory of GetSystemWindowsDirectoryW. */
export const system = 'system';
export interface SystemValue {
  readonly major: number;
  readonly minor: number;
  readonly build: number;
  /** 1 is a client, else a server. */
  readonly productType: number;
  readonly architecture: 'x64' | 'arm64' | 'x86' | 'unknown';
  readonly windowsDirectory: string;
}

/** A value of HKEY_LOCAL_MACHINE, in its 64-bit view; the name after the last colon. */
export const registryValue = (key: string, name: string): string => `registry ${key}:${name}`;
export interface RegistryValue {
  readonly type: 'REG_DWORD' | 'REG_QWORD' | 'REG_SZ' | 'REG_EXPAND_SZ' | 'REG_MULTI_SZ' | 'REG_BINARY' | 'other';
  /** A number, a text, texts, or hexadecimal digits; of what is longer than 4 KiB the first 4 KiB. */
  readonly value: number | string | readonly string[];
}

/** The names below a key: error 2 where it is not there. At most 256 of each. */
export const registryKey = (key: string): string => `registry-key ${key}`;
export interface RegistryKeyValue {
  readonly keys: readonly string[];
  readonly values: readonly string[];
}

/** A service or driver: error 1060 where it is not there. */
export const service = (name: string): string => `service ${name}`;
export interface ServiceValue {
  /** SERVICE_* bits: 1 kernel driver, 2 file system driver, 0x10 and 0x20 programs. */
  readonly type: number;
  /** 0 boot, 1 system, 2 automatic, 3 on demand, 4 disabled. */
  readonly startType: number;
  /** 1 stopped, 2 starting, 3 stopping, 4 running, 7 paused. */
  readonly state: number;
  /** How it ended last. */
  readonly exitCode: number;
}

/** The drivers of this machine that are not Microsoft's alone: all that EnumServicesStatusExW tells, at most 1,024. */
export const drivers = 'drivers';
export type DriversValue = readonly { readonly name: string; readonly state: number }[];

/** A DLL of System32 and those of some exports that it has not: error 126 where it is not there. */
export const library = (name: string, ...exports: string[]): string => ['library', name, ...exports].join(' ');
export interface LibraryValue {
  readonly missing: readonly string[];
  /** Of the file, such as 10.0.20348.2700; null where it has none. */
  readonly version: string | null;
}

/** What the processor tells. `hypervisor` and what follows are null where there is no CPUID (arm64). */
export const processor = 'processor';
export interface ProcessorValue {
  readonly firmwareVirtualization: boolean;
  readonly slat: boolean;
  readonly nx: boolean;
  readonly hypervisor: boolean | null;
  /** Such as "Microsoft Hv", "KVMKVMKVM"; empty where there is none. */
  readonly vendor: string | null;
  /** EAX of leaf 0x40000001 as a text, such as "Hv#1". */
  readonly interface: string | null;
  /** Whether this is the root partition, or may nest. */
  readonly createPartitions: boolean | null;
}

/** WHvGetCapability(HypervisorPresent): error 126 where there is no winhvplatform.dll. */
export const hypervisor = 'hypervisor';
export interface HypervisorValue {
  readonly present: boolean;
}

/** An optional feature, by DISM: error 740 where the program is not elevated; may take seconds. */
export const feature = (name: string): string => `feature ${name}`;
export interface FeatureValue {
  /** DismPackageFeatureState: 0 not present, 1 uninstall pending, 2 staged, 3 removed, 4 installed, 5 install pending, ... */
  readonly state: number;
  /** 0 no, 1 possibly, 2 required. */
  readonly restart: number;
}

/** Whose program this is. Names no person. */
export const token = 'token';
export interface TokenValue {
  readonly elevated: boolean;
  /** 1 default, 2 full, 3 limited (UAC holds an administrator back). */
  readonly elevationType: number;
  readonly administrators: boolean;
  readonly hyperVAdministrators: boolean;
  /** The account as it would be when elevated; null where UAC holds nothing back, or it cannot be read. */
  readonly linked: { readonly administrators: boolean; readonly hyperVAdministrators: boolean } | null;
  /** Whether the account is a member of Hyper-V Administrators by the list of that group; null where that cannot be read. */
  readonly accountIsHyperVAdministrator: boolean | null;
  /** Names, such as SeBackupPrivilege. */
  readonly privileges: readonly string[];
}

/** The rights of an account, such as SeServiceLogonRight: error 5 where the program is not elevated. */
export const accountRights = (sid: string): string => `account-rights ${sid}`;
export type AccountRightsValue = readonly string[];

/** The volume of a path, and the nearest folder of it that is there. */
export const volume = (path: string): string => `volume ${path}`;
export interface VolumeValue {
  readonly root: string;
  readonly fileSystem: string;
  /** Of GetVolumeInformationW. */
  readonly flags: number;
  /** GetDriveTypeW: 2 removable, 3 fixed, 4 network, 5 optical, 6 RAM. */
  readonly driveType: number;
  readonly freeBytes: number;
  readonly totalBytes: number;
  /** The nearest folder of the path that is there, and its FILE_ATTRIBUTE_* bits. */
  readonly folder: string;
  readonly attributes: number;
}

/** FSCTL_QUERY_PERSISTENT_VOLUME_STATE: 0x2000 Dev Drive, 0x4000 trusted. Error where it is not known to the volume. */
export const devDrive = (path: string): string => `dev-drive ${path}`;
export interface DevDriveValue {
  readonly flags: number;
}

/** The file system filters: error 0x80070005 where the program is not elevated. */
export const filters = 'filters';
export type FiltersValue = readonly { readonly name: string; readonly altitude: string }[];

export const memory = 'memory';
export interface MemoryValue {
  readonly totalBytes: number;
  readonly availableBytes: number;
  readonly commitLimitBytes: number;
  readonly commitBytes: number;
}

/** Adapters and their prefixes, as 10.1.2.3/24. */
export const addresses = 'addresses';
export type AddressesValue = readonly {
  readonly name: string;
  /** IANA ifType: 6 Ethernet, 23 PPP, 24 loopback, 71 Wi-Fi, 131 tunnel. */
  readonly type: number;
  readonly up: boolean;
  readonly prefixes: readonly string[];
}[];

export const routes = 'routes';
export type RoutesValue = readonly {
  readonly destination: string;
  readonly nextHop: string;
  readonly interfaceIndex: number;
}[];

/** A file or folder, by Node: error 2 where it is not there. */
export const file = (path: string): string => `file ${path}`;
export interface FileValue {
  readonly kind: 'file' | 'folder';
  readonly bytes: number;
}

/** The systems of HCS, of all owners. */
export const systems = 'systems';
export type SystemsValue = readonly { readonly owner: string; readonly state: string; readonly systemType: string }[];

/** The networks of HNS, by computenetwork. */
export const networks = 'networks';
export type NetworksValue = readonly {
  readonly name: string;
  readonly type: string;
  readonly prefixes: readonly string[];
}[];

/** The names of the environment that say where things are, such as ProgramFiles; null where one is not set. */
export const environment = (name: string): string => `environment ${name}`;
export type EnvironmentValue = string | null;

/** Which host it is: asked where HCS is no part of the system. */
export const host = 'host';
export interface HostValue {
  /** `windows`, `simulated`, `brokered` ... as of `Host.kind`. */
  readonly kind: string;
}

/** `system` is answered so off Windows: ERROR_NOT_SUPPORTED, with the name of the platform as the call. */
export const notSupported = 50;
