import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';

import { systemGuid } from 'hostcompute';

describe('systemGuid()', () => {
  it('returns the version 5 GUID of the uppercase id in UTF-16', async () => {
    const digest = createHash('sha1').update(Buffer.from('cab70344facb41e4b5e5ab6592283e6e', 'hex'));
    const hex = digest.update(Buffer.from('WEB-Ä', 'utf16le')).digest('hex');
    const variant = (Number.parseInt(hex.slice(16, 18), 16) & 0x3f) | 0x80;
    const groups = [hex.slice(0, 8), hex.slice(8, 12), `5${hex.slice(13, 16)}`];
    const guid = [...groups, variant.toString(16) + hex.slice(18, 20), hex.slice(20, 32)].join('-');
    assert.equal(await systemGuid('WEB-Ä'), guid);
    assert.equal(await systemGuid('web-ä'), guid);
  });
});
