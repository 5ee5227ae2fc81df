// Asks a machine made of a .reg file, in Windows Node under Wine, what the doctor asks Windows: the answers come from the very
// calls that it makes there. Some libraries that Wine has not are those of test/native/fake-host/fake-windows.cc.
//
//   node scripts/test-wine-machine.mjs [node major]
import { spawnSync } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { build } from './flavours.mjs';
import { root } from './run.mjs';
import { folder, makeMachine, startWine, stopWine, windowsNode, windowsPath } from './wine.mjs';

const [major = '20'] = process.argv.slice(2);
const binaries = build('windows', 'hostcompute', 'fake-windows');
startWine();
stopWine(); // what it has in memory is on disk then
const registry = readFileSync(join(root, 'test', 'fixtures', 'wine-machine.reg'), 'utf8');
// More than is told of one value and of one key.
const many = [
  `[HKEY_LOCAL_MACHINE\\SOFTWARE\\hostcompute\\many]`,
  `"long"=hex:${'00,'.repeat(5000)}00`,
  ...Array.from({ length: 300 }, (_, i) => `"${i}"=dword:0`),
  ...Array.from({ length: 300 }, (_, i) => `[HKEY_LOCAL_MACHINE\\SOFTWARE\\hostcompute\\many\\${i}]`),
];
const fake = join(binaries, 'fake-windows.dll');
const environment = makeMachine('machine', [registry, ...many].join('\n'), {
  'winhvplatform.dll': fake,
  'dismapi.dll': fake,
  'fltlib.dll': fake,
});
// Node for Windows cannot write to a pipe of this system: its output has to be a file.
const output = join(folder, 'machine.txt');
const file = openSync(output, 'w');
const mocha = join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');
const options = ['--no-config', '--forbid-only', '--forbid-pending', '--timeout', '60000'];
const { status } = spawnSync(
  'wine',
  [windowsNode(major), windowsPath(mocha), ...options, 'out/test/doctor/machine.wine.js'],
  {
    cwd: root,
    env: { ...process.env, ...environment, HOSTCOMPUTE_ADDON: windowsPath(join(binaries, 'hostcompute.node')) },
    stdio: ['ignore', file, file],
  },
);
process.stdout.write(readFileSync(output, 'utf8'));
stopWine(environment);
process.exitCode = status === 0 ? 0 : 1;
