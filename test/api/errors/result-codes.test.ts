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

/** What users of hosts have reported. */
const reported = [
  [0xd0000022, 'STATUS_ACCESS_DENIED', 'accessDenied'],
  [0x80070070, 'ERROR_DISK_FULL', 'resources'],
  [0x8007052e, 'ERROR_LOGON_FAILURE', 'accessDenied'],
  [0x80070522, 'ERROR_PRIVILEGE_NOT_HELD', 'accessDenied'],
  [0x80071392, 'ERROR_OBJECT_ALREADY_EXISTS', 'exists'],
  [0x80070287, 'ERROR_FAILED_DRIVER_ENTRY', 'storage'],
  [0x80070422, 'ERROR_SERVICE_DISABLED', 'serviceGone'],
  [0x80070424, 'ERROR_SERVICE_DOES_NOT_EXIST', 'serviceGone'],
  [0x8007010b, 'ERROR_DIRECTORY', 'other'],
  [0x80070008, 'ERROR_NOT_ENOUGH_MEMORY', 'resources'],
  [0x800702e4, 'ERROR_ELEVATION_REQUIRED', 'accessDenied'],
  [0x800706d9, 'EPT_S_NOT_REGISTERED', 'serviceGone'],
  [0x80010108, 'RPC_E_DISCONNECTED', 'serviceGone'],
  [0xc0020017, 'RPC_NT_SERVER_UNAVAILABLE', 'network'],
  [0xd0000225, 'STATUS_NOT_FOUND', 'notFound'],
  [0xd0000035, 'STATUS_OBJECT_NAME_COLLISION', 'exists'],
  [0xd000007f, 'STATUS_DISK_FULL', 'resources'],
  [0xd00000bb, 'STATUS_NOT_SUPPORTED', 'notSupported'],
] as const;

