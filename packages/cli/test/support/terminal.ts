// A real terminal: tmux runs a program in one, types into it, and says what it shows.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';

import { Folder } from './folder.js';

const run = promisify(execFile);

export class Terminal implements AsyncDisposable {
  readonly #folder = new Folder();

  /** Starts a shell line in a terminal of 80 columns and 24 rows. */
  static async open(line: string): Promise<Terminal> {
    const terminal = new Terminal();
    await terminal.#tmux('-f', '/dev/null', 'new-session', '-d', '-x', '80', '-y', '24', 'sh');
    await terminal.type(line, 'Enter');
    return terminal;
  }

  /** Keys as tmux names them: `Enter`, `C-c`; anything else is text. */
  async type(...keys: readonly string[]): Promise<void> {
    await this.#tmux('send-keys', ...keys);
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux('resize-window', '-x', String(columns), '-y', String(rows));
  }

  async screen(): Promise<string> {
    return this.#tmux('capture-pane', '-p', '-J');
  }

  /** Waits until the screen has it. */
  async until(wanted: RegExp): Promise<string> {
    let screen = '';
    for (const end = performance.now() + 60_000; performance.now() < end; await pause(50)) {
      screen = await this.screen();
      if (wanted.test(screen)) return screen;
    }
    throw new Error(`The screen has no ${String(wanted)}:\n${screen}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tmux('kill-server').catch(() => undefined);
    this.#folder[Symbol.dispose]();
  }

  async #tmux(...words: readonly string[]): Promise<string> {
    const { stdout } = await run('tmux', ['-S', this.#folder.pathOf('tmux'), ...words], {
      env: { ...process.env, TMUX: '' },
    });
    return stdout;
  }
}

/** As a shell reads it. */
export function quoted(words: readonly string[]): string {
  return words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
}
