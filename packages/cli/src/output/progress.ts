/**
 * How far work is, on stderr: bars in a terminal, a plain line now and then in a pipe, nothing with `--json`.
 *
 * @module
 */
import { cursorTo, moveCursor, clearScreenDown } from 'node:readline';

import type { GlobalOptions } from '../command-line/global-options.js';
import { byteSize } from './byte-size.js';
import type { Paint } from './color.js';
import { painter } from './color.js';

/** One of the things that are done at once. */
export interface Step {
  readonly label: string;
  /** Such as `download`. */
  readonly phase: string;
  readonly state: 'waiting' | 'active' | 'done' | 'exists';
  readonly bytes: number;
  /** 0 where it is not known. */
  readonly totalBytes: number;
}

/** What time it is, and what wakes: tests have their own. */
export interface Clock {
  readonly now: () => number;
  readonly wake: (act: () => void, milliseconds: number) => { readonly cancel: () => void };
}

const realClock: Clock = {
  now: () => performance.now(),
  wake: (act, milliseconds) => {
    const timer = setTimeout(act, milliseconds);
    timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
};

const redrawMs = 100;
const plainMs = 5000;
const barWidth = 20;

/** Shows steps until it is disposed of, and then how they ended. */
export class Progress implements Disposable {
  readonly #stream: NodeJS.WriteStream;
  readonly #clock: Clock;
  readonly #paint: Paint;
  readonly #steps = new Map<string, Step>();
  /** Milliseconds between two times that it is shown; undefined where it never is. */
  readonly #interval: number | undefined;
  #shownAt: number;
  #drawnLines = 0;
  #waiting: { readonly cancel: () => void } | undefined;

  constructor(globals: GlobalOptions, stream: NodeJS.WriteStream = process.stderr, clock: Clock = realClock) {
    this.#stream = stream;
    this.#clock = clock;
    this.#paint = painter(globals, stream);
    if (globals.json === undefined) this.#interval = this.#draws ? redrawMs : plainMs;
    // In a pipe nothing is said of what is done at once.
    this.#shownAt = this.#draws ? -Infinity : clock.now();
  }

  get #draws(): boolean {
    return this.#stream.isTTY && process.env.TERM !== 'dumb';
  }

  update(key: string, step: Step): void {
    this.#steps.set(key, step);
    if (this.#interval === undefined || this.#waiting !== undefined) return;
    const left = this.#shownAt + this.#interval - this.#clock.now();
    if (left <= 0) this.#show();
    else this.#waiting = this.#clock.wake(() => this.#show(), left);
  }

  [Symbol.dispose](): void {
    this.#waiting?.cancel();
    this.#waiting = undefined;
    if (this.#interval !== undefined && this.#draws && this.#steps.size > 0) this.#draw();
  }

  #show(): void {
    this.#waiting = undefined;
    this.#shownAt = this.#clock.now();
    if (this.#draws) this.#draw();
    else this.#stream.write(`${summary([...this.#steps.values()])}\n`);
  }

  #draw(): void {
    const { columns, rows } = this.#stream;
    const width = columns || 80;
    // What has scrolled away cannot be drawn again.
    const most = Math.max(1, (rows || 24) - 2);
    const all = [...this.#steps.values()];
    const shown = all.length <= most ? all : [...all.filter(isUnderWay).slice(0, most - 1)];
    const lines = shown.map((step) => this.#line(step, width));
    if (shown.length < all.length) lines.push(cut(summary(all), width));
    if (this.#drawnLines > 0) {
      moveCursor(this.#stream, 0, -this.#drawnLines);
      cursorTo(this.#stream, 0);
      clearScreenDown(this.#stream);
    }
    this.#stream.write(`${lines.join('\n')}\n`);
    this.#drawnLines = lines.length;
  }

  #line({ label, phase, state, bytes, totalBytes }: Step, width: number): string {
    if (state !== 'active') {
      const words = { waiting: 'waiting', done: `${phase} done`, exists: 'is there already' }[state];
      return cut(`${label}  ${words}`, width);
    }
    const share = totalBytes > 0 ? Math.min(1, bytes / totalBytes) : undefined;
    const amount = totalBytes > 0 ? `${byteSize(bytes)} of ${byteSize(totalBytes)}` : byteSize(bytes);
    const before = `${label}  ${phase} `;
    if (share === undefined || width < before.length + barWidth + amount.length + 4)
      return cut(`${before}${amount}`, width);
    const full = Math.round(share * barWidth);
    return `${before}[${this.#paint('cyan', '='.repeat(full))}${' '.repeat(barWidth - full)}] ${amount}`;
  }
}

/** How far one thing is; `phase` is what it is at, where that changes. */
export type ShowBytes = (bytes: number, totalBytes?: number, phase?: string) => void;

/** Does one thing and shows how far it is. What is printed of it comes when the bar is whole. */
export async function withProgress<T>(
  globals: GlobalOptions,
  label: string,
  phase: string,
  work: (show: ShowBytes) => Promise<T>,
): Promise<T> {
  using progress = new Progress(globals);
  const step: Step = { label, phase, state: 'active', bytes: 0, totalBytes: 0 };
  const result = await work((bytes, totalBytes = 0, now = phase) =>
    progress.update(label, { ...step, phase: now, bytes, totalBytes }),
  );
  progress.update(label, { ...step, state: 'done' });
  return result;
}

const isUnderWay = ({ state }: Step): boolean => state === 'active' || state === 'waiting';

/** All of it in one line. */
function summary(steps: readonly Step[]): string {
  const done = steps.filter((step) => !isUnderWay(step)).length;
  const active = steps.filter(({ state }) => state === 'active');
  const parts = active.map(({ label, phase, bytes, totalBytes }) =>
    totalBytes > 0
      ? `${label} ${phase} ${byteSize(bytes)} of ${byteSize(totalBytes)}`
      : `${label} ${phase} ${byteSize(bytes)}`,
  );
  return [`${done} of ${steps.length} done`, ...parts].join('; ');
}

function cut(line: string, width: number): string {
  const characters = Array.from(line);
  return characters.length <= width ? line : `${characters.slice(0, width - 1).join('')}…`;
}
