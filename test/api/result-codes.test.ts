import assert from 'node:assert/strict';

import { describeStatus, resultCodes } from 'hostcompute';

const hex = (status: number): string => '0x' + status.toString(16).toUpperCase().padStart(8, '0');

const statuses = resultCodes.flatMap((row) => row.statuses.map((status) => ({ row, status })));

describe('resultCodes', () => {
  it('lists no code twice', () => {
    const codes = resultCodes.map((row) => row.code);
    assert.deepEqual(
      codes.filter((code, index) => codes.indexOf(code) !== index),
      [],
    );
  });

  it('lists no status twice', () => {
    const all = statuses.map(({ status }) => status);
    assert.deepEqual(all.filter((status, index) => all.indexOf(status) !== index).map(hex), []);
  });

  it('lists statuses as unsigned 32-bit integers', () => {
    for (const { row, status } of statuses) {
      assert.equal(status >>> 0, status, row.code);
      assert.notEqual(status, 0, row.code);
    }
  });

  it('lists a Windows error as HRESULT and as plain number', () => {
    for (const { row, status } of statuses) {
      if (status >>> 16 === 0x8007) assert.deepEqual(row.statuses, [status, status & 0xffff]);
      if (status <= 0xffff) assert.deepEqual(row.statuses, [0x80070000 + status, status]);
    }
  });

  for (const row of resultCodes) {
    it(`has a one-line message and remedy for ${row.code}`, () => {
      assert.ok(row.statuses.length > 0);
      assert.match(row.message, /^[A-Z][^\n\r.]*\.$/);
      assert.match(row.remedy, /^[A-Z"][^\n\r]*\.$/);
      assert.equal(row.message.trim(), row.message);
      assert.equal(row.remedy.trim(), row.remedy);
    });
  }
});

describe('describeStatus()', () => {
  it('finds the row of every listed status', () => {
    for (const { row, status } of statuses) assert.equal(describeStatus(status), row, hex(status));
  });

  it('accepts every listed status as a signed number', () => {
    for (const { row, status } of statuses) assert.equal(describeStatus(status | 0), row);
  });

  it('gives both families of the Host Compute System one name', () => {
    for (let low = 0x100; low <= 0x121; low++) {
      const { code } = describeStatus(0xc0370000 + low);
      assert.match(code, /^HCS_E_/, hex(low));
      assert.equal(describeStatus(0x80370000 + low).code, code);
    }
  });

  it('names both pending codes HCS_E_OPERATION_PENDING', () => {
    for (const status of [0xc0370103, 0x80370103, 0xc0370117, 0x80370117]) {
      assert.equal(describeStatus(status).code, 'HCS_E_OPERATION_PENDING');
      assert.equal(describeStatus(status).class, 'pending');
    }
  });

  it('names both spellings of the connection timeout HCS_E_CONNECTION_TIMEOUT', () => {
    assert.equal(describeStatus(0xc0370109).code, 'HCS_E_CONNECTION_TIMEOUT');
    assert.equal(describeStatus(0x80370109).code, 'HCS_E_CONNECTION_TIMEOUT');
  });

  it('reads the signed numbers of result documents', () => {
    assert.equal(describeStatus(-2147024894).code, 'ERROR_FILE_NOT_FOUND');
    assert.equal(describeStatus(-1070137082).code, 'HCS_E_UNEXPECTED_EXIT');
    assert.equal(describeStatus(-2147024883).code, 'ERROR_INVALID_DATA');
  });

  it('reads a Windows error in any spelling', () => {
    for (const status of [0x80070005, 0xc0070005, 5]) {
      assert.equal(describeStatus(status).code, 'E_ACCESSDENIED');
    }
    assert.equal(describeStatus(0x6ba).code, 'RPC_S_SERVER_UNAVAILABLE');
    assert.equal(describeStatus(0x490).code, 'ERROR_NOT_FOUND');
  });

  it('keeps a missing export and a missing library apart from a missing process', () => {
    assert.equal(describeStatus(127).class, 'missingExport');
    assert.equal(describeStatus(126).class, 'featureMissing');
    assert.equal(describeStatus(0x490).class, 'notFound');
  });

  it('does not call a missing file or program notFound', () => {
    assert.notEqual(describeStatus(0x80070002).class, 'notFound');
    assert.notEqual(describeStatus(0x80070003).class, 'notFound');
  });

  it('keeps an existing system apart from an unsupported request', () => {
    assert.equal(describeStatus(0x8037010f).class, 'exists');
    assert.equal(describeStatus(0x80070032).class, 'notSupported');
  });

  it('gives an unknown code of the Host Compute System one name in both families', () => {
    assert.equal(describeStatus(0x80370fff).code, 'HCS_0x80370FFF');
    assert.equal(describeStatus(0xc0370fff).code, 'HCS_0x80370FFF');
  });

  it('gives a network code the name of its family', () => {
    assert.equal(describeStatus(0x803b0015).code, 'HCN_E_0x803B0015');
    assert.equal(describeStatus(0x803b0015).class, 'network');
  });

  it('gives a virtual disk code the class of its family', () => {
    assert.equal(describeStatus(0xc03a0005).code, 'HRESULT_0xC03A0005');
    assert.equal(describeStatus(0xc03a0005).class, 'storage');
  });

  it('gives an unknown Windows error one name in every spelling', () => {
    const [first, ...others] = [0x8007abcd, 0xabcd].map(describeStatus);
    assert.equal(first?.code, 'HRESULT_0x8007ABCD');
    assert.deepEqual(others, [first]);
  });

  it('gives any other unknown status a code and a message', () => {
    for (const status of [0x88980001, -2003238911, 0xffffffff, 0x00010000]) {
      const { code, message } = describeStatus(status);
      assert.equal(code, `HRESULT_${hex(status >>> 0)}`);
      assert.ok(message);
    }
  });
});
