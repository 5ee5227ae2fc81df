// A simulated host of a process of its own, which the command finds: a process can serve one host only, and others of these tests have theirs.
import { ComputeSystem } from 'hostcompute';
import { documents } from 'hostcompute/documents';
import { Simulator } from 'hostcompute/simulator';

import { Folder } from './folder.js';
import { hostcompute } from './hostcompute.js';
import type { Ran } from './hostcompute.js';
import type { Started } from './started.js';
import { started } from './started.js';

let count = 0;

export class ServedHost implements AsyncDisposable {
  readonly name: string;
  readonly simulator: Simulator;
  readonly folder: Folder;

  readonly #serving: Started;

  private constructor(name: string, serving: Started, simulator: Simulator, folder: Folder) {
    this.name = name;
    this.#serving = serving;
    this.simulator = simulator;
    this.folder = folder;
  }

  static async open(): Promise<ServedHost> {
    const folder = new Folder();
    const pipe = `\\\\.\\pipe\\hostcompute-served-${process.pid}-${++count}`;
    const name = process.platform === 'win32' ? pipe : folder.pathOf('host');
    const serving = await started(['simulate', '--name', name], /served at/);
    return new ServedHost(name, serving, await Simulator.connect(name), folder);
  }

  /** Runs a command with it. */
  run(...words: readonly string[]): Promise<Ran> {
    return hostcompute(this.words(words));
  }

  words(words: readonly string[]): string[] {
    return ['--host', this.name, '--root', this.folder.pathOf('root'), ...words];
  }

  /** The objects that a command prints; it has to end with 0. */
  async json(...words: readonly string[]): Promise<Record<string, unknown>[]> {
    const { exitCode, stdout, stderr } = await this.run('--json', ...words);
    if (exitCode !== 0) throw new Error(`${words.join(' ')} ended with ${exitCode}: ${stderr}`);
    return stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Record<string, unknown>]));
  }

  /** A container that runs. */
  async container(id: string): Promise<ComputeSystem> {
    const document = documents.processIsolated({
      id,
      owner: 'hostcompute-cli',
      layers: [{ id: 'b3a0a7c9-51d2-5f7f-8a44-0d7c1e6f2b02', path: 'C:\\layers\\base' }],
      scratchVolume: '\\\\?\\Volume{0f3a6b52-7c1e-4f6f-9a27-1d5e8c0b4a11}\\',
    });
    const system = await ComputeSystem.create(id, document, { host: this.simulator.host });
    await system.start();
    return system;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.simulator.close();
    await this.#serving.end('SIGTERM');
    this.folder[Symbol.dispose]();
  }
}
