// A store of layers that only keeps folders and notes what is asked of it, and the look into those folders.
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { LayerCalls } from 'hostcompute';

/** What a host may be asked to do at a step of an import. */
export type Step = (call: string) => void | Promise<void>;

export class FolderStore implements LayerCalls, Disposable {
  readonly folder: string;
  hostKind: NonNullable<LayerCalls['hostKind']> = 'simulated';
  /** The calls so far, as `import base+top`. */
  readonly calls: string[] = [];
  /** Done in each call, before what it does. */
  step: Step = () => undefined;

  constructor(folder = mkdtempSync(join(tmpdir(), 'hostcompute-layers-'))) {
    this.folder = folder;
  }

  pathOf(id: string): string {
    return join(this.folder, id);
  }

  async import(id: string, folder: string, parents: readonly string[]): Promise<void> {
    await this.#call(`import ${id} on ${parents.join('+')}`);
    cpSync(folder, this.pathOf(id), { recursive: true });
  }

  async processBaseImage(path: string): Promise<void> {
    await this.#call(`processBaseImage ${this.#below(path)}`);
  }

  async processUtilityImage(path: string): Promise<void> {
    await this.#call(`processUtilityImage ${this.#below(path)}`);
  }

  async destroy(id: string): Promise<void> {
    await this.#call(`destroy ${id}`);
    rmSync(this.pathOf(id), { recursive: true, force: true });
  }

  export: LayerCalls['export'] = () => this.#call('export');
  activate = (): Promise<void> => this.#call('activate');
  prepare = (): Promise<void> => this.#call('prepare');
  unprepare = (): Promise<void> => this.#call('unprepare');
  deactivate = (): Promise<void> => this.#call('deactivate');

  /** Everything in the store's folder: nothing, once what was written is removed. */
  listAll(): string[] {
    return list(this.folder);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #below(path: string): string {
    return path.slice(this.folder.length + 1).replaceAll('\\', '/');
  }

  async #call(call: string): Promise<void> {
    this.calls.push(call);
    await this.step(call);
  }
}

/** The paths below a folder, with slashes, sorted; directories end in one. */
export function list(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => {
      const path = join(entry.parentPath, entry.name).slice(folder.length + 1);
      return path.replaceAll('\\', '/') + (entry.isDirectory() ? '/' : '');
    })
    .sort();
}

/** The files below a folder with their bytes in hexadecimal. */
export function contents(folder: string): Record<string, string> {
  const files = list(folder).filter((path) => !path.endsWith('/'));
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(folder, path)).toString('hex')]));
}

export const inodeOf = (path: string): number => statSync(path).ino;
export const isThere = (path: string): boolean => existsSync(path);
