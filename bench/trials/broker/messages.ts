// broker/messages SIDE COUNT: nanoseconds of each round trip of 16 bytes through stdin and stdout of a process, a line each.
import type { Readable, Writable } from 'node:stream';

import { ComputeSystem } from 'hostcompute';

import { openSide } from './side.js';

const [name, count] = process.argv.slice(2) as [string, string];
const message = Buffer.alloc(16, 'x');

function roundTrip(stdin: Writable, stdout: Readable): Promise<void> {
  return new Promise((resolve) => {
    let left = message.length;
    const receive = (chunk: Buffer): void => {
      left -= chunk.length;
      if (left > 0) return;
      stdout.off('data', receive);
      resolve();
    };
    stdout.on('data', receive);
    stdin.write(message);
  });
}

await using side = await openSide(name, 'none');
await using system = await ComputeSystem.create('messages', side.document, { host: side.host });
await system.start();
await using echo = await system.createProcess({ command: 'sim-cat', stdio: ['pipe', 'pipe', 'ignore'] });
const lines: string[] = [];
for (let i = 0; i < Number(count); i++) {
  const begun = performance.now();
  await roundTrip(echo.stdin, echo.stdout);
  lines.push(String(Math.round((performance.now() - begun) * 1e6)));
}
console.log(lines.join('\n'));
echo.stdin.end();
await echo.exited;
