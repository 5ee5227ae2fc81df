// The shapes of the answers of questions.ts, for `valueOf()` of checks: a recording may say anything.
import type {
  AddressesValue,
  DevDriveValue,
  DriversValue,
  EnvironmentValue,
  FeatureValue,
  FileValue,
  FiltersValue,
  HostValue,
  HypervisorValue,
  LibraryValue,
  MemoryValue,
  NetworksValue,
  ProcessorValue,
  RegistryKeyValue,
  RegistryValue,
  RoutesValue,
  ServiceValue,
  SystemsValue,
  SystemValue,
  TokenValue,
  VolumeValue,
} from './questions.js';

export type Shape<Value> = (value: unknown) => value is Value;

const isNumber: Shape<number> = (value): value is number => Number.isFinite(value);
const isText: Shape<string> = (value) => typeof value === 'string';
const isTruth: Shape<boolean> = (value) => typeof value === 'boolean';

function orNull<Value>(shape: Shape<Value>): Shape<Value | null> {
  return (value): value is Value | null => value === null || shape(value);
}

function listOf<Value>(shape: Shape<Value>): Shape<readonly Value[]> {
  return (value): value is readonly Value[] => Array.isArray(value) && value.every(shape);
}

/** An object that has these members at least. */
function objectOf<Value>(members: { readonly [Name in keyof Value]: Shape<Value[Name]> }): Shape<Value> {
  const names = Object.keys(members) as (keyof Value & string)[];
  return (value): value is Value => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    return names.every((name) => members[name]((value as Partial<Value>)[name]));
  };
}

const isTexts = listOf(isText);
const isGroups = { administrators: isTruth, hyperVAdministrators: isTruth };

export const isSystem = objectOf<SystemValue>({
  major: isNumber,
  minor: isNumber,
  build: isNumber,
  productType: isNumber,
  architecture: isText as Shape<SystemValue['architecture']>,
  windowsDirectory: isText,
});
export const isRegistry = objectOf<RegistryValue>({
  type: isText as Shape<RegistryValue['type']>,
  value: (value): value is RegistryValue['value'] => isNumber(value) || isText(value) || isTexts(value),
});
export const isRegistryKey = objectOf<RegistryKeyValue>({ keys: isTexts, values: isTexts });
export const isService = objectOf<ServiceValue>({
  type: isNumber,
  startType: isNumber,
  state: isNumber,
  exitCode: isNumber,
});
export const isDrivers: Shape<DriversValue> = listOf(objectOf<DriversValue[number]>({ name: isText, state: isNumber }));
export const isLibrary = objectOf<LibraryValue>({ missing: isTexts, version: orNull(isText) });
export const isProcessor = objectOf<ProcessorValue>({
  firmwareVirtualization: isTruth,
  slat: isTruth,
  nx: isTruth,
  hypervisor: orNull(isTruth),
  vendor: orNull(isText),
  interface: orNull(isText),
  createPartitions: orNull(isTruth),
});
export const isHypervisor = objectOf<HypervisorValue>({ present: isTruth });
export const isFeature = objectOf<FeatureValue>({ state: isNumber, restart: isNumber });
export const isToken = objectOf<TokenValue>({
  elevated: isTruth,
  elevationType: isNumber,
  ...isGroups,
  linked: orNull(objectOf<NonNullable<TokenValue['linked']>>(isGroups)),
  accountIsHyperVAdministrator: orNull(isTruth),
  privileges: isTexts,
});
export const isAccountRights = isTexts;
export const isVolume = objectOf<VolumeValue>({
  root: isText,
  fileSystem: isText,
  flags: isNumber,
  driveType: isNumber,
  freeBytes: isNumber,
  totalBytes: isNumber,
  folder: isText,
  attributes: isNumber,
});
export const isDevDrive = objectOf<DevDriveValue>({ flags: isNumber });
export const isFilters: Shape<FiltersValue> = listOf(
  objectOf<FiltersValue[number]>({ name: isText, altitude: isText }),
);
export const isMemory = objectOf<MemoryValue>({
  totalBytes: isNumber,
  availableBytes: isNumber,
  commitLimitBytes: isNumber,
  commitBytes: isNumber,
});
export const isAddresses: Shape<AddressesValue> = listOf(
  objectOf<AddressesValue[number]>({ name: isText, type: isNumber, up: isTruth, prefixes: isTexts }),
);
export const isRoutes: Shape<RoutesValue> = listOf(
  objectOf<RoutesValue[number]>({ destination: isText, nextHop: isText, interfaceIndex: isNumber }),
);
export const isFile = objectOf<FileValue>({
  kind: (value): value is FileValue['kind'] => value === 'file' || value === 'folder',
  bytes: isNumber,
});
export const isSystems: Shape<SystemsValue> = listOf(
  objectOf<SystemsValue[number]>({ owner: isText, state: isText, systemType: isText }),
);
export const isNetworks: Shape<NetworksValue> = listOf(
  objectOf<NetworksValue[number]>({ name: isText, type: isText, prefixes: isTexts }),
);
export const isEnvironment: Shape<EnvironmentValue> = orNull(isText);
export const isHost = objectOf<HostValue>({ kind: isText });
