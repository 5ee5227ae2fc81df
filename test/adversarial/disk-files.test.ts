import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Host } from 'hostcompute';
import { HcsError } from 'hostcompute';
import { createScratch, VirtualDisk } from 'hostcompute/storage';

import { useSimulator } from '../support/host.js';
import {
  blockTable,
  headers,
  metadataEntries,
  metadataItems,
  metadataTable,
  mib,
  regionTables,
  seal,
} from '../support/vhdx.js';

// HOSTCOMPUTE_DISK_FILES sets how many files, HOSTCOMPUTE_SEED which.
const files = Number(process.env.HOSTCOMPUTE_DISK_FILES ?? 60);
const firstSeed = Number(process.env.HOSTCOMPUTE_SEED ?? 1);

describe('Files of virtual disks that lie', () => {
  const bench = useSimulator();
  let folder: string;
  const place = (name: string): string => join(folder, name);
  const host = (): { host: Host } => ({ host: bench.simulator.host });

  /** A dynamic disk, or one on another, as bytes. */
  async function bytesOf(kind: 'dynamic' | 'differencing'): Promise<Buffer> {
    const base = place('base.vhdx');
    await (await VirtualDisk.create(base, { sizeBytes: 64 * mib, ...host() })).close();
    if (kind === 'dynamic') return readFile(base);
    await (await VirtualDisk.createDifferencing(place('child.vhdx'), { parent: base, ...host() })).close();
    return readFile(place('child.vhdx'));
  }

  /** Everything that reads the file. Each call settles, with a code, and leaves nothing. */
  async function use(bytes: Buffer): Promise<string> {
    const path = place('damaged.vhdx');
    await writeFile(path, bytes);
    const outcome = await settled(async () => {
      await using disk = await VirtualDisk.open(path, host());
      await disk.info();
      await (await disk.attach()).detach();
    });
    const child = place('on-damaged.vhdx');
    await settled(async () => {
      await (await VirtualDisk.createDifferencing(child, { parent: path, ...host() })).close();
      await rm(child);
    });
    assert.ok(!(await readdir(folder)).includes('on-damaged.vhdx'));
    await nothingOpen();
    return outcome;
  }

  async function nothingOpen(): Promise<void> {
    const { Handles, Disks } = await bench.simulator.state();
    assert.deepEqual([Handles.Disk, Disks], [0, []]);
  }

  async function settled(work: () => Promise<void>): Promise<string> {
    try {
      await work();
      return 'succeeds';
    } catch (error) {
      assert.ok(error instanceof HcsError && error.status !== 0, String(error));
      assert.doesNotMatch(error.code, /GEN_FAILURE|^HRESULT_/, String(error));
      return error.code;
    }
  }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hostcompute-damaged-'));
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  for (const kind of ['dynamic', 'differencing'] as const) {
    it(`are refused with a code or read as what they say: ${files} of a ${kind} disk`, async () => {
      const bytes = await bytesOf(kind);
      for (let seed = firstSeed; seed < firstSeed + files; seed++) {
        const { damaged, what } = damage(bytes, seed);
        await use(damaged).catch((cause: unknown) => {
          throw new Error(`seed ${seed}: ${what}: ${String(cause)}`, { cause });
        });
      }
    });
  }

  it('are refused wherever they are cut off', async () => {
    const bytes = await bytesOf('differencing');
    for (const at of [
      0,
      1,
      8,
      520,
      ...headers,
      ...regionTables,
      mib,
      metadataTable,
      metadataItems,
      blockTable,
      4 * mib - 1,
    ]) {
      assert.notEqual(await use(bytes.subarray(0, at)), 'succeeds', `cut off at ${at}`);
    }
  });

  it('name each item of metadata once: else two thousand items could have one MiB each', async () => {
    const bytes = await bytesOf('dynamic');
    const entries = metadataEntries(bytes);
    bytes.writeUInt16LE(entries.length + 1, metadataTable + 10);
    entries[0]!.copy(bytes, metadataTable + 32 * (entries.length + 1));
    assert.equal(await use(bytes), 'ERROR_VHD_METADATA_READ_FAILURE');
  });

  it('have items of metadata of their own length', async () => {
    for (const length of [0, 4, 64 * 1024]) {
      const bytes = await bytesOf('dynamic');
      for (const entry of metadataEntries(bytes)) entry.writeUInt32LE(length, 20);
      assert.equal(await use(bytes), 'ERROR_VHD_METADATA_READ_FAILURE', `length ${length}`);
      await rm(place('base.vhdx'));
    }
  });

  it('have few texts about their parent', async () => {
    const bytes = await bytesOf('differencing');
    const locator = metadataEntries(bytes).find((entry) => entry.readUInt32LE(20) > 16)!;
    const at = metadataTable + locator.readUInt32LE(16);
    locator.writeUInt32LE(800 * 1024, 20);
    bytes.writeUInt16LE(0xffff, at + 18);
    for (let entry = at + 20; entry < at + 20 + 12 * 0xffff; entry += 12) {
      bytes.writeUInt32LE(800 * 1024 - 65534, entry);
      bytes.writeUInt32LE(800 * 1024 - 65534, entry + 4);
      bytes.writeUInt16LE(65534, entry + 8);
      bytes.writeUInt16LE(65534, entry + 10);
    }
    assert.equal(await use(bytes), 'ERROR_VHD_METADATA_READ_FAILURE');
  });

  it('are refused as the disk of a base layer, and leave no scratch layer', async () => {
    await mkdir(place('base'));
    for (const bytes of [Buffer.alloc(0), Buffer.alloc(4 * mib)]) {
      await writeFile(place('base/blank-base.vhdx'), bytes);
      const made = createScratch(place('scratch'), { parent: place('base'), ...host() });
      await assert.rejects(made, (error) => {
        assert.ok(error instanceof HcsError, String(error));
        assert.ok(error.message.includes(join('base', 'blank-base.vhdx')), error.message);
        return true;
      });
      assert.deepEqual(await readdir(folder), ['base']);
      await nothingOpen();
    }
  });
});

