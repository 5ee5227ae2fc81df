// How long the command hostcompute takes for ps, and Node for nothing, in turn.
//
//   command-line.js PROGRAM COUNT
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [program = '', count = '1'] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'hostcompute-bench-'));
const name = process.platform === 'win32' ? `\\\\.\\pipe\\hostcompute-bench-${process.pid}` : join(folder, 'host');
const serving = spawn(process.execPath, [program, 'simulate', '--name', name], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
await once(serving.stdout, 'data');

function milliseconds(args: readonly string[]): number {
  const begun = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  const time = performance.now() - begun;
  assert.equal(status, 0, stderr);
  return time;
}

const times = { node: [] as number[], ps: [] as number[] };
const ps = [program, '--host', name, 'ps'];
// What the system keeps of files comes with the first.
milliseconds(ps);
for (let round = 0; round < Number(count); round++) {
  times.node.push(milliseconds(['-e', '0']));
  times.ps.push(milliseconds(ps));
}
serving.kill();
await once(serving, 'close');
rmSync(folder, { recursive: true, force: true });
console.log(JSON.stringify(times));
