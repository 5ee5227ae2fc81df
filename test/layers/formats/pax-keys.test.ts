import { strict as assert } from 'node:assert';

import { fileTimeOfPax } from '#dist/layers/formats/file-time.js';
import { decodePax, encodePax, unwritableName } from '#dist/layers/formats/pax-keys.js';

// LocalSystem may do everything: what test/fixtures/layers has, too.
const descriptor =
  'AQAEgDAAAABAAAAAAAAAABQAAAACABwAAQAAAAADFAD/AR8AAQEAAAAAAAUSAAAAAQIAAAAAAAUgAAAAIAIAAAEBAAAAAAAFEgAAAA==';

const records = {
  'LIBARCHIVE.creationtime': '1600000000.5',
  'MSWINDOWS.fileattr': '1040',
  'MSWINDOWS.mountpoint': '1',
  'MSWINDOWS.rawsd': descriptor,
  'MSWINDOWS.xattr.USER.ONE': 'djE=',
  'MSWINDOWS.xattr.B': '',
  atime: '1700000001.125',
  ctime: '1700000002.0625',
};

describe('The PAX records of an entry', () => {
  it('round-trip through the metadata of a file', () => {
    const metadata = decodePax({ ...records, mtime: '1700000000.25' }, 0n);
    assert.deepEqual(metadata, {
      attributes: 1040,
      securityDescriptor: Buffer.from(descriptor, 'base64'),
      isMountPoint: true,
      extendedAttributes: [
        { name: 'USER.ONE', value: Buffer.from('v1') },
        { name: 'B', value: Buffer.alloc(0) },
      ],
      times: {
        creation: fileTimeOfPax('1600000000.5'),
        access: fileTimeOfPax('1700000001.125'),
        write: fileTimeOfPax('1700000000.25'),
        change: fileTimeOfPax('1700000002.0625'),
      },
    });
    assert.deepEqual(encodePax(metadata), records);
  });

  it('leave attributes and descriptor unset when absent, and use the time of the header', () => {
    const write = fileTimeOfPax('1700000000');
    assert.deepEqual(decodePax({}, write), {
      isMountPoint: false,
      extendedAttributes: [],
      times: { creation: write, access: write, write, change: write },
    });
  });

  it('default a missing time to mtime, not to 1754', () => {
    const { times } = decodePax({ mtime: '1700000000.25' }, 0n);
    assert.deepEqual(new Set(Object.values(times)), new Set([fileTimeOfPax('1700000000.25')]));
  });

  it('mark a junction by their presence, whatever the value', () => {
    assert.equal(decodePax({ 'MSWINDOWS.mountpoint': '' }, 0n).isMountPoint, true);
  });

  it('keep the name of an extended attribute byte for byte where it is UTF-8', () => {
    const [attribute] = decodePax({ 'MSWINDOWS.xattr.Ü': 'djE=' }, 0n).extendedAttributes;
    assert.equal(attribute?.name, '\xc3\x9c');
    assert.equal(encodePax(decodePax({ 'MSWINDOWS.xattr.Ü': 'djE=' }, 0n))['MSWINDOWS.xattr.Ü'], 'djE=');
    assert.equal(unwritableName('\xc3\x9c'), undefined);
    assert.match(unwritableName('\xdc') ?? '', /not UTF-8/);
    assert.match(unwritableName('a=b') ?? '', /equals sign/);
  });

  const malformed: Record<string, [Record<string, string>, RegExp]> = {
    'attributes beyond 32 bits': [{ 'MSWINDOWS.fileattr': '4294967296' }, /fileattr is "4294967296"/],
    'attributes that are not a decimal number': [{ 'MSWINDOWS.fileattr': '0x10' }, /fileattr is "0x10"/],
    'a descriptor that is not Base64': [{ 'MSWINDOWS.rawsd': '****' }, /rawsd is not Base64/],
    'a descriptor without its padding': [{ 'MSWINDOWS.rawsd': descriptor.slice(0, -1) }, /rawsd is not Base64/],
    'a descriptor of no bytes': [{ 'MSWINDOWS.rawsd': '' }, /security descriptor has 0 bytes/],
    'a descriptor in the text form of old': [{ 'MSWINDOWS.sd': 'O:BAG:SY' }, /MSWINDOWS.sd/],
    'a value that is not Base64': [{ 'MSWINDOWS.xattr.A': 'x' }, /xattr.A is not Base64/],
    'a time that is not a number': [{ atime: 'yesterday' }, /"yesterday"/],
  };
  for (const [name, [wrong, reason]] of Object.entries(malformed)) {
    it(`are refused with ${name}`, () => assert.throws(() => decodePax(wrong, 0n), reason));
  }
});
