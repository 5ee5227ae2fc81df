// What went wrong with a file of Windows, in words.
import { quoted } from '../../shortened.js';

interface Known {
  readonly code: string;
  readonly meaning: string;
  readonly remedy?: string;
}

const makeRoom = 'Free some space on the volume of the store.';
const letIn = 'Run as an administrator, and exclude the folder of the store from scanning for viruses.';
const letGo = 'Close what has it open, such as a scan for viruses or a container, and try again.';
const lookInside = 'Import the layer again: something has changed its folder.';
const moveStore = 'Put the store on a volume with NTFS, without file system filters of other programs.';

const known: Readonly<Record<number, Known>> = {
  0xc0000022: { code: 'STATUS_ACCESS_DENIED', meaning: 'access was denied', remedy: letIn },
  0x80070005: { code: 'E_ACCESSDENIED', meaning: 'access was denied', remedy: letIn },
  0xc0000033: { code: 'STATUS_OBJECT_NAME_INVALID', meaning: 'Windows has no such names' },
  0xc0000034: { code: 'STATUS_OBJECT_NAME_NOT_FOUND', meaning: 'it does not exist', remedy: lookInside },
  0x80070002: { code: 'ERROR_FILE_NOT_FOUND', meaning: 'it does not exist', remedy: lookInside },
  0xc000003a: { code: 'STATUS_OBJECT_PATH_NOT_FOUND', meaning: 'its folder does not exist', remedy: lookInside },
  0x80070003: { code: 'ERROR_PATH_NOT_FOUND', meaning: 'its folder does not exist', remedy: lookInside },
  0xc0000035: { code: 'STATUS_OBJECT_NAME_COLLISION', meaning: 'it exists already' },
  0xc0000043: { code: 'STATUS_SHARING_VIOLATION', meaning: 'it is in use', remedy: letGo },
  0x80070020: { code: 'ERROR_SHARING_VIOLATION', meaning: 'it is in use', remedy: letGo },
  0xc0000056: { code: 'STATUS_DELETE_PENDING', meaning: 'it is being deleted', remedy: letGo },
  0xc000007f: { code: 'STATUS_DISK_FULL', meaning: 'the volume is full', remedy: makeRoom },
  0x80070070: { code: 'ERROR_DISK_FULL', meaning: 'the volume is full', remedy: makeRoom },
  0xc0000101: { code: 'STATUS_DIRECTORY_NOT_EMPTY', meaning: 'there is something in it' },
  0xc0000103: { code: 'STATUS_NOT_A_DIRECTORY', meaning: 'it is not a directory', remedy: lookInside },
  0xc00000d4: {
    code: 'STATUS_NOT_SAME_DEVICE',
    meaning: 'it is on another volume',
    remedy: 'Keep all layers of a chain on one volume.',
  },
  0xc0000265: { code: 'STATUS_TOO_MANY_LINKS', meaning: 'it has as many hard links as a file may have' },
  0xc000050b: {
    code: 'STATUS_REPARSE_POINT_ENCOUNTERED',
    meaning: 'a reparse point is on the way to it, which leads out of the layer',
    remedy: lookInside,
  },
  0x80070001: {
    code: 'ERROR_INVALID_FUNCTION',
    meaning: 'the volume is not NTFS, or a file system filter is in the way',
    remedy: moveStore,
  },
  0x80070032: { code: 'ERROR_NOT_SUPPORTED', meaning: 'the system cannot do that', remedy: moveStore },
  0x8007007e: {
    code: 'ERROR_MOD_NOT_FOUND',
    meaning: 'a library of Windows is missing',
    remedy: 'Turn on the Windows feature Containers, and restart.',
  },
  0x8007010b: { code: 'ERROR_DIRECTORY', meaning: 'it is not a directory', remedy: lookInside },
};

/** Whether nothing is at a path. */
export function isAbsent(status: number): boolean {
  return [0xc0000034, 0xc000003a, 0x80070002, 0x80070003].includes(status >>> 0);
}

/** A call about a file failed. */
export class FileError extends Error {
  readonly code: string;
  /** An NTSTATUS or HRESULT, unsigned. */
  readonly status: number;
  readonly remedy: string;

  static {
    this.prototype.name = 'FileError';
  }

  /** @param what - what was to be done, as `opening` */
  constructor(what: string, path: string, status: number) {
    const number = `0x${(status >>> 0).toString(16).toUpperCase()}`;
    const { code, meaning, remedy } = known[status >>> 0] ?? { code: `STATUS_${number}`, meaning: 'it failed' };
    super(`${what} ${quoted(path)}: ${meaning} (${code}, ${number})`);
    this.code = code;
    this.status = status >>> 0;
    this.remedy = remedy ?? 'See the cause.';
  }
}

const names = ['SeBackupPrivilege', 'SeRestorePrivilege', 'SeSecurityPrivilege'];

/** The process lacks a privilege. */
export class PrivilegeError extends Error {
  readonly code = 'ERROR_NOT_ALL_ASSIGNED';
  readonly remedy = 'Run it elevated, as an administrator or an account that has been granted them ("whoami /priv").';

  static {
    this.prototype.name = 'PrivilegeError';
  }

  /** @param missing - bits, as the addon has them */
  constructor(missing: number) {
    const list = names.filter((_, bit) => (missing & (1 << bit)) !== 0).join(' and ');
    super(`the process does not have ${list} (ERROR_NOT_ALL_ASSIGNED)`);
  }
}
