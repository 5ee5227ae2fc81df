import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type Line = Record<string, unknown> & { kind: string };

/** Gives each test of the enclosing suite a file of its own. */
export function useFile(): {
  readonly path: string;
  lines(): Line[];
  write(lines: readonly (object | string)[]): void;
} {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hostcompute-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  return {
    get path() {
      return join(folder, 'recording.jsonl');
    },
    lines() {
      const text = readFileSync(this.path, 'utf8');
      return text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Line);
    },
    write(lines) {
      const texts = lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`);
      writeFileSync(this.path, texts.join(''));
    },
  };
}
