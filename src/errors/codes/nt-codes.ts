/**
 * NTSTATUS values, the errors of the kernel, that mean the same as an error of Windows. A host passes one on as it is, or as
 * HRESULT with the bit 0x10000000, as `HRESULT_FROM_NT` makes it.
 *
 * @module
 */
import type { ResultCode } from './result-code.js';

const sameAs: readonly (readonly [status: number, code: string, windowsError: number])[] = [
  [0xc0000008, 'STATUS_INVALID_HANDLE', 6],
  [0xc000000d, 'STATUS_INVALID_PARAMETER', 87],
  [0xc000000f, 'STATUS_NO_SUCH_FILE', 2],
  [0xc0000010, 'STATUS_INVALID_DEVICE_REQUEST', 1],
  [0xc0000017, 'STATUS_NO_MEMORY', 8],
  [0xc0000022, 'STATUS_ACCESS_DENIED', 5],
  [0xc0000033, 'STATUS_OBJECT_NAME_INVALID', 123],
  [0xc0000034, 'STATUS_OBJECT_NAME_NOT_FOUND', 2],
  [0xc0000035, 'STATUS_OBJECT_NAME_COLLISION', 183],
  [0xc000003a, 'STATUS_OBJECT_PATH_NOT_FOUND', 3],
  [0xc0000043, 'STATUS_SHARING_VIOLATION', 32],
  [0xc0000061, 'STATUS_PRIVILEGE_NOT_HELD', 1314],
  [0xc000006d, 'STATUS_LOGON_FAILURE', 1326],
  [0xc000007f, 'STATUS_DISK_FULL', 112],
  [0xc000009a, 'STATUS_INSUFFICIENT_RESOURCES', 1450],
  [0xc00000a3, 'STATUS_DEVICE_NOT_READY', 21],
  [0xc00000b5, 'STATUS_IO_TIMEOUT', 1460],
  [0xc00000bb, 'STATUS_NOT_SUPPORTED', 50],
  [0xc0000101, 'STATUS_DIRECTORY_NOT_EMPTY', 145],
  [0xc0000103, 'STATUS_NOT_A_DIRECTORY', 267],
  [0xc0000120, 'STATUS_CANCELLED', 995],
  [0xc0000121, 'STATUS_CANNOT_DELETE', 5],
  [0xc000012d, 'STATUS_COMMITMENT_LIMIT', 1455],
  [0xc0000135, 'STATUS_DLL_NOT_FOUND', 126],
  [0xc0000139, 'STATUS_ENTRYPOINT_NOT_FOUND', 127],
  [0xc000015b, 'STATUS_LOGON_TYPE_NOT_GRANTED', 1385],
  [0xc0000225, 'STATUS_NOT_FOUND', 1168],
  [0xc0000428, 'STATUS_INVALID_IMAGE_HASH', 577],
];

/** The NTSTATUS values among these codes of Windows, with the message, remedy and class of the one that means the same. */
export function ntCodesOf(codes: readonly ResultCode[]): readonly ResultCode[] {
  const byNumber = new Map(codes.map((row) => [row.statuses[1], row]));
  return sameAs.flatMap(([status, code, windowsError]) => {
    const row = byNumber.get(windowsError);
    return row === undefined ? [] : [{ ...row, code, statuses: [status + 0x10000000, status] }];
  });
}
