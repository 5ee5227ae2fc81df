/**
 * Writes the log of a container: whole lines with their stream and time.
 *
 * @module
 */
import type { FileHandle } from 'node:fs/promises';
import { open, rm } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';

import type { LogLimits, LogLine } from './log-files.js';
import { logFile, usualLimits } from './log-files.js';

/** Longer lines of a guest are several of the log. */
const longestText = 16 << 10;

interface Partial {
  readonly decoder: StringDecoder;
  text: string;
}

export class LogWriter {
  readonly #folder: string;
  readonly #limits: LogLimits;
  readonly #partial: Record<LogLine['stream'], Partial> = {
    stdout: { decoder: new StringDecoder('utf8'), text: '' },
    stderr: { decoder: new StringDecoder('utf8'), text: '' },
  };
  #file: FileHandle | undefined;
  #number = 0;
  #written = 0;
  #turn: Promise<void> = Promise.resolve();

  constructor(folder: string, limits: LogLimits = usualLimits) {
    this.#folder = folder;
    this.#limits = limits;
  }

  /** Fulfils when it has been written; what is no whole line yet waits for the rest. */
  write(stream: LogLine['stream'], chunk: Buffer): Promise<void> {
    const partial = this.#partial[stream];
    return this.#append(stream, partial, partial.decoder.write(chunk), false);
  }

  async close(): Promise<void> {
    for (const stream of ['stdout', 'stderr'] as const) {
      const partial = this.#partial[stream];
      await this.#append(stream, partial, partial.decoder.end(), true);
    }
    await this.#file?.close();
    this.#file = undefined;
  }

  #append(stream: LogLine['stream'], partial: Partial, text: string, isLast: boolean): Promise<void> {
    const time = new Date().toISOString();
    const lines = `${partial.text}${text}`.match(/[^\n]*\n|[^\n]+$/g) ?? [];
    const rest = !isLast && lines.at(-1)?.endsWith('\n') === false ? lines.pop()! : '';
    const texts = lines.flatMap(pieces);
    const restPieces = pieces(rest);
    partial.text = restPieces.pop() ?? '';
    texts.push(...restPieces);
    // Those of both streams come one after the other.
    this.#turn = this.#turn.then(async () => this.#put(texts.map((each) => ({ stream, time, text: each }))));
    return this.#turn;
  }

  async #put(lines: readonly LogLine[]): Promise<void> {
    if (lines.length === 0) return;
    const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    if (this.#file === undefined || this.#written >= this.#limits.fileBytes) await this.#next();
    await this.#file!.appendFile(bytes);
    this.#written += bytes.length;
  }

  async #next(): Promise<void> {
    await this.#file?.close();
    this.#file = await open(logFile(this.#folder, ++this.#number), 'a', 0o600);
    this.#written = 0;
    await rm(logFile(this.#folder, this.#number - this.#limits.files), { force: true });
  }
}

function pieces(text: string): string[] {
  const found: string[] = [];
  for (let at = 0; at < text.length; at += longestText) found.push(text.slice(at, at + longestText));
  return found;
}
