import assert from 'node:assert/strict';

import { namesBelow, pathFlaw } from '../../src/paths/lexical.js';

const windows: Readonly<Record<string, readonly string[]>> = {
  'a way up': ['D:\\layers\\..\\secret', 'D:\\layers\\.\\x', 'D:\\..', 'D:\\layers\\...\\x'],
  slashes: ['D:/layers/x', 'D:\\layers/..\\x', '/layers'],
  'shares and devices': [
    '\\\\server\\share\\x.vhdx',
    '\\\\?\\D:\\layers\\x',
    '\\\\.\\PhysicalDrive0',
    '\\\\.\\pipe\\x',
    '\\??\\D:\\layers',
    '\\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy1\\x',
    '\\\\?\\Volume{01234567-0000-0000-0000-000000000000}\\x',
    '\\\\?\\UNC\\server\\share',
  ],
  'what is not from a drive on': ['D:x', '\\x', 'x', 'x\\y', '', 'D:', 'DD:\\x', '1:\\x', 'é:\\x', ' D:\\x'],
  'whole drives, and empty names': ['D:\\', 'D:\\layers\\', 'D:\\layers\\\\x'],
  'devices in folders': [
    'D:\\layers\\NUL',
    'D:\\layers\\nul.vhdx',
    'D:\\CON\\x',
    'D:\\layers\\COM1.vhdx',
    'D:\\layers\\LPT9',
    'D:\\layers\\COM\u00b9',
    'D:\\layers\\lpt\u00b3.txt',
    'D:\\layers\\CONIN$',
    'D:\\layers\\conout$.x',
    'D:\\layers\\AUX .x',
  ],
  'short names': ['D:\\LAYERS~1\\x', 'D:\\layers\\ABCDEF~2.VHD', 'D:\\layers\\x~1'],
  streams: ['D:\\layers\\x.vhdx:evil', 'D:\\layers\\x::$DATA', 'D:\\layers:$I30:$INDEX_ALLOCATION', 'D:\\layers\\x:'],
  'dots and blanks at an end': [
    'D:\\layers \\x',
    'D:\\layers.\\x',
    'D:\\layers\\x. ',
    'D:\\layers\\ x',
    'D:\\layers\\x.',
  ],
  'what no name has': ['D:\\layers\\x*', 'D:\\layers\\?', 'D:\\la"yers', 'D:\\l|x', 'D:\\<x>'],
  'controls and halves': ['D:\\layers\\x\u0000', 'D:\\layers\\\u0007', 'D:\\layers\\\ud800', 'D:\\layers\\x\n'],
  'what is too long': [`D:\\${'x'.repeat(256)}`, `D:\\${'x\\'.repeat(600)}x`],
};

const posix: Readonly<Record<string, readonly string[]>> = {
  'a way up': ['/layers/../secret', '/layers/./x', '/..'],
  'what is not from the root on': ['layers/x', '', 'D:\\layers', '~/x'],
  'empty names': ['/', '//x', '/x//y', '/x/'],
  'controls and halves': ['/x\u0000', '/x\n', '/x\ud800'],
  'what is too long': [`/${'é'.repeat(128)}`, `/${'x/'.repeat(2100)}x`],
};

for (const [form, table] of [
  ['windows', windows],
  ['posix', posix],
] as const) {
  describe(`paths of the form ${form}`, () => {
    for (const [what, paths] of Object.entries(table)) {
      it(`are refused for ${what}`, () => {
        for (const path of paths) assert.notEqual(pathFlaw(path, form), undefined, JSON.stringify(path));
      });
    }
  });
}

describe('plain paths', () => {
  it('are let through', () => {
    for (const path of [
      'D:\\layers\\base',
      'd:\\Layers\\a b\\x.vhdx',
      'D:\\x~y',
      'D:\\console',
      'D:\\com\\nullable.x',
      'D:\\é',
    ]) {
      assert.equal(pathFlaw(path, 'windows'), undefined, path);
    }
    for (const path of ['/var/layers', '/x/NUL', '/x/a b.c', '/x/...'])
      assert.equal(pathFlaw(path, 'posix'), undefined, path);
  });
});

describe('namesBelow()', () => {
  it('compares name by name', () => {
    assert.deepEqual(namesBelow('D:\\layers', 'D:\\layers\\a\\b', 'windows'), ['a', 'b']);
    assert.deepEqual(namesBelow('D:\\layers', 'D:\\layers', 'windows'), []);
    for (const path of ['D:\\layers-evil\\a', 'D:\\layersx', 'D:\\layer', 'E:\\layers\\a', 'D:\\']) {
      assert.equal(namesBelow('D:\\layers', path, 'windows'), undefined, path);
    }
  });

  it('takes no account of case on Windows, and takes it elsewhere', () => {
    assert.deepEqual(namesBelow('D:\\Layers', 'd:\\lAYERS\\A', 'windows'), ['A']);
    assert.equal(namesBelow('/Layers', '/layers/a', 'posix'), undefined);
  });

  it('takes no letter for two', () => {
    assert.equal(namesBelow('D:\\straSSe', 'D:\\straße\\a', 'windows'), undefined);
    assert.deepEqual(namesBelow('D:\\straße', 'D:\\STRAßE\\a', 'windows'), ['a']);
  });
});
