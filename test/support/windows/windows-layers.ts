// Layers of Windows that are written without a thread and a host, on files that stand in for those of Windows.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { withDefaults } from '#dist/layers/import/import-limits.js';
import type { Failure, WrittenLayer } from '#dist/layers/import/import-task.js';
import type { NativeUnpackPlanner } from '#dist/backend/native-unpack.js';
import { WindowsForm } from '#dist/layers/import/forms/windows-form.js';
import type { Plan } from '#dist/layers/import/plan.js';
import { WindowsFiles } from '#dist/layers/windows/windows-files.js';

import type { Made } from '../layers/tar.js';
import { tar } from '../layers/tar.js';
import { StandInPlanner } from './stand-in-planner.js';
import type { CallLog } from './windows-files.js';
import { StandInFiles } from './windows-files.js';
import type { FileRecord } from './windows-records.js';
import { Records, splitStream } from './windows-records.js';
import { chunksOf, planned } from '../layers/written-layer.js';

export interface Outcome {
  readonly layer?: WrittenLayer;
  readonly failure?: Failure;
  /** What was called while the archive was read, and after the host had made the layer. */
  readonly written: readonly string[];
  readonly applied: readonly string[];
}

/** A store's folder, whose layers are written as those of Windows. */
export class WindowsLayers implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'hostcompute-windows-'));
  readonly records = new Records();
  /** The call of this number fails, counted from 1. */
  failAt: number | undefined;
  /** Done with files before they are used. */
  prepare: (files: StandInFiles) => void = () => undefined;
  /** Looks at what was handed to ImportLayer. */
  handedOver: (folder: string) => void = () => undefined;
  #files: StandInFiles[] = [];

  pathOf(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  recordOf(...parts: string[]): FileRecord {
    return this.records.of(this.pathOf(...parts));
  }

  /** What is open still, of all that was ever opened. */
  get openFiles(): string[] {
    return this.#files.flatMap(({ openFiles }) => openFiles);
  }

  async write(id: string, parents: readonly string[], entries: readonly Made[] | Buffer): Promise<Outcome> {
    const archive = Buffer.isBuffer(entries) ? entries : tar(...entries);
    const temporary = this.pathOf(`import-${id}`);
    const path = this.pathOf(id);
    const task = {
      isWindows: true,
      root: parents.length === 0 ? path : join(temporary, 'layer'),
      utilityVMRoot: path,
      parents: parents.map((parent) => this.pathOf(parent)),
      limits: withDefaults({}),
    };
    const log: CallLog = { calls: [], ...(this.failAt !== undefined && { failAt: this.failAt }) };
    let made: WindowsForm | undefined;
    const formOf = (plan: Plan): WindowsForm =>
      (made = new WindowsForm(task, plan, () => new WindowsFiles(this.#next(log))));
    const plannerOf = (native: NativeUnpackPlanner) => new StandInPlanner(native, () => this.#next(log));
    const { layer, failure } = await planned(chunksOf(archive, archive.length), task, formOf, {}, plannerOf);
    const written = [...log.calls];
    if (layer === undefined) return { failure: failure!, written, applied: [] };
    if (parents.length === 0) return { layer, written, applied: [] };
    this.handedOver(task.root);
    mkdirSync(path, { recursive: true });
    this.#importTransport(task.root, path, '');
    rmSync(temporary, { recursive: true });
    made!.apply(layer.pending, path);
    return { layer, written, applied: log.calls.slice(written.length) };
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }

  #next(log: CallLog): StandInFiles {
    const files = new StandInFiles(this.records, log);
    this.prepare(files);
    this.#files.push(files);
    return files;
  }

  /** What ImportLayer does, as far as it is known: files and folders come to be with their metadata, and no times. */
  #importTransport(from: string, to: string, path: string): void {
    for (const entry of readdirSync(join(from, path), { withFileTypes: true })) {
      const inner = join(path, entry.name);
      const [source, place] = [join(from, inner), join(to, inner)];
      if (entry.isDirectory()) {
        mkdirSync(place);
        this.#remember(place, true, readFileSync(`${source}.$wcidirs$`));
        this.#importTransport(from, to, inner);
      } else if (!entry.name.endsWith('.$wcidirs$')) {
        const bytes = readFileSync(source);
        const isHive = inner.startsWith('Hives');
        writeFileSync(place, isHive ? bytes : (splitStream(bytes.subarray(4)).data ?? ''));
        this.#remember(place, false, isHive ? Buffer.alloc(4) : bytes);
      }
    }
  }

  #remember(place: string, isFolder: boolean, bytes: Buffer): void {
    this.records.make(place, isFolder);
    if (bytes.length < 4) return;
    const { before, after, tag } = splitStream(bytes.subarray(4));
    this.records.change(place, { ...this.records.of(place), attributes: bytes.readUInt32LE(), before, after, tag });
  }
}
