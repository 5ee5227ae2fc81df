/**
 * The folders of containers, one for each, with its record and its log.
 *
 * @module
 */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { exitCodes } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { containersFolder, makeFolder } from '../host/root-folder.js';
import type { Claim } from './claim.js';
import { isClaimed, takeClaim } from './claim.js';
import { checkName, isName } from './names.js';
import type { ContainerRecord } from './record.js';
import { readRecord, writeRecord } from './record.js';

/**
 * `running`: a process has it. `exited`: it has ended, and its record is kept. `left`: its process was killed, and what it has left is
 * for `hostcompute reap`.
 */
export type ContainerState = 'running' | 'exited' | 'left';

/** A container that is known on disk. */
export interface KnownContainer {
  readonly id: string;
  readonly folder: string;
  readonly state: ContainerState;
  /** Absent where the process was killed before it was written. */
  readonly record?: ContainerRecord;
}

export class ContainerFolders {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  folderOf(id: string): string {
    return join(containersFolder(this.root), checkName(id));
  }

  /** All of them, in the order of their names. */
  async list(): Promise<KnownContainer[]> {
    const names = await readdir(containersFolder(this.root)).catch(ifMissing([]));
    const found = await Promise.all(names.sort().map(async (name) => this.get(name)));
    return found.filter((each) => each !== undefined);
  }

  /** Undefined for what is no name of a container, too: systems of others may have any id. */
  async get(id: string): Promise<KnownContainer | undefined> {
    if (!isName(id)) return undefined;
    const folder = this.folderOf(id);
    // The claim is looked at first: who ends writes the record while he has it.
    const isRunning = (await readdir(folder).catch(ifMissing(undefined))) && (await isClaimed(this.root, id));
    if (isRunning === undefined) return undefined;
    const record = await readRecord(folder);
    const state = isRunning ? 'running' : record?.exit === undefined ? 'left' : 'exited';
    return { id, folder, state, ...(record !== undefined && { record }) };
  }

  /** Takes a name that nobody has, and writes the record of its container. */
  async add(record: ContainerRecord): Promise<Claim> {
    const { id } = record;
    await makeFolder(containersFolder(this.root));
    const claim = await takeClaim(this.root, id);
    if (claim === undefined) throw taken(id, 'of a container that runs', 'Choose another --name.');
    try {
      await mkdir(this.folderOf(id), { mode: 0o700 });
      await writeRecord(this.folderOf(id), record);
      return claim;
    } catch (error) {
      await claim.release();
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const { state } = (await this.get(id)) ?? {};
      if (state === 'exited') {
        throw taken(
          id,
          'of a container that has ended',
          `Remove it by "hostcompute rm ${id}", or choose another --name.`,
        );
      }
      throw taken(id, 'of a container whose command was killed', 'Let "hostcompute reap" remove what it left.');
    }
  }

  async write(record: ContainerRecord): Promise<void> {
    await writeRecord(this.folderOf(record.id), record);
  }

  async remove(id: string): Promise<void> {
    await rm(this.folderOf(id), { recursive: true, force: true });
  }
}

/** The name of a container is that of another. */
export function taken(id: string, whose: string, remedy: string): Failure {
  return new Failure(`The name "${id}" is that ${whose}`, {
    code: 'ERR_HC_NAME_TAKEN',
    exitCode: exitCodes.host,
    remedy,
  });
}

function ifMissing<T>(otherwise: T): (error: unknown) => T {
  return (error) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return otherwise;
    throw error;
  };
}
