/**
 * What the Permission Model of Node allows, where it is on.
 *
 * @module
 */
import { existsSync } from 'node:fs';

interface Permission {
  readonly permission?: { has: (scope: string, path: string) => boolean };
}

const { permission } = process as Permission;

export const hasPermissions = permission !== undefined;

/** Whether nothing may be read there. */
export function mayNotRead(path: string): boolean {
  return permission?.has('fs.read', path) === false;
}

/** Whether a file is there, as far as that may be known: to ask where nothing may be read throws. */
export function isThere(path: string): boolean {
  return !mayNotRead(path) && existsSync(path);
}
