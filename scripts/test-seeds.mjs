// Runs the core under a scheduler that decides from a seed which of its threads is next (test/native/seeds).
//
//   node scripts/test-seeds.mjs [plain | address] [--seeds N] [--from N] [--seed N [--trace]]
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { build, flavours } from './flavours.mjs';
import { finish, root } from './run.mjs';

const known = ['plain', 'address'];

finish((asked) => {
  const flavour = known.includes(asked[0]) ? asked[0] : 'address';
  const rest = flavour === asked[0] ? asked.slice(1) : asked;
  const program = join(build(flavour, 'test-seeds'), 'test-seeds');
  const { status, error } = spawnSync(program, rest, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...flavours[flavour].env },
  });
  if (error) throw error;
  return status === 0 ? 0 : 1;
});
