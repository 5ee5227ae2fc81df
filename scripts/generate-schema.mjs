// Writes what follows from schema/: the declarations in types/, the tables of the validator and of
// the simulated host, and the reference in docs/.
//
//   node scripts/generate-schema.mjs           rewrites the files
//   node scripts/generate-schema.mjs --check   fails when one is stale, writes nothing

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

import { format } from 'prettier';

import { networkTableFile } from './schema/network-tables.mjs';
import { readJson, readRules, readSchema, withLevels } from './schema/read.mjs';
import { documentsPage, levelText, networksPage, referenceFile } from './schema/reference.mjs';
import { simulatorFiles } from './schema/simulator.mjs';
import { ruleFile, tableFile } from './schema/tables.mjs';
import { requestFile, typeFiles } from './schema/types.mjs';

const [requests, hosts, networks, rules, networkRules] = await Promise.all([
  readJson('requests.json'),
  readJson('hosts.json'),
  readJson('networks.json'),
  readRules(),
  readRules('network-rules.json'),
]);
const schema1 = withLevels(await readSchema('schema1'), rules);
const schema2 = withLevels(await readSchema('schema2'), rules);
const hcn = withLevels(await readSchema('hcn'), rules);
const hns = withLevels(await readSchema('hns'), rules);
const files = [
  ...typeFiles(schema1),
  ...typeFiles(schema2),
  ...typeFiles(hcn),
  ...typeFiles(hns),
  requestFile(requests),
  tableFile(schema1, schema2, requests, hosts),
  networkTableFile(hcn, hns, networks),
  ruleFile([...rules, ...networkRules]),
  referenceFile(schema1, 'Schema 1'),
  referenceFile(schema2, 'Schema 2', requests),
  referenceFile(hcn, 'HCN: documents of networks'),
  referenceFile(hns, 'HNS: documents of the older route'),
  await documentsPage(rules, hosts),
  await networksPage(networkRules, networks),
  ...simulatorFiles(schema1, schema2, requests, hosts),
];

const stale = [];
for (const { path, text } of files) {
  const file = fileURLToPath(new URL(`../${path}`, import.meta.url));
  const fresh = path.startsWith('native/')
    ? text
    : await format(text, { filepath: file, printWidth: 120, singleQuote: true });
  const old = await readFile(file, 'utf8').catch(() => '');
  if (old.replaceAll('\r\n', '\n') === fresh) continue; // a checkout on Windows may have CRLF
  stale.push(path);
  if (process.argv.includes('--check')) continue;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, fresh);
}

const count = ({ name, types }) => `${name}: ${types.size} types`;
if (stale.length === 0) {
  console.log(
    `what follows from schema/ is up to date (${[schema1, schema2, hcn, hns].map(count).join(', ')}). ${levelText([...rules, ...networkRules])}`,
  );
} else if (process.argv.includes('--check')) {
  console.error(`stale: ${stale.join(', ')}. Run "npm run generate"`);
  process.exit(1);
} else {
  console.log(`written: ${stale.join(', ')}`);
}
