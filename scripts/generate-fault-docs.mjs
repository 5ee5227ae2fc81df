// Writes docs/faults.md from the built catalogue of faults.
//
//   node scripts/generate-fault-docs.mjs           rewrites the page
//   node scripts/generate-fault-docs.mjs --check   fails when it is stale, writes nothing
import { readFile, writeFile } from 'node:fs/promises';

import prettier from 'prettier';

import { faults } from '../dist/simulator/faults.js';

const page = new URL('../docs/faults.md', import.meta.url);

// A thread, or a commit.
function link(report) {
  const [, repository, mark, what] = /^([^#@]+)([#@])(.+)$/.exec(report);
  return `[${report}](https://github.com/${repository}/${mark === '#' ? 'issues' : 'commit'}/${what})`;
}

// A function with its request. Of the families of the network service only the verb, where there is more than one of it.
function calls({ function: name, request }, _, rules) {
  const verb = /^computenetwork\.Hcn(Create|Delete|Enumerate|Modify|Open|Query)/.exec(name)?.[0];
  const many = verb !== undefined && rules.filter((rule) => rule.function.startsWith(verb)).length > 1;
  const shown = many ? `${verb}…` : name;
  return request === undefined ? `\`${shown}\`` : `\`${shown}\` of \`${request}\``;
}

// The functions whose calls it meets, or what is done at once.
function where({ rules, act }) {
  if (act !== undefined) return `at once, as by \`simulator.${Object.keys(act)[0]}()\``;
  return [...new Set(rules.map(calls))].join(', ');
}

const text = `# Faults

What has gone wrong on real hosts, and what \`simulator.provoke(name)\` makes the simulated one do. Each stands for a public
report; the simulator's numbers and texts are ours where the report gives none. Every call of the API is tested under every
one of them (\`test/conformance/fault-matrix.test.ts\`): it settles in time, with the error that \`test/golden/fault-matrix.json\`
tells, leaves nothing open, disturbs no other system, and leaves the event loop to them.
Where computecore.dll drives the systems, its functions have the fault: the table names those of vmcompute.dll, which alone has
\`close-fails\` and \`notification-after-close\`.

A fault meets the next call of each function it names, on any system or on the one that is passed, and counts as used up
by it; or it happens at once. \`clear()\` removes it, lets go of what it holds, and brings back what it has taken away. For
faults of your own see \`simulator.inject()\` in [the simulated host](simulator.md); \`src/simulator/faults/\` is the catalogue itself.

| Fault | What the host does | Where | Report |
| --- | --- | --- | --- |
${faults.map((fault) => `| \`${fault.name}\` | ${fault.does} | ${where(fault)} | ${link(fault.report)} |`).join('\n')}

## Networks

What a client gets to see of the faults of the network service, by the functions of \`computenetwork.dll\` and by \`HNSCall\`,
and what helps on a real host. Every call of networks is tested under every one of them
(\`test/conformance/network-fault-matrix.test.ts\`). A call that fails has an error record in the shape of the host, \`{"Success":false,"Error":"...","ErrorCode":...}\`;
\`HNSCall\` gives that as its answer, except for a POST and where the service itself is gone, which fail by their HRESULT.

| Fault | What a client sees | Remedy |
| --- | --- | --- |
${faults.flatMap(({ name, sees, remedy }) => (sees === undefined ? [] : [`| \`${name}\` | ${sees} | ${remedy} |`])).join('\n')}

## Faults of your own

Beside the catalogue \`simulator.exit()\` ends a system or process by itself, and \`simulator.notify()\` raises any
notification, as often as you like and from many threads.

A host that lacks a function, as an older Windows does, is made by \`simulator.inject({ function, missing: true })\`: it is
false in \`host.functions\`, and what needs it rejects with \`ERR_HC_SYMBOL\`. That concerns the one host that the simulator
was opened with. A handle that is open can still be closed, whatever is missing. \`Simulator.open({ osBuild: 17763 })\` is a host that lacks all that
this build of Windows lacks, and whose \`api: 'auto'\` chooses accordingly: [the libraries](apis.md#builds-of-windows).

A real host should call no callback that has been unregistered: unregistering waits for those that run
([hcsshim@ef88ee861](https://github.com/microsoft/hcsshim/commit/ef88ee861)). \`notification-after-close\` does it all the
same. A client that gave the host a pointer crashes then; one that gave it a number looks that up and finds nothing.

## Testing a runtime of your own

[Its page](testing.md) has a whole one; a fault is one line of it.

\`\`\`ts
await simulator.provoke('start-never-returns');
const system = await ComputeSystem.create('web', document, { host: simulator.host });
await system.start({ timeoutMs: 100 }); // rejects with ERR_HC_TIMEOUT
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
