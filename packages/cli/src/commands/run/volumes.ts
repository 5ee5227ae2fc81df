/**
 * What `-v` says: a folder or a pipe of the host, where the container has it, and whether it may write there.
 *
 * @module
 */
import { isAbsolute } from 'node:path';

import type { Mount, PipeMount } from '../../containers/plan.js';
import { usageFailure } from '../../failure.js';

/** Each `HOST:CONTAINER`, `HOST:CONTAINER:ro` or `HOST:CONTAINER:rw`. */
export function parseVolumes(volumes: readonly string[]): { mounts: Mount[]; pipes: PipeMount[] } {
  const mounts: Mount[] = [];
  const pipes: PipeMount[] = [];
  for (const volume of volumes) {
    const [hostPath = '', containerPath = '', mode = 'rw', ...more] = partsOf(volume);
    if (hostPath === '' || containerPath === '' || more.length > 0 || !/^(ro|rw)$/.test(mode)) throw malformed(volume);
    const pipe = /^\\\\\.\\pipe\\(.+)$/i.exec(containerPath);
    if (pipe !== null) {
      pipes.push({ hostPath, containerPipeName: pipe[1]! });
      continue;
    }
    if (!isAbsolute(hostPath) && !/^[A-Za-z]:[\\/]/.test(hostPath)) {
      throw usageFailure(
        `-v ${volume}: "${hostPath}" is no absolute path`,
        'There are no named volumes: name a folder of the host.',
      );
    }
    mounts.push({ hostPath, containerPath, readOnly: mode === 'ro' });
  }
  return { mounts, pipes };
}

// A colon after a single letter belongs to a drive, and `\\?\` may be before it.
function partsOf(volume: string): string[] {
  const parts: string[] = [];
  for (const part of volume.split(':')) {
    const last = parts.at(-1);
    if (last !== undefined && /^(\\\\\?\\)?[A-Za-z]$/.test(last) && /^[\\/]/.test(part))
      parts[parts.length - 1] = `${last}:${part}`;
    else parts.push(part);
  }
  return parts;
}

function malformed(volume: string): Error {
  return usageFailure(`-v ${volume} is malformed`, 'Write HOST:CONTAINER, and :ro behind it for what is only read.');
}
