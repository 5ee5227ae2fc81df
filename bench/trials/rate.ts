// rate SYSTEMS MILLISECONDS: cycles per second of that many systems at once, after a warm-up of 2.5 s.
import { Host } from 'hostcompute';

import { cycle } from './cycle.js';

const host = await Host.open('simulated');
const systems = Number(process.argv[2]);

async function rate(label: string, milliseconds: number): Promise<number> {
  const begun = performance.now();
  let cycles = 0;
  const run = async (system: number): Promise<void> => {
    for (let i = 0; performance.now() - begun < milliseconds; i++) {
      await cycle(host, `${label}-${system}-${i}`);
      cycles++;
    }
  };
  await Promise.all(Array.from({ length: systems }, (_, system) => run(system)));
  return (cycles / (performance.now() - begun)) * 1000;
}

await rate('warmup', 2500);
console.log((await rate('rate', Number(process.argv[3]))).toFixed(1));
await host.close();
