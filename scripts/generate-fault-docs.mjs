// Writes docs/faults.md from the built catalogue of faults.
//
//   node scripts/generate-fault-docs.mjs           rewrites the page
//   node scripts/generate-fault-docs.mjs --check   fails when it is stale, writes nothing
import { readFile, writeFile } from 'node:fs/promises';

import prettier from 'prettier';

import { faults } from '../dist/faults.js';

const page = new URL('../docs/faults.md', import.meta.url);

// A thread, or a commit.
function link(report) {
  const [, repository, mark, what] = /^([^#@]+)([#@])(.+)$/.exec(report);
  return `[${report}](https://github.com/${repository}/${mark === '#' ? 'issues' : 'commit'}/${what})`;
}

const functions = (rules) => [...new Set(rules.map((rule) => `\`${rule.function}\``))].join(', ');

const text = `# Faults

What has gone wrong on real hosts, and what \`simulator.provoke(name)\` makes the simulated one do. Each stands for a public
report; the simulator's numbers and texts are ours where the report gives none. Every call of the API is tested under every
one of them (\`test/conformance/fault-matrix.test.ts\`): it settles in time, with an error that names the cause, leaves
nothing open, and disturbs no other system.

A fault meets the next call of each function it names, on any system or on the one that is passed, and counts as used up
by it; \`clear()\` removes it, and lets go of what it holds. For faults of your own see \`simulator.inject()\` in
[the simulated host](simulator.md); \`src/faults.ts\` is the catalogue itself.

| Fault | What the host does | Where | Report |
| --- | --- | --- | --- |
${faults.map(({ name, does, report, rules }) => `| \`${name}\` | ${does} | ${functions(rules)} | ${link(report)} |`).join('\n')}

Not calls, and so no part of the catalogue: \`simulator.disconnect()\` takes the service away and \`reconnect()\` brings it back,
\`simulator.exit()\` ends a system or process by itself, and \`simulator.notify()\` raises any notification, as often as you
like and from many threads.

## Testing a runtime of your own

\`\`\`ts
import { Simulator } from 'hostcompute/simulator';

it('gives up on a container that does not start', async () => {
  await using simulator = await Simulator.open();
  await simulator.provoke('start-never-returns');
  await assert.rejects(myRuntime.run('web', { host: simulator.host, timeoutMs: 100 }), /did not start/);
  await simulator.clear();
  assert.equal(simulator.host.ledger().systems, 0);
});
\`\`\`
`;

const fresh = await prettier.format(text, { ...(await prettier.resolveConfig(page)), parser: 'markdown' });
const present = await readFile(page, 'utf8').catch(() => '');
if (fresh === present.replaceAll('\r\n', '\n')) console.log(`docs/faults.md is up to date (${faults.length} faults)`);
else if (process.argv.includes('--check')) {
  console.error('docs/faults.md is stale: run "npm run build && node scripts/generate-fault-docs.mjs"');
  process.exitCode = 1;
} else {
  await writeFile(page, fresh);
  console.log(`docs/faults.md written (${faults.length} faults)`);
}
