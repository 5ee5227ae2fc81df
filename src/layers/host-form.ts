import type { HostKind } from '../host/host-choice.js';

/** Whether a host has the layers of Windows, and not those of the simulated host. Of others the system decides. */
export function hasWindowsLayers(kind: HostKind | undefined): boolean {
  if (kind === 'simulated' || kind === 'replayed') return false;
  return kind === 'windows' || process.platform === 'win32';
}
