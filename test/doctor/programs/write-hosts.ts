// Writes the recorded hosts as files for `hostcompute doctor --replay`: node out/test/doctor/programs/write-hosts.js FOLDER
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { hosts } from '../hosts/hosts.js';
import { recordingOf } from '../hosts/server-2022.js';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('name a folder');
await mkdir(folder, { recursive: true });
for (const { name, from, differs } of hosts) {
  const file = `${name.toLowerCase().replace(/[^a-z0-9.]+/g, '-')}.json`;
  await writeFile(join(folder, file), `${JSON.stringify(recordingOf(differs), null, 2)}\n`);
  console.log(`${file}: ${from}`);
}
