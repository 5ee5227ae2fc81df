// A simulated host of this process, which the command finds.
import { ComputeSystem } from 'hostcompute';
import { documents } from 'hostcompute/documents';
import { Simulator } from 'hostcompute/simulator';

import { Folder } from './folder.js';
import { hostcompute } from './hostcompute.js';
import type { Ran } from './hostcompute.js';

let count = 0;

export class ServedHost implements AsyncDisposable {
  readonly name: string;
  readonly simulator: Simulator;
  readonly folder: Folder;

  private constructor(name: string, simulator: Simulator, folder: Folder) {
    this.name = name;
    this.simulator = simulator;
    this.folder = folder;
  }

  static async open(): Promise<ServedHost> {
    const folder = new Folder();
    const simulator = await Simulator.open();
    const pipe = `\\\\.\\pipe\\hostcompute-served-${process.pid}-${++count}`;
    const name = await simulator.serve(process.platform === 'win32' ? pipe : folder.pathOf('host'));
    return new ServedHost(name, simulator, folder);
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
    await this.simulator.reset();
    await this.simulator.close();
    this.folder[Symbol.dispose]();
  }
}
