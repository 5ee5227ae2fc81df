// The calls of a store that keeps layers in a folder, and does what it is told to: each call is noted, and may fail.
import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import type { LayerCalls } from '#dist/layers/layer-calls.js';

/** A layer that is exported is copied from the folder `tree` of its own. */
export class FakeStore implements LayerCalls {
  readonly folder: string;
  hostKind: NonNullable<LayerCalls['hostKind']> = 'simulated';
  readonly calls: string[] = [];
  /** The name of the call that fails. */
  failing: string | undefined;
  /** Called before a call returns. */
  during: (call: string) => void = () => undefined;

  constructor(folder: string) {
    this.folder = folder;
  }

  pathOf(id: string): string {
    return join(this.folder, id);
  }

  /** Folders besides the layers. */
  leftovers(): string[] {
    return readdirSync(this.folder).filter((name) => name !== 'layer');
  }

  async export(id: string, folder: string, parents: readonly string[]): Promise<void> {
    await this.#call('export', id, ...parents);
    if (!existsSync(folder)) throw new Error('the folder is not there');
    cpSync(join(this.pathOf(id), 'tree'), folder, { recursive: true });
  }

  async activate(id: string): Promise<void> {
    await this.#call('activate', id);
  }

  async prepare(id: string, parents: readonly string[]): Promise<void> {
    await this.#call('prepare', id, ...parents);
  }

  async unprepare(id: string): Promise<void> {
    await this.#call('unprepare', id);
  }

  async deactivate(id: string): Promise<void> {
    await this.#call('deactivate', id);
  }

  async import(): Promise<void> {
    await this.#call('import');
  }

  async processBaseImage(): Promise<void> {
    await this.#call('processBaseImage');
  }

  async processUtilityImage(): Promise<void> {
    await this.#call('processUtilityImage');
  }

  async destroy(): Promise<void> {
    await this.#call('destroy');
  }

  async #call(...call: string[]): Promise<void> {
    this.calls.push(call.join(' '));
    await Promise.resolve();
    this.during(call[0]!);
    if (call[0] === this.failing) throw new Error(`${this.failing} failed`);
  }
}
