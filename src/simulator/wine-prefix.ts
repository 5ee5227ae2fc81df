/**
 * The registry of a Wine prefix, as far as it decides which DLLs programs get. It is read and written by Wine itself: while programs
 * run in the prefix its files are not what is in force, and are written over when they end.
 *
 * @module
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { beginning, builtFor } from '../backend/binaries.js';
import { HcsArgumentError } from '../errors/errors.js';

const key = 'HKEY_CURRENT_USER\\Software\\Wine\\DllOverrides';

/** Which DLL a program gets, such as `native`, by the name of the DLL; null where nothing says so. */
export type Overrides = Readonly<Record<string, string | null>>;

/** A Wine prefix for 64-bit programs. */
export class WinePrefix {
  readonly folder: string;
  /** Where programs find the DLLs of Windows. */
  readonly system: string;
  readonly #wine: string;

  /** @param wine - the command that runs a program */
  constructor(folder: string, wine: string) {
    this.folder = resolve(folder);
    this.system = join(this.folder, 'drive_c', 'windows', 'system32');
    this.#wine = wine;
    // The files of the registry are there only when the first programs have ended.
    if (!existsSync(this.system) || !existsSync(join(this.folder, 'dosdevices'))) {
      const remedy = `Make one: WINEPREFIX=${this.folder} wineboot --init`;
      throw new HcsArgumentError('--prefix', 'must be a Wine prefix, with drive_c and dosdevices', folder, remedy);
    }
    const built = builtFor(beginning(join(this.system, 'kernel32.dll')));
    if (built !== 'win32-x64')
      throw new HcsArgumentError(
        '--prefix',
        'must be a prefix for programs of x64',
        folder,
        'Make one with WINEARCH=win64.',
      );
  }

  overrides(dlls: readonly string[]): Overrides {
    const text = this.#withFile((file) => {
      this.#run(['regedit', '/E', windowsPath(file), key]);
      // A key that does not exist is not written.
      return existsSync(file) ? readFileSync(file, 'utf16le') : '';
    });
    return Object.fromEntries(
      dlls.map((dll) => [dll, new RegExp(`^"\\*?${dll}"="(.*)"\\r?$`, 'im').exec(text)?.[1] ?? null]),
    );
  }

  override(overrides: Overrides): void {
    const lines = Object.entries(overrides).map(([dll, order]) => `"${dll}"=${order === null ? '-' : `"${order}"`}`);
    const text = ['REGEDIT4', '', `[${key}]`, ...lines, ''].join('\r\n');
    this.#withFile((file) => {
      writeFileSync(file, text);
      this.#run(['regedit', '/S', windowsPath(file)]);
    });
  }

  #withFile<T>(use: (file: string) => T): T {
    const folder = mkdtempSync(join(tmpdir(), 'hostcompute-'));
    try {
      return use(join(folder, 'overrides.reg'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  #run(args: readonly string[]): void {
    const more = {
      WINEPREFIX: this.folder,
      WINEDEBUG: '-all',
      WINEDLLOVERRIDES: 'mscoree,mshtml=;winemenubuilder.exe=',
    };
    const { status, error } = spawnSync(this.#wine, args, { env: { ...process.env, ...more }, stdio: 'ignore' });
    if (error) throw new Error(`Wine cannot be run: ${error.message}. Pass its command as --wine.`, { cause: error });
    if (status !== 0) throw new Error(`${this.#wine} ${args.join(' ')} ended with ${String(status)}.`);
  }
}

/** As programs in Wine see a file of this machine. */
const windowsPath = (path: string): string => `Z:${path.replaceAll('/', '\\')}`;
