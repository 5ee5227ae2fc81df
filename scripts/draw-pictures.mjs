// Draws the pictures of the README: what `npm start` prints on the simulated host, and what a person types, as they were printed.
//
//   npm run picture
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { layoutTar, builtImage } from '../packages/images/dist/test/support/built-image.js';
import { linesOf, terminal } from './pictures/terminal.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

function outputOf(args, env = {}) {
  const options = { cwd: root, encoding: 'utf8', env: { ...process.env, ...env } };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, options);
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
  return stdout;
}

// What the eye is to find: that it is simulated, the heads of the table, and the whole.
function styleOf(line) {
  if (line.startsWith('Host: ')) return 'mark';
  if (line.startsWith('whole ')) return 'bold';
  return /^(ms |Imported |No Windows|cost per)/.test(line) ? 'dim' : 'plain';
}

function start() {
  const lines = linesOf(outputOf(['out/bench/start.js', '--host', 'simulated']));
  return terminal('npm start on the simulated host', [
    ['dim', '$ npm start'],
    ...lines.map((line) => [styleOf(line), line]),
  ]);
}

const commands = [
  'images load nanoserver.tar',
  'run nanoserver:ltsc2022 cmd /c echo hello',
  'run -d --name web nanoserver:ltsc2022 ping -n 1000 localhost',
  'ps',
  'exec web cmd /c ver',
  'stop web',
];

/** A session with the command, on a host that is served for it alone. */
async function session() {
  const folder = mkdtempSync(join(tmpdir(), 'hc-picture-'));
  const socket = join(folder, 'host');
  const archive = join(folder, 'nanoserver.tar');
  writeFileSync(archive, await layoutTar([['docker.io/library/nanoserver:ltsc2022', await builtImage()]]));
  const program = 'packages/cli/dist/src/program.js';
  const host = spawn(process.execPath, [program, 'simulate', '--name', socket], { cwd: root });
  try {
    await once(host.stdout, 'data'); // it is served
    const env = { HOSTCOMPUTE_ROOT: join(folder, 'root'), HOSTCOMPUTE_SIMULATOR_SOCKET: socket };
    return commands.flatMap((command) => [
      ['dim', `$ hostcompute ${command}`],
      ...linesOf(outputOf([program, ...command.replace('nanoserver.tar', archive).split(' ')], env))
        .filter((line) => line !== '')
        .map((line) => ['plain', line]),
    ]);
  } finally {
    host.kill();
    await once(host, 'close');
    rmSync(folder, { recursive: true, force: true });
  }
}

mkdirSync(new URL('../docs/images/', import.meta.url), { recursive: true });
const pictures = {
  'npm-start.svg': start(),
  'run.svg': terminal('The command hostcompute on the simulated host', [
    ['mark', 'Host: simulated; no container runs'],
    ...(await session()),
  ]),
};
for (const [name, svg] of Object.entries(pictures)) {
  writeFileSync(new URL(`../docs/images/${name}`, import.meta.url), svg);
  console.log(`docs/images/${name} written`);
}
