/**
 * Packs files of this machine for the tar of a container.
 *
 * @module
 */
import type { Stats } from 'node:fs';
import { lstat, open, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { Header, Pack } from 'tar-stream';
import { pack } from 'tar-stream';

import { Failure } from '../failure.js';
import { BrokenStream } from './tar-entries.js';
import type { Counted } from './tree-writer.js';

export interface Packed {
  readonly path: string;
  /** What was typed may be a link, which is followed; what is below it is not. */
  readonly stats: Stats;
  /** Its name in the tar; undefined for what is in a folder. */
  readonly name: string | undefined;
}

const readSize = 256 * 1024;
/** As late as a header can say. */
const latest = 2 ** 31 - 1;

/** Writes all of it, and ends the input. */
export async function packTree(packed: Packed, input: Writable, show: (bytes: number) => void): Promise<Counted> {
  const tar = pack();
  const packer = new Packer(tar, show);
  tar.on('error', () => undefined);
  const filled = fill(tar, packer, packed);
  const sent = pipeline(async function* () {
    yield* tar as AsyncIterable<Buffer>;
  }, input).catch((error: unknown) => {
    tar.destroy();
    throw new BrokenStream((error as Error).message);
  });
  const [filling, sending] = await Promise.allSettled([filled, sent]);
  if (filling.status === 'rejected' && filling.reason instanceof Failure) throw filling.reason;
  if (sending.status === 'rejected') throw sending.reason;
  if (filling.status === 'rejected') throw filling.reason;
  return packer.counted;
}

async function fill(tar: Pack, packer: Packer, { path, stats, name }: Packed): Promise<void> {
  try {
    if (name === undefined) await packer.children(path, '');
    else await packer.add(path, name, stats);
    tar.finalize();
  } catch (error) {
    tar.destroy(error as Error);
    throw error;
  }
}

class Packer {
  readonly #tar: Pack;
  readonly #show: (bytes: number) => void;
  #entries = 0;
  #bytes = 0;

  constructor(tar: Pack, show: (bytes: number) => void) {
    this.#tar = tar;
    this.#show = show;
  }

  get counted(): Counted {
    return { entries: this.#entries, bytes: this.#bytes };
  }

  async children(folder: string, before: string): Promise<void> {
    for (const name of (await unlessUnreadable(folder, readdir(folder))).sort())
      await this.add(join(folder, name), `${before}${name}`);
  }

  async add(path: string, name: string, given?: Stats): Promise<void> {
    const stats = given ?? (await unlessUnreadable(path, lstat(path)));
    const seconds = Math.min(Math.max(Math.floor(stats.mtimeMs / 1000), 0), latest);
    const header = { name, mtime: new Date(seconds * 1000) };
    this.#entries++;
    if (stats.isDirectory()) {
      await this.#entry({ ...header, name: `${name}/`, type: 'directory' });
      await this.children(path, `${name}/`);
    } else if (stats.isSymbolicLink()) {
      const target = await unlessUnreadable(path, readlink(path));
      const linkname = process.platform === 'win32' ? target.replaceAll('\\', '/') : target;
      await this.#entry({ ...header, type: 'symlink', linkname });
    } else if (stats.isFile()) {
      await this.#file(path, header);
    } else {
      throw new Failure(`"${path}" is neither file, folder nor link`, {
        code: 'ERR_HC_NO_FILE',
        remedy: 'Copy what is beside it by its own name.',
      });
    }
  }

  #entry(header: Partial<Header> & { name: string }): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#tar.entry(header, (error) => (error ? reject(error) : resolve()));
    });
  }

  async #file(path: string, header: { name: string; mtime: Date }): Promise<void> {
    await using file = await unlessUnreadable(path, open(path));
    const { size } = await file.stat();
    let done!: (error?: Error | null) => void;
    const packed = new Promise<void>((resolve, reject) => {
      done = (error) => (error ? reject(error) : resolve());
    });
    packed.catch(() => undefined);
    const sink = this.#tar.entry({ ...header, size, type: 'file' }, done);
    sink.on('error', () => undefined);
    // It has the size that it had; what has been added since is not in it.
    for (let at = 0; at < size;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(Math.min(readSize, size - at)), 0, null, at);
      if (bytesRead === 0) throw changed(path);
      at += bytesRead;
      this.#show((this.#bytes += bytesRead));
      if (!sink.write(buffer.subarray(0, bytesRead)))
        await Promise.race([new Promise<void>((resolve) => sink.once('drain', () => resolve())), packed]);
    }
    sink.end(undefined);
    await packed;
  }
}

function changed(path: string): Failure {
  return new Failure(`"${path}" became shorter while it was read`, {
    code: 'ERR_HC_CHANGED',
    remedy: 'Copy it again when nobody writes it.',
  });
}

async function unlessUnreadable<T>(path: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    const { code = 'ERR_HC_FAILED', message } = error as NodeJS.ErrnoException;
    throw new Failure(`"${path}" cannot be read: ${message}`, { code, cause: error });
  }
}
