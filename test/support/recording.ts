import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Host } from 'hostcompute';
import type { RecordOptions } from 'hostcompute/recorder';
import { record } from 'hostcompute/recorder';

export type Line = Record<string, unknown> & { kind: string };

export interface RecordingFile {
  readonly path: string;
  lines(): Line[];
  write(lines: readonly (object | string)[]): void;
}

/** Records the simulated host while this is played on it. */
export async function recordInto(
  file: RecordingFile,
  play: (host: Host) => Promise<unknown>,
  options: RecordOptions = {},
): Promise<Line[]> {
  const host = await record(file.path, { host: 'simulated', ...options });
  try {
    await play(host);
  } finally {
    await host.close();
  }
  return file.lines();
}

/** Gives each test of the enclosing suite a file of its own. */
export function useFile(): RecordingFile {
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
