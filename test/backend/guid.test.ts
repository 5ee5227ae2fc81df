import assert from 'node:assert/strict';

import { isGuid, printGuid, readGuid } from '#dist/guid.js';

// The variant is that of COM, and the version is none: Windows takes it all the same.
const text = '00112233-4455-f677-c899-aabbccddeeff';

describe('GUIDs', () => {
  it('consist of 8-4-4-4-12 hexadecimal digits of any version and variant, in either case', () => {
    for (const each of [text, text.toUpperCase(), '00000000-0000-0000-0000-000000000000'])
      assert.ok(isGuid(each), each);
    for (const each of [`{${text}}`, text.slice(1), text.replace('-', ''), text.replace('f', 'g'), `${text} `, 1, null])
      assert.ok(!isGuid(each), String(each));
  });

  it('are read into the layout of Windows, and formatted from it', () => {
    const data4 = [0xc8, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff];
    assert.deepEqual(readGuid(text.toUpperCase()), { data1: 0x00112233, data2: 0x4455, data3: 0xf677, data4 });
    assert.equal(readGuid(`{${text}}`), undefined);
    assert.equal(printGuid(Buffer.from([0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0xf6, ...data4])), text);
  });
});
