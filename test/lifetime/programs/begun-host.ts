// What the simulated host of a process begins with: how many rules, and of which profile. The names of the catalogue are beside its
// library with the argument `named`.
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, parse } from 'node:path';

import { Simulator } from 'hostcompute/simulator';

import { simulatorPath } from '#dist/backend/load.js';
import { catalogue } from '#dist/simulator/catalogue.js';

async function print(): Promise<void> {
  await using simulator = await Simulator.open();
  const { Rules: rules } = await simulator.state();
  const { ProfileName: profile } = (await simulator.configure({})) as { ProfileName: string };
  console.log(`${String(rules)} rules, profile ${profile}`);
}

if (process.argv[2] === 'named') {
  const folder = mkdtempSync(join(tmpdir(), 'hostcompute-'));
  const { dir, base, name } = parse(simulatorPath());
  for (const file of readdirSync(dir).filter((each) => each.startsWith(name)))
    copyFileSync(join(dir, file), join(folder, file));
  process.env.HOSTCOMPUTE_SIMULATOR = join(folder, base);
  writeFileSync(
    join(dirname(process.env.HOSTCOMPUTE_SIMULATOR), `${name}.catalogue.json`),
    JSON.stringify(catalogue()),
  );
  process.on('exit', () => {
    // A DLL that is loaded cannot be removed.
    if (process.platform !== 'win32') rmSync(folder, { recursive: true });
  });
}
await print();
