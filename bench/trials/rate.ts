// rate SYSTEMS MILLISECONDS WARMUP: cycles per second of that many systems at once, after a warm-up of so many milliseconds.
import { Host } from 'hostcompute';

import { cycle } from './cycle.js';

const host = await Host.open('simulated');
const [systems, milliseconds, warmup] = process.argv.slice(2).map(Number) as [number, number, number];

async function rate(label: string, span: number): Promise<number> {
  const begun = performance.now();
  let cycles = 0;
  const run = async (system: number): Promise<void> => {
    for (let i = 0; performance.now() - begun < span; i++) {
      await cycle(host, `${label}-${system}-${i}`);
      cycles++;
    }
  };
  await Promise.all(Array.from({ length: systems }, (_, system) => run(system)));
  return (cycles / (performance.now() - begun)) * 1000;
}

await rate('warmup', warmup);
console.log((await rate('rate', milliseconds)).toFixed(1));
await host.close();
