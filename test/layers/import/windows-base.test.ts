import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';

import { alternateName } from '#dist/layers/formats/backup-stream.js';

import { isThere, list } from '../../support/layers/layer-folder.js';
import { stream } from '../../support/layers/layers.js';
import type { Made } from '../../support/layers/tar.js';
import { file, folder, hardLink, junction } from '../../support/layers/tar.js';
import { StandInFiles } from '../../support/windows/windows-files.js';
import { WindowsLayers } from '../../support/windows/windows-layers.js';

const files = folder('Files');
const epoch = 116444736000000000n;
/** Of owner and group `BUILTIN\Administrators`, and nothing else. */
const descriptor = Buffer.from(
  '0100008014000000240000000000000000000000' + '010200000000000520000000200200000102000000000005200000002002' + '0000',
  'hex',
);
const security = { 'MSWINDOWS.rawsd': descriptor.toString('base64') };

describe('A base layer written for Windows', () => {
  it('consists of files and folders in their final form, with security, streams, attributes and times', async () => {
    using layers = new WindowsLayers();
    const times = { mtime: '1.25', atime: '2', ctime: '3', 'LIBARCHIVE.creationtime': '4.0000001' };
    const { layer } = await layers.write(
      'base',
      [],
      [
        files,
        folder('Files/inner', { ...security, ...times }),
        file('Files/inner/a', 'hello', { ...security, ...times, 'MSWINDOWS.fileattr': '33' }),
        { name: 'Files/inner/a:zone', body: 'alternate' },
      ],
    );
    assert.equal(layer?.entries, 4);
    assert.deepEqual(list(layers.pathOf('base')), ['Files/', 'Files/inner/', 'Files/inner/a']);
    assert.equal(readFileSync(layers.pathOf('base/Files/inner/a'), 'utf8'), 'hello');
    const { before, after, attributes, times: kept } = layers.recordOf('base/Files/inner/a');
    assert.deepEqual(before, stream(3, descriptor));
    assert.deepEqual(after, stream(4, 'alternate', alternateName('zone')));
    assert.equal(attributes, 33);
    const expected = [epoch + 40000001n, epoch + 20000000n, epoch + 12500000n, epoch + 30000000n].map(String);
    assert.deepEqual(kept, expected);
    assert.deepEqual(layers.recordOf('base/Files/inner').times, expected);
    assert.deepEqual(layers.recordOf('base/Files/inner').before, stream(3, descriptor));
  });

  it('is written in the order that Windows requires, with links and then folder times last', async () => {
    using layers = new WindowsLayers();
    const { written } = await layers.write(
      'base',
      [],
      [files, hardLink('Files/b', 'Files/inner/a'), folder('Files/inner'), file('Files/inner/a', 'hello')],
    );
    assert.deepEqual(written, [
      'acquire 7',
      'openRoot base',
      'fileSystem',
      // What the threads that write do.
      'acquire 7',
      'openRoot base',
      'create Files',
      'backupEnd Files',
      'setInfo Files 16',
      'close Files',
      'create Files/inner',
      'backupEnd Files/inner',
      'setInfo Files/inner 16',
      'close Files/inner',
      'create Files/inner/a',
      'backupWrite Files/inner/a 25',
      'backupEnd Files/inner/a',
      'setInfo Files/inner/a 32',
      'close Files/inner/a',
      'end',
      'close ',
      'openRoot base',
      'open Files/b',
      'open Files/inner/a',
      'open Files',
      'link Files/inner/a Files/b',
      'close Files',
      'close Files/inner/a',
      'open Files/inner',
      'setInfo Files/inner 16',
      'close Files/inner',
      'open Files',
      'setInfo Files 16',
      'close Files',
      'close ',
      'end',
      'close ',
    ]);
  });

  it('can have hard links with one-letter names', async () => {
    using layers = new WindowsLayers();
    await layers.write('base', [], [files, file('Files/target', 'x'), hardLink('Files/[', 'Files/target')]);
    assert.equal(statSync(layers.pathOf('base/Files/[')).ino, statSync(layers.pathOf('base/Files/target')).ino);
  });

  it('has directory links as empty folders with a reparse point', async () => {
    using layers = new WindowsLayers();
    await layers.write('base', [], [files, junction('Files/link', 'C:\\Windows')]);
    assert.deepEqual(list(layers.pathOf('base')), ['Files/', 'Files/link/']);
    const { tag, attributes } = layers.recordOf('base/Files/link');
    assert.deepEqual([tag, attributes], [0xa0000003, 0x410]);
  });

  it('writes large files completely, in calls of at most 1 MiB', async () => {
    using layers = new WindowsLayers();
    const body = Buffer.alloc(3_000_000, 'content');
    const { written } = await layers.write('base', [], [files, file('Files/large', body)]);
    assert.deepEqual(readFileSync(layers.pathOf('base/Files/large')), body);
    const sizes = written.flatMap((call) => /^backupWrite .* (\d+)$/.exec(call)?.[1] ?? []).map(Number);
    assert.ok(sizes.length > 1 && sizes.length < 10);
    assert.equal(
      sizes.reduce((sum, size) => sum + size),
      20 + body.length,
    );
  });

  it('is refused when the process lacks a privilege, naming it', async () => {
    using layers = new WindowsLayers();
    layers.prepare = (each) => (each.missing = 4);
    const { failure } = await layers.write('base', [], [files]);
    assert.equal(failure?.entry, undefined);
    assert.match(failure!.reason, /does not have SeSecurityPrivilege/);
    assert.match(failure!.remedy, /as an administrator/);
  });

  it('is refused on a volume that is not NTFS', async () => {
    using layers = new WindowsLayers();
    layers.prepare = (each) => (each.system = 'ReFS');
    const { failure } = await layers.write('base', [], [files]);
    assert.match(failure!.reason, /on a volume with ReFS/);
    assert.deepEqual(list(layers.pathOf('base')), []);
  });

  it('names the entry at which a call failed, and a remedy', async () => {
    using layers = new WindowsLayers();
    layers.failAt = 9;
    const { failure } = await layers.write('base', [], [files, file('Files/a', 'hello')]);
    assert.equal(failure?.entry, 'Files/a');
    assert.match(failure.reason, /writing "Files\/a": the volume is full \(ERROR_DISK_FULL, 0x80070070\)/);
    assert.match(failure.remedy, /Free some space/);
  });

  // Under Wine it is the same code on the same stand-in, at a tenth of the speed.
  if (process.platform !== 'win32') {
    it('leaves no handle or privilege behind, whichever call fails', async () => {
      const entries: Made[] = [
        files,
        folder('Files/inner'),
        file('Files/inner/a', 'hello'),
        junction('Files/link', 'C:\\'),
        folder('UtilityVM'),
        folder('UtilityVM/Files'),
        hardLink('Files/b', 'Files/inner/a'),
      ];
      let failures = 0;
      for (let failAt = 1; ; failAt++) {
        using layers = new WindowsLayers();
        layers.failAt = failAt;
        const { layer, failure } = await layers.write('base', [], entries);
        assert.deepEqual(layers.openFiles, []);
        assert.equal(StandInFiles.hasPrivileges, false);
        if (layer !== undefined) break;
        assert.match(failure!.reason, /the volume is full/);
        failures++;
      }
      assert.ok(failures > 30, `${failures}`);
    });
  }

  it('does not write through a folder that was replaced by a reparse point', async () => {
    using layers = new WindowsLayers();
    layers.prepare = (each) => {
      const setInfo = each.setInfo.bind(each);
      each.setInfo = (id, info) => {
        const result = setInfo(id, info);
        const place = layers.pathOf('base/Files/inner');
        if (isThere(place)) layers.records.change(place, { ...layers.records.of(place), tag: 0xa0000003 });
        return result;
      };
    };
    const { failure } = await layers.write('base', [], [files, folder('Files/inner'), file('Files/inner/a')]);
    assert.equal(failure?.entry, 'Files/inner/a');
    assert.match(failure.reason, /a reparse point is on the way to it/);
  });
});
