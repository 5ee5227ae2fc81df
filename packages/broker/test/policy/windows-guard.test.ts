import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { AccessEntry, FileProtection } from 'hostcompute/remote';
import { fileProtection } from 'hostcompute/remote';

import { windowsGuard } from '../../src/policy/windows-guard.js';

const system = 'S-1-5-18';
const administrators = 'S-1-5-32-544';
const users = 'S-1-5-32-545';
const all = 0x1f01ff;
const read = 0x120089;

const allow = (who: string, rights: number, flags = 0): AccessEntry => ({ who, kind: 0, flags, rights });
const administratorsOnly: FileProtection = {
  owner: administrators,
  entries: [allow(system, all), allow(administrators, all), allow(users, read)],
};

describe('windowsGuard()', () => {
  const path = 'C:\\ProgramData\\hostcompute-broker\\policy.json';
  const places = ['C:\\', 'C:\\ProgramData', 'C:\\ProgramData\\hostcompute-broker', path];

  /** With the files and folders that are not for administrators only. */
  const guard = (others: Readonly<Record<string, FileProtection>> = {}, finalPath = path): string[] => {
    const asked: string[] = [];
    windowsGuard(path, {
      finalPathOf: () => finalPath,
      protectionOf: (each) => {
        asked.push(each);
        return others[each] ?? administratorsOnly;
      },
    });
    return asked;
  };

  it('looks at the file and at each folder above it', () => {
    assert.deepEqual(guard(), places.toReversed());
    assert.deepEqual(guard({}, path.toUpperCase()), places.toReversed());
  });

  it('refuses an owner who is no administrator, and what has no access list', () => {
    for (const each of places) {
      assert.throws(
        () => guard({ [each]: { ...administratorsOnly, owner: users } }),
        /must belong to an administrator/,
      );
      assert.throws(() => guard({ [each]: { owner: system, entries: undefined } }), /must have an access list/);
    }
  });

  it('refuses a file that others may write, and a folder in which they may replace it', () => {
    const entries = (...more: AccessEntry[]): FileProtection => ({ owner: system, entries: more });
    const refused = {
      file: [0x2, 0x4, 0x1_0000, 0x4_0000, 0x8_0000, 0x1000_0000, 0x4000_0000],
      folder: [0x40, 0x4_0000],
    };
    for (const rights of refused.file)
      assert.throws(() => guard({ [path]: entries(allow(users, rights)) }), /must not be for others to change/);
    for (const each of places.slice(0, -1)) {
      for (const rights of refused.folder)
        assert.throws(() => guard({ [each]: entries(allow(users, rights)) }), /must not be for others to change/);
    }
    const folder = places[2]!;
    assert.throws(() => guard({ [folder]: entries(allow(users, 0x1_0000)) }), /hostcompute-broker must not be/);
    // A right under a condition, and a kind of entry that is not known.
    assert.throws(() => guard({ [path]: entries({ ...allow(users, 0x2), kind: 9 }) }), /S-1-5-32-545 may/);
    assert.throws(() => guard({ [path]: entries({ ...allow('', 0), kind: 5 }) }), /an entry of kind 5 names may/);
  });

  it('takes what changes nothing: reading, new files beside it, what is for other files, what denies', () => {
    const harmless = [allow(users, read), allow(users, all, 0x8 | 0x2), { ...allow(users, all), kind: 1 }];
    guard({ [path]: { owner: system, entries: harmless } });
    guard({ [places[1]!]: { owner: system, entries: [allow(users, 0x2 | 0x4 | read)] } });
    guard({ [places[0]!]: { owner: system, entries: [allow(users, 0x1301bf)] } }); // Modify, as drives for data have it
  });

  it('refuses a path that is reached by a link, or is not absolute', () => {
    assert.throws(() => guard({}, 'C:\\elsewhere\\policy.json'), /must not be reached by a link/);
    assert.throws(() => windowsGuard('policy.json'), /must be an absolute path/);
  });

  if (process.platform !== 'win32') return;

  it('reads the access list of a file, and refuses one of an ordinary user', () => {
    const folder = realpathSync.native(mkdtempSync(join(tmpdir(), 'hostcompute-broker-')));
    const file = join(folder, 'policy.json');
    writeFileSync(file, '{}');
    const { owner, entries } = fileProtection(file);
    assert.match(owner, /^S-1-5-/);
    assert.ok(entries !== undefined && entries.length > 0);
    assert.ok(
      entries.some(({ who, kind, rights }) => who.startsWith('S-1-') && kind === 0 && (rights & read) === read),
    );
    assert.throws(() => windowsGuard(file), /must belong to an administrator|must not be for others to change/);
    assert.throws(() => fileProtection(join(folder, 'no')), /cannot be read: 0x80070002/);
    rmSync(folder, { recursive: true });
  });
});
