import { readdirSync } from 'node:fs';

/** How many descriptors this process has open; always 0 where the system does not say. */
export function openDescriptors(): number {
  return process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0;
}
