// How files of layers are opened: the numbers of NtCreateFile, of which the addon adds what keeps it safe.

/** What a file is opened for, and what may be done with it at the same time. */
export interface Opening {
  readonly access: number;
  readonly share: number;
  readonly disposition: number;
  readonly options: number;
}

const read = 0x80000000; // GENERIC_READ
const write = 0x40000000; // GENERIC_WRITE
const remove = 0x10000; // DELETE
const writeSecurity = 0xc0000; // WRITE_DAC, WRITE_OWNER
const auditing = 0x1000000; // ACCESS_SYSTEM_SECURITY
const readAttributes = 0x80;
const writeAttributes = 0x100;
const shared = { read: 1, all: 7 } as const;
const existing = 1; // FILE_OPEN
const fresh = 2; // FILE_CREATE
const directory = 1; // FILE_DIRECTORY_FILE
const itself = 0x200000; // FILE_OPEN_REPARSE_POINT

const restoring = read + write + writeSecurity + auditing;

export const openings = {
  /** A file that takes a backup, its security included. Nothing is there before. */
  newFile: { access: restoring, share: shared.read, disposition: fresh, options: 0 },
  newFolder: { access: restoring, share: shared.read, disposition: fresh, options: directory },
  folderAgain: { access: restoring, share: shared.read, disposition: existing, options: directory | itself },
  /** A file that has the security of its folder. */
  newPlainFile: { access: read + write, share: shared.read, disposition: fresh, options: 0 },
  newPlainFolder: { access: read + write, share: shared.read, disposition: fresh, options: directory },
  folderTimes: { access: read + write, share: shared.read, disposition: existing, options: directory | itself },
  /** To see what it is. A reparse point is what it is. */
  look: { access: readAttributes, share: shared.all, disposition: existing, options: itself },
  list: { access: read, share: shared.all, disposition: existing, options: directory | itself },
  /** To delete it, for which its attributes may have to change. */
  remove: {
    access: readAttributes + writeAttributes + remove,
    share: shared.all,
    disposition: existing,
    options: itself,
  },
  /** To give it one more name, and the folder that gets the name: that one is no reparse point. */
  linked: { access: writeAttributes, share: shared.all, disposition: existing, options: itself },
  linkFolder: { access: read, share: shared.all, disposition: existing, options: directory },
  /** To read it as a backup. */
  backup: { access: read, share: shared.read, disposition: existing, options: itself },
  backupWithSecurity: { access: read + auditing, share: shared.read, disposition: existing, options: itself },
} as const satisfies Readonly<Record<string, Opening>>;
