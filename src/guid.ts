/**
 * GUIDs: which texts are accepted, their bytes as Windows has them, and those that are made here.
 *
 * @module
 */

/** 8-4-4-4-12 hexadecimal digits. Windows takes any version and variant, which the package uuid does not. */
export const guidPattern = '[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}';

const form = new RegExp(`^${guidPattern}$`);

/** Whether this is the text of a GUID, without braces. */
export function isGuid(value: unknown): value is string {
  return typeof value === 'string' && form.test(value);
}

/** The structure GUID of Windows. */
export interface GuidParts {
  readonly data1: number;
  readonly data2: number;
  readonly data3: number;
  readonly data4: readonly number[];
}

/** The parts of a GUID; undefined where the value is not the text of one. */
export function readGuid(value: unknown): GuidParts | undefined {
  if (!isGuid(value)) return undefined;
  const bytes = Buffer.from(value.replaceAll('-', ''), 'hex');
  return {
    data1: bytes.readUInt32BE(0),
    data2: bytes.readUInt16BE(4),
    data3: bytes.readUInt16BE(6),
    data4: [...bytes.subarray(8)],
  };
}

/** The text of the 16 bytes of a GUID in memory, where the first three numbers are little-endian. */
export function printGuid(memory: Buffer): string {
  const bytes = Buffer.from(memory);
  bytes.subarray(0, 4).swap32();
  bytes.subarray(4, 8).swap16();
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

const systems = 'cab70344-facb-41e4-b5e5-ab6592283e6e';

/**
 * The GUID that Windows makes from the id of a compute system, by which Hyper-V sockets address a container: of version 5,
 * from the id in upper case. Where there is a host, ask it for the property `SystemGUID` instead.
 *
 * @param id - the id of the compute system
 */
export async function systemGuid(id: string): Promise<string> {
  // Not before it is needed: most programs make no GUID.
  const { v5 } = await import('uuid');
  return v5(Buffer.from(id.toUpperCase(), 'utf16le'), systems);
}
