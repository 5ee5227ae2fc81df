import { strict as assert } from 'node:assert';

import { decodeTombstones, encodeTombstones } from '#dist/layers/formats/tombstones.js';

const bytes = 'EF BB BF 56 65 72 73 69 6F 6E 20 31 2E 30 0A 5C 64 69 72 5C 66 2E 74 78 74 0A';

describe('tombstones.txt', () => {
  it('matches the documented bytes', () => {
    assert.equal(
      Buffer.from(encodeTombstones(['dir\\f.txt'])).toString('hex'),
      bytes.replaceAll(' ', '').toLowerCase(),
    );
    assert.deepEqual(decodeTombstones(encodeTombstones(['dir\\f.txt', 'ü 漢'])), ['dir\\f.txt', 'ü 漢']);
    assert.deepEqual(decodeTombstones(encodeTombstones([])), []);
  });

  it('may have CRLF line endings, and no final line ending', () => {
    assert.deepEqual(decodeTombstones('\uFEFFVersion 1.0\r\n\\a\r\n\\b'), ['a', 'b']);
  });

  it('is refused without its first line, and with a line that is not a path', () => {
    for (const text of ['', 'Version 1.0\n', '\uFEFFVersion 2.0\n', '\\a\n']) {
      assert.throws(() => decodeTombstones(text), /does not begin with/);
    }
    for (const line of ['a', '', '\\', '\\\\server\\share']) {
      assert.throws(() => decodeTombstones(`\uFEFFVersion 1.0\n${line}\n\\b\n`), /has the line/);
    }
  });
});
