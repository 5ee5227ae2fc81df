// A folder of a test's own.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class Folder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'hostcompute-cli-'));

  write(name: string, content: string | Buffer): string {
    const path = this.pathOf(name);
    writeFileSync(path, content);
    return path;
  }

  pathOf(name: string): string {
    return join(this.path, name);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
