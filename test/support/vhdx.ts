// The parts of a VHDX file that tests damage, as MS-VHDX places them, and the checksums that make damage credible.

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc >>> 0;
});

function crc32c(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = table[(crc ^ byte) & 255]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

export const kib = 1024;
export const mib = 1024 * kib;
export const headers = [64 * kib, 128 * kib] as const;
export const regionTables = [192 * kib, 256 * kib] as const;
/** Where the simulated host puts them. */
export const metadataTable = 2 * mib;
export const metadataItems = metadataTable + 64 * kib;
export const blockTable = 3 * mib;

/** Gives the headers and region tables the checksums of what is in them. */
export function seal(file: Buffer): Buffer {
  const structures = [
    ...headers.map((at) => [at, 4 * kib] as const),
    ...regionTables.map((at) => [at, 64 * kib] as const),
  ];
  for (const [at, length] of structures) {
    file.writeUInt32LE(0, at + 4);
    file.writeUInt32LE(crc32c(file.subarray(at, at + length)), at + 4);
  }
  return file;
}

/** The entries of the table of metadata: 32 bytes each. */
export function metadataEntries(file: Buffer): Buffer[] {
  const count = file.readUInt16LE(metadataTable + 10);
  return Array.from({ length: count }, (_, i) =>
    file.subarray(metadataTable + 32 * (i + 1), metadataTable + 32 * (i + 2)),
  );
}
