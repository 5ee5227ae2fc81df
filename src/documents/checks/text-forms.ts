/**
 * The forms that paths, names and descriptors have.
 *
 * @module
 */
import { guidPattern } from '../../guid.js';

const volume = new RegExp(`^\\\\\\\\\\?\\\\Volume\\{${guidPattern}\\}$`);
const volumeFolder = new RegExp(volume.source.replace('$', '\\\\$'));

/** `\\?\Volume{GUID}`, without a backslash at its end. */
export function isVolume(path: string): boolean {
  return volume.test(path);
}

/** The same with one. */
export function isVolumeFolder(path: string): boolean {
  return volumeFolder.test(path);
}

/** `C:\data`, `\\server\share`, `\\?\...`, or `/data` for Linux. */
export function isAbsolute(path: string): boolean {
  return /^(?:[A-Za-z]:[\\/]|\\\\|\/)/.test(path);
}

/** `D:`, a whole drive. */
export function isDrive(path: string): boolean {
  return /^[A-Za-z]:$/.test(path);
}

/** `\\.\pipe\name`, or a pipe of the host as a utility VM sees it. */
export function isPipe(path: string): boolean {
  return /^(?:\\\\\.\\pipe\\|\\\\\?\\VMSMB\\[^\\]+\\IPC\$\\)./i.test(path);
}

/** A security descriptor, as far as its beginning shows. */
export function isSddl(text: string): boolean {
  return text[1] === ':' && 'OGDS'.includes(text.charAt(0));
}

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

const nothing: Readonly<Record<string, unknown>> = {};
const none: readonly unknown[] = [];

/** Members of what may be no object. */
export function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : nothing;
}

/** Items of what may be no array. */
export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : none;
}

/** A number of either kind; undefined for anything else. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined;
}
