/**
 * Variables of the environment as Windows has them.
 *
 * @module
 */

/** What names have in common that are one for Windows, which compares them without case. */
export function variableKey(name: string): string {
  return name.toUpperCase();
}

/** Whether it is a PATH of Unix: `/usr/local/bin:/usr/bin`. */
export function isUnixPath(name: string, value: unknown): boolean {
  return variableKey(name) === 'PATH' && typeof value === 'string' && /^\/[^;\\]*$/.test(value);
}
