// Names of systems for people. Nothing is decided by them.

const platforms: Readonly<Record<string, string>> = { linux: 'Linux', darwin: 'macOS', win32: 'Windows' };

/** A platform of Node's, such as `linux`. */
export const platformName = (platform: string): string =>
  Object.hasOwn(platforms, platform) ? platforms[platform]! : platform;

const servers: ReadonlyMap<number, string> = new Map([
  [14393, 'Windows Server 2016'],
  [17763, 'Windows Server 2019'],
  [20348, 'Windows Server 2022'],
  [25398, 'Windows Server, version 23H2'],
  [26100, 'Windows Server 2025'],
]);

// EditionID, where its own name says it less well.
const editions: Readonly<Record<string, string>> = {
  Core: 'Home',
  CoreN: 'Home N',
  CoreSingleLanguage: 'Home Single Language',
  CoreCountrySpecific: 'Home China',
  Professional: 'Pro',
  ProfessionalN: 'Pro N',
  ProfessionalWorkstation: 'Pro for Workstations',
  EnterpriseS: 'Enterprise LTSC',
  ServerStandard: 'Standard',
  ServerStandardEval: 'Standard Evaluation',
  ServerDatacenter: 'Datacenter',
  ServerDatacenterEval: 'Datacenter Evaluation',
  ServerDatacenterACor: 'Datacenter',
  ServerTurbine: 'Datacenter: Azure Edition',
};

/** Such as "Windows Server 2022 Standard". `ProductName` of the registry says "Windows 10" on 11. */
export function windowsName(build: number, isServer: boolean, edition: string | null): string {
  const client = build >= 22000 ? 'Windows 11' : 'Windows 10';
  const name = isServer ? (servers.get(build) ?? 'Windows Server') : client;
  if (edition === null) return name;
  return `${name} ${Object.hasOwn(editions, edition) ? editions[edition]! : edition}`;
}
