// The exclusive claim of a layer's folder: of several imports into one id, in any programs, one gets it, and nobody deletes what
// another has written.
import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { HcsArgumentError } from '../../errors/errors.js';

/** Keeps a claimed folder from being empty: an empty one may be claimed. */
const marker = '.hostcompute-import';

/** Folders that this program has claimed: the marker goes before the host makes a layer of the folder. */
const claimed = new Set<string>();

export class LayerClaim {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /**
   * Claims the folder at `path`, where there is none, or an empty one.
   *
   * @param folder - of the store
   * @throws HcsArgumentError when there is a layer already
   */
  static async take(folder: string, id: string, path: string): Promise<LayerClaim> {
    const beside = join(folder, `import-${randomUUID()}`);
    if (claimed.has(keyOf(path))) throw taken(id);
    claimed.add(keyOf(path));
    try {
      await mkdir(beside);
      await writeFile(join(beside, marker), '');
      await moveTo(path, beside, id);
      return new LayerClaim(path);
    } catch (error) {
      claimed.delete(keyOf(path));
      await rm(beside, { recursive: true, force: true });
      throw error;
    }
  }

  /** Leaves the folder to the host, which wants nothing else in it. */
  async handOver(): Promise<void> {
    await rm(join(this.#path, marker), { force: true });
  }

  /** Ends the claim, of a layer that has been made or removed. */
  release(): void {
    claimed.delete(keyOf(this.#path));
  }
}

/** Renaming is atomic: it fails, or takes a folder that is empty, as no claimed one is. */
async function moveTo(path: string, beside: string, id: string): Promise<void> {
  try {
    await rename(beside, path);
  } catch {
    // Windows does not rename onto a folder, whatever is in it; one that is not empty is not removed by this.
    await rmdir(path).catch(() => undefined);
    await rename(beside, path).catch(async (error: unknown) => {
      throw (await isThere(path)) ? taken(id) : error;
    });
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function keyOf(path: string): string {
  return process.platform === 'win32' ? path.toLowerCase() : path;
}

function taken(id: string): HcsArgumentError {
  return new HcsArgumentError(
    'id',
    'must be the id of a layer that does not exist',
    id,
    'The layer exists or is being imported. Destroy it first, or pass another id.',
  );
}
