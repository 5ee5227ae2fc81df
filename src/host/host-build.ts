import { release } from 'node:os';

// The build of this machine, for its own host.
const ownBuild = process.platform === 'win32' ? Number(release().split('.')[2]) : undefined;

/** The build of Windows of a host, where its kind says which. */
export function buildOf(hostKind: string): number | undefined {
  return hostKind === 'windows' && Number.isInteger(ownBuild) ? ownBuild : undefined;
}
