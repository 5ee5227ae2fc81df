// clang-format over the native sources. With --write it formats them.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const files = ['native', 'test/native', 'test/fuzz', 'bench/native'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true })
    .filter((name) => /\.(h|cc)$/.test(name) && !/^(build|gyp)\b/.test(name))
    .map((name) => join(folder, name)),
);
const mode = process.argv.includes('--write') ? ['-i'] : ['--dry-run', '--Werror'];
const { status, error } = spawnSync('clang-format', [...mode, ...files], { cwd: root, stdio: 'inherit' });
if (error) throw new Error(`clang-format could not be started: ${error.message}`);
process.exitCode = status ?? 1;
