/**
 * Names and paths that mean something to HCS, and the checks of their forms.
 *
 * @module
 */
import { HcsArgumentError } from '../../errors/errors.js';
import { isGuid } from '../../guid.js';
import { withoutTrailing } from '../../trailing.js';
import { isVolume } from '../checks/text-forms.js';
import type { Check } from './option-checks.js';
import { matching, whole } from './option-checks.js';

export const guid = matching(isGuid, 'must be a GUID such as "12345678-9abc-def0-1234-56789abcdef0", without braces');

/** The writable layer where it is mounted, with the last backslash or without. */
export const volume = matching(
  (path) => isVolume(path.replace(/\\$/, '')),
  'must be the volume of the mounted writable layer, \\\\?\\Volume{GUID}\\',
);

/** An id that is safe in the names that the host makes from it. */
export const systemId = matching(
  /^(?!0{8}-(?:0{4}-){3}0{12}$)[\w.@-]+$/,
  'must consist of letters, digits, "-", "_", "." and "@", and not be the null GUID',
);

export const hostname = matching(
  /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/,
  'must consist of at most 63 letters, digits and, not at the ends, hyphens',
);

/** Of a Linux guest. */
export const linuxHostname = matching(
  /^[\w.-]{1,255}$/,
  'must consist of at most 255 letters, digits, "_", "-" and "."',
);

export const macAddress = matching(
  /^(?:[0-9A-Fa-f]{2}[-:]?){5}[0-9A-Fa-f]{2}$/,
  'must be an address such as "00-15-5D-01-02-03"',
);

const pipePrefix = '\\\\.\\pipe\\';

/** A named pipe of the host. */
export const pipePath = matching(/^\\\\\.\\pipe\\./i, `must be the whole path, ${pipePrefix}NAME`);

/** The name of a pipe, with `\\.\pipe\` before it or without. */
export const pipeName = matching(/^(?:\\\\\.\\pipe\\)?[^\\/]+$/i, `must be NAME or ${pipePrefix}NAME`);

export function isPipe(path: string): boolean {
  return path.toLowerCase().startsWith(pipePrefix);
}

/** `NAME` of `\\.\pipe\NAME`. */
export function bareName(pipe: string): string {
  return isPipe(pipe) ? pipe.slice(pipePrefix.length) : pipe;
}

export const uint32 = whole(0, 2 ** 32 - 1);
export const uint64 = whole(0, 2n ** 64n - 1n);

/** MiB of the memory of a virtual machine, which comes in pairs. */
export const machineMemory: Check = (value, field) => {
  whole(2, 2n ** 64n - 2n)(value, field);
  if (BigInt(value as number) % 2n === 0n) return;
  throw new HcsArgumentError(field, 'must be an even number of MiB', value);
};

const shares = '\\\\?\\VMSMB\\VSMB-{dcc079ae-60ba-4d07-847c-3493609c0870}\\';

/** Where a Windows guest finds a share of its VM. */
export function sharePath(name: string): string {
  return shares + name;
}

/** Where a Windows guest finds a pipe of the host that its VM was given. */
export function sharedPipe(pipe: string): string {
  return sharePath(`IPC$\\${bareName(pipe)}`);
}

/** A path of Windows, put together without two backslashes. */
export function joined(folder: string, name: string): string {
  return `${withoutTrailing(folder, '\\/')}\\${name}`;
}
