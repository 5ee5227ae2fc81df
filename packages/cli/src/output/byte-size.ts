/**
 * Sizes for people.
 *
 * @module
 */
const units = ['kB', 'MB', 'GB', 'TB'] as const;

/** `512 B`, `3.4 MB`, as those who sell disks count. */
export function byteSize(bytes: number): string {
  let value = bytes;
  let unit = 'B';
  for (const next of units) {
    if (value < 999.5) break;
    value /= 1000;
    unit = next;
  }
  return `${unit === 'B' || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${unit}`;
}