describe('describeStatus()', () => {
  it('returns the row of every listed status', () => {
    for (const { row, status } of statuses) assert.equal(describeStatus(status), row, hex(status));
  });

  it('accepts every listed status as a signed number', () => {
    for (const { row, status } of statuses) assert.equal(describeStatus(status | 0), row);
  });

  it('returns the same name for both code families of HCS', () => {
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

  it('names both values of the connection timeout HCS_E_CONNECTION_TIMEOUT', () => {
    assert.equal(describeStatus(0xc0370109).code, 'HCS_E_CONNECTION_TIMEOUT');
    assert.equal(describeStatus(0x80370109).code, 'HCS_E_CONNECTION_TIMEOUT');
  });

  it('accepts the signed numbers of result documents', () => {
    assert.equal(describeStatus(-2147024894).code, 'ERROR_FILE_NOT_FOUND');
    assert.equal(describeStatus(-1070137082).code, 'HCS_E_UNEXPECTED_EXIT');
    assert.equal(describeStatus(-2147024883).code, 'ERROR_INVALID_DATA');
  });

  it('accepts a Windows error in any notation', () => {
    for (const status of [0x80070005, 0xc0070005, 5]) {
      assert.equal(describeStatus(status).code, 'E_ACCESSDENIED');
    }
    assert.equal(describeStatus(0x6ba).code, 'RPC_S_SERVER_UNAVAILABLE');
    assert.equal(describeStatus(0x490).code, 'ERROR_NOT_FOUND');
  });

  it('distinguishes a missing export and a missing library from a missing process', () => {
    assert.equal(describeStatus(127).class, 'missingExport');
    assert.equal(describeStatus(126).class, 'featureMissing');
    assert.equal(describeStatus(0x490).class, 'notFound');
  });

  it('does not classify a missing file or program as notFound', () => {
    assert.notEqual(describeStatus(0x80070002).class, 'notFound');
    assert.notEqual(describeStatus(0x80070003).class, 'notFound');
  });

  it('distinguishes an existing system from an unsupported request', () => {
    assert.equal(describeStatus(0x8037010f).class, 'exists');
    assert.equal(describeStatus(0x80070032).class, 'notSupported');
  });

  it('names an unknown HCS code alike in both families', () => {
    assert.equal(describeStatus(0x80370fff).code, 'HCS_0x80370FFF');
    assert.equal(describeStatus(0xc0370fff).code, 'HCS_0x80370FFF');
  });

  it('names the codes of networks', () => {
    assert.equal(describeStatus(0x803b0013).code, 'HCN_E_PORT_ALREADY_EXISTS');
    assert.equal(describeStatus(0x803b0002).class, 'notFound');
    assert.equal(describeStatus(0x803b0026).code, 'GCN_E_NETADAPTER_NOT_FOUND');
  });

  it('names an unknown network code after its family', () => {
    assert.equal(describeStatus(0x803b0fff).code, 'HCN_E_0x803B0FFF');
    assert.equal(describeStatus(0x803b0fff).class, 'network');
  });

  it('classifies a virtual disk code by its family', () => {
    assert.equal(describeStatus(0xc03a0020).code, 'HRESULT_0xC03A0020');
    assert.equal(describeStatus(0xc03a0020).class, 'storage');
  });

  it('names an unknown Windows error alike in every notation', () => {
    const [first, ...others] = [0x8007abcd, 0xabcd].map(describeStatus);
    assert.equal(first?.code, 'HRESULT_0x8007ABCD');
    assert.deepEqual(others, [first]);
  });

  it('reports facility and number for any other unknown status', () => {
    for (const [status, where] of [
      [0x88980001, 'facility 152, code 1'],
      [-2003238911, 'facility 153, code 1'],
      [0x80280001, 'facility 40, code 1'],
      [0x80040fff, 'facility 4 (of the interface that was called), code 4095'],
      [0xffffffff, 'facility 2047, code 65535'],
      [0x00010000, 'facility 1 (RPC), code 0'],
    ] as const) {
      const { code, message } = describeStatus(status);
      assert.equal(code, `HRESULT_${hex(status >>> 0)}`);
      assert.equal(message, `The host failed with HRESULT ${hex(status >>> 0)}, ${where}, which has no name here.`);
    }
  });

  for (const [status, code, kind] of reported) {
    it(`names ${hex(status)} ${code}, of the class ${kind}`, () => {
      const described = describeStatus(status);
      assert.deepEqual([described.code, described.class], [code, kind]);
      assert.match(described.remedy ?? '', /[a-z]/);
      assert.ok(resultCodes.some((row) => row.code === code));
    });
  }

  it('names an NTSTATUS alike as HRESULT and as is', () => {
    for (const status of [0xd0000022, 0xc0000022, -0x2fffffde]) {
      assert.equal(describeStatus(status).code, 'STATUS_ACCESS_DENIED');
    }
    assert.equal(describeStatus(0xd0370106).code, 'HCS_E_UNEXPECTED_EXIT');
    assert.equal(describeStatus(0xd0000420).code, 'STATUS_ASSERTION_FAILURE');
    assert.equal(describeStatus(0xd0070005).code, 'E_ACCESSDENIED');
  });

  it('names common Windows and kernel errors that have no remedy of their own', () => {
    assert.deepEqual(describeStatus(0x80070040), {
      code: 'ERROR_NETNAME_DELETED',
      message: 'Windows failed with error 64, ERROR_NETNAME_DELETED.',
      remedy: 'Run "net helpmsg 64" on the host to read its meaning.',
      class: 'other',
    });
    assert.equal(
      describeStatus(0xd0000142).message,
      'The kernel of Windows failed with NTSTATUS 0xC0000142, STATUS_DLL_INIT_FAILED.',
    );
  });

  it('reports the number of an unknown Windows or kernel error', () => {
    assert.equal(describeStatus(0x80071234).message, 'Windows failed with error 4660, which has no name here.');
    for (const status of [0xd0001234, 0xc0001234]) {
      const { code, message } = describeStatus(status);
      assert.equal(code, 'NTSTATUS_0xC0001234');
      assert.equal(message, 'The kernel of Windows failed with NTSTATUS 0xC0001234, which has no name here.');
    }
    assert.equal(describeStatus(0x90000005).code, 'NTSTATUS_0x80000005');
  });

  it('accepts every 32-bit status, with the same result in signed form', () => {
    for (let top = 0; top <= 0xffff; top += 7) {
      for (const low of [0, 1, 5, 0x22, 0x106, 0xffff]) {
        const status = ((top << 16) | low) >>> 0;
        const described = describeStatus(status);
        assert.match(described.code, /^[A-Z][A-Za-z0-9_]+$/, hex(status));
        assert.match(described.message, /^[A-Z].*\.$/, hex(status));
        assert.deepEqual(describeStatus(status | 0), described);
      }
    }
  });
});
