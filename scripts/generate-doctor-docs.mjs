// Writes docs/doctor.md from the checks of src/doctor, as they are built.
//
//   node scripts/generate-doctor-docs.mjs           rewrites the page
//   node scripts/generate-doctor-docs.mjs --check   fails when it is stale, writes nothing
import { readFile, writeFile } from 'node:fs/promises';

import prettier from 'prettier';

import { checks } from '../dist/doctor/checks.js';

const page = new URL('../docs/doctor.md', import.meta.url);
const escaped = (text) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('*', '\\*');

const section = ({ id, title, goals, blocks, rule, source, date }) => `<a id="${id}"></a>

### ${id}

${escaped(title[0].toUpperCase() + title.slice(1))}. ${escaped(rule)}

For ${goals.map((goal) => (blocks.includes(goal) ? `**${goal}**` : goal)).join(', ')}. Source: ${escaped(source)}, ${date}.
`;

const text = `# The doctor

Whether a machine can do what it is wanted for, and why not. \`hostcompute doctor\` prints it, \`doctor()\` of \`hostcompute/doctor\`
gives it as data. It needs no elevation, starts no shell and changes nothing.

\`\`\`ts
import { doctor } from 'hostcompute/doctor';

const { checks, summary } = await doctor({ goals: ['process', 'layers'], root: 'D:\\\\layers' });
for (const { id, outcome, cause, remedy } of checks) if (outcome === 'problem') console.log(id, cause, remedy);
console.log(summary.healthy);
\`\`\`

| Outcome   |                                                                                               |
| --------- | --------------------------------------------------------------------------------------------- |
| \`ok\`      | nothing stands in the way                                                                     |
| \`warning\` | it works, or may work; or it is a problem for a goal that was not asked for                   |
| \`problem\` | it stands in the way of a goal: \`blocks\` has which                                            |
| \`unknown\` | it could not be asked: the cause says whether it was not allowed, not answered, or was odd    |
| \`skipped\` | it matters to other goals only, or this is not Windows                                        |

Goals: \`process\` and \`hyperv\` are the two isolations of Windows containers, \`vm\` is a virtual machine of one's own, \`lcow\` Linux containers,
\`layers\` the import and mounting of layers, \`network\` the networks of HNS. Each check has evidence: the questions that it asked and the raw
answers. \`docs\` names its place on this page. All questions together take two seconds at most, those of a service that hangs included.

**No Windows was involved.** The questions are asked by native code (\`native/inspect\`), which has run under Wine, where most of them have no
answer; the rules were tried on machines that were put together by hand from public reports.

\`--probe\` goes on to create, start and end a tiny system on the host: that every check is ok is no promise.

## Recordings

\`hostcompute doctor --record machine.json\` writes the raw answers of a machine; \`--replay machine.json\` looks at them anywhere, with any goals. No
outcome is in the file. What is taken out: names of users, computers and domains, security identifiers of persons, MAC addresses, serial
numbers, and public addresses; folders of a profile become \`%USERPROFILE%\`. Names of adapters and drivers, private prefixes, versions and the
folder of layers stay: look into the file before you send it.

## Image and host

\`compatibility(image, host)\` compares versions alone, anywhere: whether an image runs in process isolation, by Hyper-V, or not at all, with the rule, its
source and its date; pairs that are known to fail stand above the rules.

## The checks

Bold: the goals that a problem stands in the way of; for the others it is a warning.

${checks.map(section).join('\n')}`;

const formatted = await prettier.format(text, { ...(await prettier.resolveConfig(page.pathname)), parser: 'markdown' });
if (!process.argv.includes('--check')) {
  await writeFile(page, formatted);
  console.log(`docs/doctor.md written (${checks.length} checks)`);
} else if ((await readFile(page, 'utf8').catch(() => '')) !== formatted) {
  console.error('docs/doctor.md is stale: run "npm run build && node scripts/generate-doctor-docs.mjs"');
  process.exitCode = 1;
}
