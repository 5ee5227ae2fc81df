import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, open, readdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { Host } from 'hostcompute';
import { HcsArgumentError, HcsError, LayerStore } from 'hostcompute';
import { VirtualDisk } from 'hostcompute/storage';

import { has } from '../../support/capabilities.js';
import { eventually } from '../../support/eventually.js';
import { useSimulator } from '../../support/host.js';

const gib = 2 ** 30;
// Windows says of such a name that it cannot be one.
const longName = process.platform === 'win32' ? /./ : 'ERROR_FILENAME_EXCED_RANGE';
const mib = 2 ** 20;

describe('VirtualDisk', () => {
  const bench = useSimulator();
  let folder: string;
  const place = (name: string): string => join(folder, name);
  const host = (): { host: Host } => ({ host: bench.simulator.host });
  const disks = async (): Promise<number> => (await bench.simulator.state()).Handles.Disk;

  async function made(name: string, sizeBytes = 64 * mib): Promise<string> {
    await using disk = await VirtualDisk.create(place(name), { sizeBytes, ...host() });
    return disk.path;
  }

  async function child(name: string, parent: string): Promise<string> {
    await using disk = await VirtualDisk.createDifferencing(place(name), { parent, ...host() });
    return disk.path;
  }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hostcompute-disks-'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('creates a dynamic disk with blocks of 1 MiB, and says what it is', async () => {
    await using disk = await VirtualDisk.create(place('a.vhdx'), { sizeGB: 20, ...host() });
    const { fileSizeBytes, id, ...info } = await disk.info();
    assert.deepEqual(info, {
      type: 'dynamic',
      sizeBytes: 20 * gib,
      blockSizeBytes: mib,
      sectorSizeBytes: 512,
      physicalSectorSizeBytes: 4096,
      inUse: false,
    });
    assert.equal(fileSizeBytes, (await stat(disk.path)).size);
    assert.match(id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assert.ok(fileSizeBytes < 8 * mib);
  });

  it('creates a fixed disk, whose file is as large', async () => {
    const options = { sizeBytes: 8 * mib, type: 'fixed', blockSizeBytes: 2 * mib, sectorSizeBytes: 4096 } as const;
    await using disk = await VirtualDisk.create(place('f.vhdx'), { ...options, ...host() });
    const info = await disk.info();
    assert.deepEqual([info.type, info.blockSizeBytes, info.sectorSizeBytes], ['fixed', 2 * mib, 4096]);
    assert.ok(info.fileSizeBytes >= 8 * mib);
  });

  it('creates a disk on another, of the same size, and names the parent', async () => {
    const parent = await made('p.vhdx');
    await using disk = await VirtualDisk.createDifferencing(place('c.vhdx'), { parent, ...host() });
    const info = await disk.info();
    assert.deepEqual([info.type, info.sizeBytes, info.parent], ['differencing', 64 * mib, parent]);
  });

  it('changes the id', async () => {
    const id = '5b2e6c1a-9f0d-4b0a-8a5e-3a1b7c9d2e01';
    const path = await made('a.vhdx');
    await using disk = await VirtualDisk.open(path, host());
    await disk.setId(id.toUpperCase());
    assert.equal((await disk.info()).id, id);
    await using readOnly = await VirtualDisk.open(path, { readOnly: true, ...host() });
    await assert.rejects(readOnly.setId(id), { code: 'E_ACCESSDENIED', disk: path });
  });

  it('attaches a disk until its attachment ends', async () => {
    await using disk = await VirtualDisk.open(await made('a.vhdx'), host());
    await assert.rejects(disk.physicalPath(), { status: 0x80070037 });
    {
      await using attachment = await disk.attach();
      assert.equal(await attachment.physicalPath(), '\\\\.\\PhysicalDrive1');
      assert.equal((await disk.info()).inUse, true);
      await assert.rejects(disk.attach(), { code: 'ERROR_SHARING_VIOLATION' });
    }
    assert.equal((await disk.info()).inUse, false);
    const again = await disk.attach({ readOnly: true });
    assert.equal((await bench.simulator.state()).Disks[0]?.ReadOnly, true);
    await again.detach();
    await again.detach();
    await assert.rejects(disk.detach(), { code: 'ERROR_NOT_FOUND' });
  });

  it('detaches a disk that is closed, unless it is attached permanently', async () => {
    const path = await made('a.vhdx');
    const disk = await VirtualDisk.open(path, host());
    const attachment = await disk.attach();
    await disk.close();
    await attachment.detach();
    assert.deepEqual((await bench.simulator.state()).Disks, []);
    const other = await VirtualDisk.open(path, host());
    await other.attach({ permanent: true, driveLetter: true });
    await other.close();
    assert.equal((await bench.simulator.state()).Disks[0]?.Permanent, true);
    await using third = await VirtualDisk.open(path, host());
    await third.detach();
    assert.deepEqual((await bench.simulator.state()).Disks, []);
  });

  it('attaches for reading what was opened for reading', async () => {
    await using disk = await VirtualDisk.open(await made('a.vhdx'), { readOnly: true, ...host() });
    await assert.rejects(disk.attach(), { code: 'E_ACCESSDENIED' });
    await using attachment = await disk.attach({ readOnly: true });
    assert.equal(attachment.readOnly, true);
  });

  it('rejects what the host refuses, with its code, and leaves no file', async () => {
    const path = await made('a.vhdx');
    await assert.rejects(VirtualDisk.create(path, { sizeGB: 1, ...host() }), { code: 'ERROR_FILE_EXISTS', disk: path });
    assert.ok((await stat(path)).isFile());
    const missing = place('missing.vhdx');
    await assert.rejects(VirtualDisk.open(missing, host()), {
      code: 'ERROR_FILE_NOT_FOUND',
      operation: 'OpenVirtualDisk',
    });
    const orphan = VirtualDisk.createDifferencing(place('c.vhdx'), { parent: missing, ...host() });
    await assert.rejects(orphan, (error) => {
      assert.ok(error instanceof HcsError && error.code === 'ERROR_FILE_NOT_FOUND' && error.disk === place('c.vhdx'));
      assert.ok(error.message.includes(`The parent is "${missing}"`), error.message);
      return true;
    });
    const nowhere = VirtualDisk.create(join(folder, 'no', 'a.vhdx'), { sizeGB: 1, ...host() });
    await assert.rejects(nowhere, { code: 'ERROR_PATH_NOT_FOUND' });
    const large = VirtualDisk.create(place('large.vhdx'), { sizeGB: 60 * 1024, type: 'fixed', ...host() });
    await assert.rejects(large, { code: 'ERROR_DISK_FULL' });
    const long = place(`${'x'.repeat(300)}.vhdx`);
    await assert.rejects(VirtualDisk.create(long, { sizeGB: 1, ...host() }), { code: longName });
    await assert.rejects(VirtualDisk.open(long, host()), { code: longName });
    assert.deepEqual(await readdir(folder), ['a.vhdx']);
    if (process.platform === 'win32') return;
    await symlink('loop.vhdx', place('loop.vhdx'));
    await assert.rejects(VirtualDisk.open(place('loop.vhdx'), host()), { code: 'ERROR_CANT_RESOLVE_FILENAME' });
  });

  it('refuses arguments before the host is called, and names them', async () => {
    const create = (options: object, path = place('a.vhdx')): Promise<unknown> =>
      VirtualDisk.create(path, { ...host(), ...options });
    const cases: readonly (readonly [Promise<unknown>, string])[] = [
      [create({ sizeGB: 1 }, 'a.vhdx'), 'path'],
      [create({ sizeGB: 1 }, place('a.img')), 'path'],
      [create({ sizeGB: 1 }, `${place('a')}\0.vhdx`), 'path'],
      [create({}), 'options.sizeGB'],
      [create({ sizeGB: 1, sizeBytes: gib }), 'options.sizeGB'],
      [create({ sizeGB: -1 }), 'options.sizeGB'],
      ...['1', 1n, true, [1], null].map((sizeGB) => [create({ sizeGB }), 'options.sizeGB'] as const),
      [create({ sizeBytes: String(gib) }), 'options.sizeBytes'],
      [create({ sizeGB: 1, blockSizeBytes: BigInt(mib) }), 'options.blockSizeBytes'],
      [create({ sizeBytes: mib }), 'options.sizeBytes'],
      [create({ sizeBytes: 8 * mib + 1 }), 'options.sizeBytes'],
      [create({ sizeGB: 1, type: 'sparse' }), 'options.type'],
      [create({ sizeGB: 1, blockSizeBytes: 3 * mib }), 'options.blockSizeBytes'],
      [create({ sizeGB: 1, sectorSizeBytes: 1024 }), 'options.sectorSizeBytes'],
      [create({ sizeGB: 1, size: 1 }), 'options.size'],
      [VirtualDisk.createDifferencing(place('c.vhdx'), { parent: 'p.vhdx', ...host() }), 'options.parent'],
      [VirtualDisk.open(place('a.vhdx'), { ...host(), ...({ readOnly: 1 } as object) }), 'options.readOnly'],
    ];
    for (const [promise, field] of cases) {
      await assert.rejects(promise, (error) => error instanceof HcsArgumentError && error.field === field, field);
    }
    assert.deepEqual(await readdir(folder), []);
  });

  it('names the parent that is not where it was, and finds one that moved with its child', async () => {
    await mkdir(place('from'));
    await mkdir(place('to'));
    const parent = await made(join('from', 'p.vhdx'));
    const path = await child(join('from', 'c.vhdx'), parent);
    await rename(parent, place(join('to', 'p.vhdx')));
    await assert.rejects(VirtualDisk.open(path, host()), (error) => {
      assert.ok(error instanceof HcsError);
      assert.equal(error.code, 'ERROR_VHD_PARENT_VHD_NOT_FOUND');
      assert.ok(error.message.includes(parent), error.message);
      return true;
    });
    await rename(path, place(join('to', 'c.vhdx')));
    await using moved = await VirtualDisk.open(place(join('to', 'c.vhdx')), host());
    assert.equal((await moved.info()).parent, place(join('to', 'p.vhdx')));
    const absolute = VirtualDisk.open(moved.path, { ignoreRelativeParent: true, readOnly: true, ...host() });
    await assert.rejects(absolute, { code: 'ERROR_VHD_PARENT_VHD_NOT_FOUND' });
  });

  it('opens a disk by its second header, and rejects one without any', async () => {
    const path = await made('a.vhdx');
    const damage = async (at: number): Promise<void> => {
      const file = await open(path, 'r+');
      await file.write(Buffer.from('damaged'), 0, 7, at);
      await file.close();
    };
    await damage(64 * 1024);
    await (await VirtualDisk.open(path, host())).close();
    await damage(128 * 1024);
    await assert.rejects(VirtualDisk.open(path, host()), { code: 'ERROR_VHD_SPARSE_HEADER_CORRUPT', disk: path });
  });

  it('says that a parent is missing when nothing of the look for it is open', async () => {
    const [parent, child] = [await made('parent.vhdx'), place('child.vhdx')];
    await (await VirtualDisk.createDifferencing(child, { parent, ...host() })).close();
    await rm(parent);
    const rule = await bench.simulator.inject({ function: 'virtdisk.CloseVirtualDisk', block: true });
    let isSettled = false;
    const opening = VirtualDisk.open(child, host());
    void opening.catch(() => undefined).finally(() => (isSettled = true));
    assert.ok(await bench.simulator.reached({ blockedCalls: 1 }));
    const { Handles } = await bench.simulator.state();
    assert.deepEqual([isSettled, Handles.Disk], [false, 1]);
    await rule.release();
    await assert.rejects(opening, { code: 'ERROR_VHD_PARENT_VHD_NOT_FOUND' });
    assert.equal((await bench.simulator.state()).Handles.Disk, 0);
  });

  it('leaves no file of a create that was cancelled', async () => {
    const rule = await bench.simulator.inject({ function: 'virtdisk.CreateVirtualDisk', block: true });
    const cancel = new AbortController();
    const creating = VirtualDisk.create(place('a.vhdx'), { sizeGB: 1, signal: cancel.signal, ...host() });
    assert.ok(await bench.simulator.reached({ blockedCalls: 1 }));
    cancel.abort();
    await assert.rejects(creating, { code: 'ABORT_ERR' });
    await rule.release();
    assert.ok(await bench.noneStuck());
    let left: string[] = ['?'];
    await eventually(
      async () => (left = await readdir(folder)),
      () => left.length === 0,
    );
    assert.deepEqual(left, []);
    assert.equal(await disks(), 0);
  });

  it('detaches what is attached after its caller has stopped waiting', async () => {
    await using disk = await VirtualDisk.open(await made('a.vhdx'), host());
    const rule = await bench.simulator.inject({ function: 'virtdisk.AttachVirtualDisk', block: true });
    const cancel = new AbortController();
    const attaching = disk.attach({ signal: cancel.signal });
    assert.ok(await bench.simulator.reached({ blockedCalls: 1 }));
    cancel.abort();
    await assert.rejects(attaching, { code: 'ABORT_ERR' });
    await rule.release();
    assert.ok(await bench.noneStuck());
    let state = await bench.simulator.state();
    await eventually(
      async () => (state = await bench.simulator.state()),
      () => state.Calls['virtdisk.DetachVirtualDisk'] === 1 && state.CallsInside === 0,
    );
    assert.deepEqual(state.Disks, []);
  });

  it('is closed once, and is in the ledger until then', async () => {
    const disk = await VirtualDisk.open(await made('a.vhdx'), host());
    const { open: entries, registrations } = bench.simulator.host.ledger();
    assert.deepEqual([entries, registrations], [[{ kind: 'virtualDisk', disk: disk.path }], 0]);
    await Promise.all([disk.close(), disk.close()]);
    await disk.close();
    assert.deepEqual(bench.simulator.host.ledger().open, []);
    await assert.rejects(disk.info(), { code: 'ERR_HC_CLOSED', disk: disk.path });
    assert.deepEqual(disk.toJSON(), { path: disk.path, state: 'closed' });
  });

  if (!has('qemu-img', 'VHDX files by another implementation')) return;

  describe('by another implementation', () => {
    const run = promisify(execFile);
    const qemu = async (...words: string[]): Promise<string> => (await run('qemu-img', words)).stdout;

    it('is without errors, and of the size that was asked for', async () => {
      const sizes = { blockSizeBytes: 32 * mib, sizeGB: 3 };
      for (const type of ['dynamic', 'fixed'] as const) {
        const path = place(`${type}.vhdx`);
        await using disk = await VirtualDisk.create(path, { type, ...sizes, sizeGB: 1, ...host() });
        await disk.close();
        assert.match(await qemu('check', path), /No errors/);
        const info = JSON.parse(await qemu('info', '--output=json', path)) as Record<string, unknown>;
        assert.deepEqual([info.format, info['virtual-size'], info['cluster-size']], ['vhdx', gib, 32 * mib]);
      }
    });

    it('has room for its blocks when it has grown', async () => {
      await mkdir(place('scratch'));
      const path = await made(join('scratch', 'sandbox.vhdx'));
      await run('qemu-io', ['-f', 'vhdx', '-c', 'write -P 0x5a 1M 64k', path]);
      const store = await LayerStore.open(folder, host());
      await store.expandScratch('scratch', 1000 * gib);
      await run('qemu-io', ['-f', 'vhdx', '-c', 'write -P 0x5a 999G 64k', path]);
      for (const at of ['1M', '999G']) await run('qemu-io', ['-f', 'vhdx', '-c', `read -P 0x5a ${at} 64k`, path]);
      assert.match(await qemu('check', path), /No errors/);
      await using disk = await VirtualDisk.open(path, host());
      assert.equal((await disk.info()).sizeBytes, 1000 * gib);
    });

    it('is opened when another implementation has written to it', async () => {
      const path = await made('a.vhdx');
      await run('qemu-io', ['-f', 'vhdx', '-c', 'write -P 0x5a 1M 64k', path]);
      await using disk = await VirtualDisk.open(path, host());
      assert.equal((await disk.info()).sizeBytes, 64 * mib);
      assert.match(await qemu('check', path), /No errors/);
    });

    it('is opened when another implementation has made it', async () => {
      const path = place('q.vhdx');
      await qemu('create', '-f', 'vhdx', '-o', 'block_size=8M', path, '96M');
      const its = await child('c.vhdx', path);
      await using disk = await VirtualDisk.open(its, host());
      const info = await disk.info();
      assert.deepEqual([info.sizeBytes, info.parent], [96 * mib, path]);
    });
  });
});