const values = [
  0n,
  1n,
  2n,
  511n,
  65536n,
  BigInt(mib),
  BigInt(3 * mib),
  0x7fffffffn,
  0xffffffffn,
  1n << 63n,
  (1n << 64n) - 1n,
  0xfffffffffff00000n,
];
const spots: readonly (readonly [at: number, length: number])[] = [
  [0, 16],
  ...headers.map((at) => [at, 80] as const),
  ...regionTables.map((at) => [at, 80] as const),
  [metadataTable, 256],
  [metadataItems, 512],
  [blockTable, 64],
];

/** Up to four fields get values that matter; mostly with right checksums, as else nothing behind them is read. */
function damage(bytes: Buffer, seed: number): { damaged: Buffer; what: string } {
  const below = randomFrom(seed);
  const damaged = Buffer.from(bytes);
  const what: string[] = [];
  for (let fields = 1 + below(4); fields > 0; fields--) {
    const [start, length] = spots[below(spots.length)]!;
    const width = [1, 2, 4, 8][below(4)]!;
    const at = start + below(length / width) * width;
    const value = BigInt.asUintN(width * 8, below(3) === 0 ? BigInt(below(2 ** 31)) : values[below(values.length)]!);
    for (let i = 0; i < width; i++) damaged[at + i] = Number((value >> BigInt(8 * i)) & 255n);
    what.push(`${at.toString(16)}:${width} = ${value.toString(16)}`);
  }
  return { damaged: below(8) === 0 ? damaged : seal(damaged), what: what.join(', ') };
}

/** xorshift32: the same files for the same seed, everywhere. */
function randomFrom(seed: number): (limit: number) => number {
  let state = (seed * 0x9e3779b1) >>> 0 || 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state = (state ^ (state << 5)) >>> 0;
    return state % limit;
  };
}
