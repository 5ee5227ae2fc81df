// broker/many SIDE PROFILE SYSTEMS WARMUP CYCLES: JSON, { rate, starts }: cycles per second of so many systems at once, each with
// so many cycles after those of the warm-up, and the microseconds of each start.
import { brokerCycle } from './cycle.js';
import { openSide } from './side.js';

const [name, profile, ...rest] = process.argv.slice(2) as [string, string, ...string[]];
const [systems, warmup, cycles] = rest.map(Number) as [number, number, number];
await using side = await openSide(name, profile);

async function run(label: string, count: number): Promise<{ readonly rate: number; readonly starts: number[] }> {
  const starts: number[] = [];
  const repeat = async (system: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      const [, start] = await brokerCycle(side, `${label}-${system}-${i}`);
      starts.push(Math.round(start / 1000));
    }
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: systems }, (_, system) => repeat(system)));
  return { rate: starts.length / ((performance.now() - begun) / 1000), starts };
}

await run('warmup', warmup);
console.log(JSON.stringify(await run('many', cycles)));
