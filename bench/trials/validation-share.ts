// validation-share CYCLES: a line per cycle, nanoseconds of a create without validation, of one with it, and of the
// validation of the same document by itself, once. Each cycle begins with the other create.
import { ComputeSystem, Host } from 'hostcompute';
import { validateDocument } from 'hostcompute/documents';

import { smallContainer } from '../support/documents-to-validate.js';

const host = await Host.open('simulated');
const known = { id: 'web' };

async function create(validate: 'off' | 'error'): Promise<number> {
  const begun = performance.now();
  const system = await ComputeSystem.create('web', smallContainer, { host, validate });
  const created = performance.now();
  await system.terminate();
  await system.close();
  return created - begun;
}

function alone(): number {
  const begun = performance.now();
  validateDocument(smallContainer, { known });
  return performance.now() - begun;
}

async function cycle(number: number): Promise<readonly number[]> {
  const validated = number % 2 === 0 ? await create('error') : undefined;
  const off = await create('off');
  return [off, validated ?? (await create('error')), alone()];
}

const count = Number(process.argv[2]);
const lines: string[] = [];
for (let i = 0; i < count; i++) lines.push((await cycle(i)).map((each) => Math.round(each * 1e6)).join(' '));
console.log(lines.join('\n'));
await host.close();
