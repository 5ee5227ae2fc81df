/**
 * What the codes of hosts mean: a name, a sentence, a remedy and a class for each, and for those that are not known, what their
 * number tells. The tables are in `codes`.
 *
 * @module
 */
import { componentCodes } from './codes/component-codes.js';
import { doctorChecks } from './codes/doctor-checks.js';
import { hcsCodes } from './codes/hcs-codes.js';
import { networkCodes } from './codes/network-codes.js';
import { ntNames, windowsNames } from './codes/names.js';
import { ntCodesOf } from './codes/nt-codes.js';
import type { ResultCode, StatusDescription } from './codes/result-code.js';
import { windowsCodes } from './codes/windows-codes.js';
import { windowsObjectCodes } from './codes/windows-object-codes.js';
import { windowsServiceCodes } from './codes/windows-service-codes.js';

export type { ResultClass, ResultCode, StatusDescription } from './codes/result-code.js';

const ofWindows: readonly ResultCode[] = [...windowsCodes, ...windowsObjectCodes, ...windowsServiceCodes];

/**
 * Every code with a name and a remedy of its own: the Host Compute System first, then its networks, the hypervisor, virtual disks and COM,
 * then errors of the kernel and of Windows by number.
 */
export const resultCodes: readonly ResultCode[] = [
  ...hcsCodes,
  ...networkCodes,
  ...componentCodes,
  ...ntCodesOf(ofWindows),
  ...ofWindows,
].map(withDoctor);

/** The remedy ends with the doctor where that can find the cause. */
function withDoctor(row: ResultCode): ResultCode {
  const found = doctorChecks[row.code];
  if (found === undefined) return row;
  const remedy = `${row.remedy} To find the cause, run "hostcompute doctor --for ${found.goals}".`;
  return { ...row, remedy, checks: found.checks };
}

/**
 * Names a status of the host. Takes it signed or unsigned, in either family of the Host Compute System, as HRESULT, as NTSTATUS
 * or as plain Windows error number. A status without a name still gets a code, and a message with its facility and number.
 *
 * @example
 * describeStatus(0xc037010e).code; // 'HCS_E_SYSTEM_NOT_FOUND'
 * describeStatus(-2147024891).code; // 'E_ACCESSDENIED'
 * describeStatus(0xd0000022).code; // 'STATUS_ACCESS_DENIED'
 * describeStatus(0xc0370fff).code; // 'HCS_0x80370FFF'
 */
export function describeStatus(status: number): StatusDescription {
  const key = canonicalStatus(status);
  return rowsByStatus().get(key) ?? describeUnknown(key);
}

// Filled at the first failure, so that importing the tables costs little.
let rows: ReadonlyMap<number, ResultCode> | undefined;

function rowsByStatus(): ReadonlyMap<number, ResultCode> {
  rows ??= new Map(resultCodes.flatMap((row) => row.statuses.map((status) => [canonicalStatus(status), row] as const)));
  return rows;
}

/**
 * One number for all spellings. The upper bits tell which family a code was written in, not what
 * it means, so the facilities 0x37 (Host Compute System) and 7 (Windows errors) are compared by
 * their low 16 bits. A plain Windows error number stands for its HRESULT, and the HRESULT of an NTSTATUS for that.
 */
function canonicalStatus(given: number): number {
  const status = (given & 0xf0000000) >>> 0 === 0xd0000000 ? (given & ~0x10000000) >>> 0 : given >>> 0;
  const facility = status & 0x3fff0000;
  const low = status & 0xffff;
  if (facility === 0x00370000) return 0x80370000 + low;
  if (facility === 0x00070000) return 0x80070000 + low;
  return status > 0 && status <= 0xffff ? 0x80070000 + low : status;
}

function hexOf(status: number, digits = 8): string {
  return '0x' + status.toString(16).toUpperCase().padStart(digits, '0');
}

function describeUnknown(status: number): StatusDescription {
  const hex = hexOf(status);
  switch (status >>> 16) {
    case 0x8037:
      return {
        code: `HCS_${hex}`,
        message: `The Host Compute System failed with its code ${hexOf(status & 0xffff, 4)}, which has no name here.`,
        remedy: 'Read the events of the error, then the Hyper-V-Compute event log.',
        class: 'other',
      };
    case 0x803b:
      return {
        code: `HCN_E_${hex}`,
        message: `The Host Network Service failed with its code ${hexOf(status & 0xffff, 4)}.`,
        remedy: 'Look up the number in the error codes of the Host Compute Network API.',
        class: 'network',
      };
    case 0xc03a:
      return {
        code: `HRESULT_${hex}`,
        message: `Windows could not work with a virtual disk (code ${hexOf(status & 0xffff, 4)}).`,
        remedy: 'Check the disk file and its parent disks, and that no other program uses them.',
        class: 'storage',
      };
    case 0x8007:
      return describeWindowsError(status & 0xffff, hex);
    default:
      return status >>> 28 === 0xc ? describeNtStatus(status, hex) : describeHresult(status, hex);
  }
}

function describeWindowsError(error: number, hex: string): StatusDescription {
  const name = windowsNames[error];
  return {
    code: name ?? `HRESULT_${hex}`,
    message: `Windows failed with error ${error}${name === undefined ? ', which has no name here' : `, ${name}`}.`,
    remedy: `Run "net helpmsg ${error}" on the host to read its meaning.`,
    class: 'other',
  };
}

function describeNtStatus(status: number, hex: string): StatusDescription {
  const name = ntNames[status];
  return {
    code: name ?? `NTSTATUS_${hex}`,
    message: `The kernel of Windows failed with NTSTATUS ${hex}${name === undefined ? ', which has no name here' : `, ${name}`}.`,
    remedy: 'Look up the number in the NTSTATUS values of Windows, and read the events of the error.',
    class: 'other',
  };
}

const facilities: Readonly<Record<number, string>> = {
  0: 'general',
  1: 'RPC',
  3: 'structured storage',
  4: 'of the interface that was called',
  8: 'Windows',
  9: 'security',
  0x0a: 'control',
  0x0b: 'certificates',
  0x11: 'COM+',
  0x31: 'BitLocker',
  0x34: 'network drivers',
  0x35: 'hypervisor',
  0x38: 'volume manager',
};

function describeHresult(status: number, hex: string): StatusDescription {
  if (status >>> 28 === 0x9) {
    return describeNtStatus((status & ~0x10000000) >>> 0, hexOf((status & ~0x10000000) >>> 0));
  }
  const facility = (status >>> 16) & 0x7ff;
  const name = facilities[facility];
  const where = `facility ${facility}${name === undefined ? '' : ` (${name})`}, code ${status & 0xffff}`;
  return {
    code: `HRESULT_${hex}`,
    message: `The host failed with HRESULT ${hex}, ${where}, which has no name here.`,
    remedy: 'Look up the number in the error codes of Windows, and read the events of the error.',
    class: 'other',
  };
}

export function failed(status: number): boolean {
  return status >>> 31 === 1;
}

/** Whether a host that refuses to close a handle no longer knows it, so that it needs no closing. */
export function isHandleGone(status: number): boolean {
  const { class: kind } = describeStatus(status);
  return kind === 'invalidHandle' || kind === 'serviceGone';
}
