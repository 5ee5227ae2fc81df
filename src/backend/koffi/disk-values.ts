/**
 * How the shapes of virtual disks look to koffi: what `native/abi/disk-shapes.h` says for the addon.
 *
 * @module
 */
import type { GuidParts } from '../../guid.js';
import { printGuid, readGuid } from '../../guid.js';
import type { Slot } from './given-values.js';
import { guidOf, integer, refuse, textOf } from './given-values.js';
import type { Koffi, KoffiType } from './module.js';

const noGuid: GuidParts = readGuid('00000000-0000-0000-0000-000000000000')!;
// Of a disk: the extension of its file decides.
const noType = { deviceId: 0, vendorId: noGuid };
// Of the parameters of disks.
const version = 2;
const emptyCreation = {
  version,
  padding: 0,
  uniqueId: noGuid,
  sourcePath: null,
  parentType: noType,
  sourceType: noType,
  resiliencyGuid: noGuid,
};

function diskCreation(value: unknown, name: string): unknown {
  if (!Array.isArray(value)) refuse(`${name} must be an array`);
  const [maximumSize, blockSize, sectorSize, physicalSectorSize, parentPath, openFlags] = value as readonly unknown[];
  const size = (given: unknown): number => integer(given, name, 'uint32_t');
  return {
    ...emptyCreation,
    maximumSize: integer(maximumSize, name, 'uint64_t'),
    blockSize: size(blockSize),
    sectorSize: size(sectorSize),
    physicalSectorSize: size(physicalSectorSize),
    parentPath: textOf(parentPath, name),
    openFlags: size(openFlags),
  };
}

function diskOpening(value: unknown, name: string): unknown {
  if (value !== 0 && value !== 1) refuse(`${name} must be an integer from 0 to 1`);
  return { version, getInfoOnly: 0, readOnly: value, resiliencyGuid: noGuid };
}

function diskPath(): Slot {
  const longest = 520;
  const memory = Buffer.alloc(longest + 2);
  const text = (): string => memory.toString('utf16le').split('\0', 1)[0]!;
  return { values: [[longest], memory], read: (failed) => (failed ? null : text()) };
}

// GET_VIRTUAL_DISK_INFO, as shape::DiskInformation of native/abi/disk-shapes.h asks for it.
const diskQueries = [1, 7, 10, 13, 14, 3] as const;
const parentQuery = diskQueries.length - 1;
const differencing = 4;
const mostInformation = 0x10010;

function diskInformation(): Slot {
  const memory = Buffer.alloc(mostInformation);
  const bytes = [mostInformation];
  const answers: Buffer[] = [];
  const ask = (): void => {
    memory.fill(0);
    memory.writeUint32LE(diskQueries[answers.length]!);
    bytes[0] = mostInformation;
  };
  ask();
  const subtype = (): number => answers[1]?.readUint32LE(0) ?? 0;
  return {
    values: [bytes, memory, [0]],
    grows() {
      if (answers.length === diskQueries.length) return false;
      answers.push(Buffer.from(memory.subarray(8)));
      if (answers.length === diskQueries.length) return false;
      if (answers.length === parentQuery && subtype() !== differencing) return false;
      ask();
      return true;
    },
    read(failed) {
      if (failed) return null;
      const [sizes, , physicalSector, loaded, id, parent] = answers as [
        Buffer,
        Buffer,
        Buffer,
        Buffer,
        Buffer,
        Buffer?,
      ];
      return [
        Number(sizes.readBigUint64LE(0)),
        Number(sizes.readBigUint64LE(8)),
        sizes.readUint32LE(16),
        sizes.readUint32LE(20),
        physicalSector.readUint32LE(0),
        subtype(),
        loaded.readUint32LE(0) === 0 ? 0 : 1,
        printGuid(id.subarray(0, 16)),
        parent?.toString('utf16le', 4).split('\0', 1)[0] ?? null,
      ];
    },
  };
}

/** In parameters, by shape. */
export const diskInputs = {
  DiskType: (): Slot => ({ values: [noType] }),
  DiskCreation: (value: unknown, name: string): Slot => ({ values: [diskCreation(value, name)] }),
  DiskOpening: (value: unknown, name: string): Slot => ({ values: [diskOpening(value, name)] }),
  DiskSetting: (value: unknown, name: string): Slot => ({
    values: [{ version: 5, padding: 0, guid: guidOf(value, `${name} must be a GUID`), rest: 0 }],
  }),
};

/** Out parameters, by shape. */
export const diskOutputs = { DiskPath: diskPath, DiskInformation: diskInformation };

/** Their C types. `struct` makes one under a name of its own. */
export function diskTypes(
  koffi: Koffi,
  struct: (name: string, members: Record<string, KoffiType>) => KoffiType,
  guid: KoffiType,
): Readonly<Record<string, () => readonly KoffiType[]>> {
  const diskType = struct('DiskType', { deviceId: 'uint32_t', vendorId: guid });
  const diskCreation = struct('DiskCreation', {
    version: 'uint32_t',
    padding: 'uint32_t',
    uniqueId: guid,
    maximumSize: 'uint64_t',
    blockSize: 'uint32_t',
    sectorSize: 'uint32_t',
    physicalSectorSize: 'uint32_t',
    parentPath: 'str16',
    sourcePath: 'str16',
    openFlags: 'uint32_t',
    parentType: diskType,
    sourceType: diskType,
    resiliencyGuid: guid,
  });
  const diskOpening = struct('DiskOpening', {
    version: 'uint32_t',
    getInfoOnly: 'int32_t',
    readOnly: 'int32_t',
    resiliencyGuid: guid,
  });
  const diskSetting = struct('DiskSetting', { version: 'uint32_t', padding: 'uint32_t', guid, rest: 'uint64_t' });
  const number = koffi.pointer('uint32_t');
  return {
    'In DiskType': () => [koffi.pointer(diskType)],
    'In DiskCreation': () => [koffi.pointer(diskCreation)],
    'In DiskOpening': () => [koffi.pointer(diskOpening)],
    'In DiskSetting': () => [koffi.pointer(diskSetting)],
    'Out DiskPath': () => [koffi.inout(number), 'void *'],
    'Out DiskInformation': () => [koffi.inout(number), 'void *', koffi.out(number)],
  };
}
