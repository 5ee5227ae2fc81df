// Writes docs/cli.md from the declared commands of packages/cli, as they are built, and from its table of the members of JSON.
//
//   node scripts/generate-cli-docs.mjs           rewrites the page
//   node scripts/generate-cli-docs.mjs --check   fails when it is stale, writes nothing
import { readFile, writeFile } from 'node:fs/promises';

import prettier from 'prettier';

import { commandLine } from '../packages/cli/dist/src/command-line/command-line.js';
import { commandTree } from '../packages/cli/dist/src/command-line/command-tree.js';

const page = new URL('../docs/cli.md', import.meta.url);
const keys = JSON.parse(await readFile(new URL('../packages/cli/test/json-keys.json', import.meta.url), 'utf8'));
const program = commandTree(commandLine({ exitCode: 0, globals: {} }));

const escaped = (text) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
const sentence = (text) => escaped(text[0].toUpperCase() + text.slice(1));
const leaves = (node) => (node.commands.length === 0 ? [node] : node.commands.flatMap(leaves));
const anchor = ({ words }) => words.join('-');

function table(headings, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)].join('\n');
}

function optionRows(options) {
  return options.map(({ flags, description, choices, default: value }) => {
    const more = [
      choices.length > 0 ? `one of ${choices.map((each) => `\`${each}\``).join(', ')}` : '',
      value === null || value === '' ? '' : `default \`${value}\``,
    ].filter((each) => each !== '');
    return [`\`${flags.replaceAll('|', '\\|')}\``, [sentence(description), ...more].join('; ')];
  });
}

function section(node) {
  const { words, usage, description, arguments: taken, options } = node;
  const own = options.filter(({ isGlobal, names }) => !isGlobal && !names.includes('--help'));
  const kinds = Object.entries(keys[words.join(' ')] ?? {}).filter(([kind]) => kind !== 'error');
  return [
    `### ${words.join(' ')}`,
    `${sentence(description)}.`,
    `\`\`\`text\nhostcompute ${words.join(' ')}${usage === '' ? '' : ` ${usage}`}\n\`\`\``,
    ...(taken.some(({ description: text }) => text !== '')
      ? [
          table(
            ['Argument', 'What it is'],
            taken.map(({ name, description: text, choices }) => [
              `\`${name}\``,
              [
                sentence(text || name),
                ...(choices.length > 0 ? [choices.map((each) => `\`${each}\``).join(', ')] : []),
              ].join(': '),
            ]),
          ),
        ]
      : []),
    ...(own.length > 0 ? [table(['Option', 'What it does'], optionRows(own))] : []),
    ...kinds.map(
      ([kind, members]) =>
        `JSON \`${kind}\`: ${members
          .slice(1)
          .map((each) => `\`${each}\``)
          .join(', ')}.`,
    ),
  ].join('\n\n');
}

const groups = [...new Set(program.commands.map(({ group }) => group))];
const contents = groups.map((group) => [
  group.replace(/:$/, '') || 'More',
  program.commands
    .filter((each) => each.group === group)
    .flatMap(leaves)
    .map((each) => `[\`${each.words.join(' ')}\`](#${anchor(each)})`)
    .join(', '),
]);
const { options: globals } = program;

const text = `# The command line

The command \`hostcompute\`, of the package \`hostcompute-cli\`: containers on the Host Compute System of Windows, and on a simulated
host anywhere, where none runs. This page follows from the declared commands; \`hostcompute COMMAND --help\` prints the same.

${table(['', 'Commands'], contents)}

## Which host

\`--host windows\` is that of the machine, the default on Windows. \`--host simulated\` is the default elsewhere: the one that
\`hostcompute simulate\` serves in another terminal, or else one inside the command, which ends with it. A command says on stderr
that nothing really runs there. What has to last, such as a container that goes on running, needs the one that is served. Any other
value is the name at which a simulated host, or [a broker](broker.md), is served. \`HOSTCOMPUTE_HOST\` is as for
[the library](getting-started.md).

Images, layers and the records of containers are in the folder of \`--root\`, or of \`HOSTCOMPUTE_ROOT\`; by default
\`%ProgramData%\\hostcompute\` on Windows, and \`$XDG_DATA_HOME/hostcompute\` or \`~/.local/share/hostcompute\` elsewhere.

## Options of every command

They may be before the name of the command, or behind it.

${table(['Option', 'What it does'], optionRows(globals.filter(({ isGlobal }) => isGlobal)))}

## Exit codes

${table(
  ['Code', 'Means'],
  [
    [
      "the guest's own",
      '`run`, `exec` and `attach`: of Windows the whole 32 bits on Windows, elsewhere the low 8; `--json` has all',
    ],
    ['0', 'Done'],
    ['1', 'It failed'],
    ['2', 'What was typed is wrong'],
    ['124', 'The time of `--timeout` has passed'],
    ['125', 'The host, or a library of it, would not do it'],
    ['126', 'The program is not permitted in the system'],
    ['127', 'The program is not in the system'],
    ['128 + n', 'Ended by the signal n: 130 by Ctrl+C'],
  ],
)}

\`hostcompute explain 3221225786\` says what another code means.

## JSON

With \`--json\` stdout has JSON and nothing else: an object for a single thing, an object a line for lists. The first member is \`kind\`,
which says what the others are; what is not known is \`null\`. Times are RFC 3339 with milliseconds, sizes bytes, and members whose names
end in \`Ms\` milliseconds. Members are added in later versions, and none goes. A command that fails prints the text on stderr, and as
the last line of stdout an object of the kind \`error\`: ${keys['images load'].error
  .slice(1)
  .map((each) => `\`${each}\``)
  .join(', ')}. Progress is on stderr, and there is none with \`--json\`.

Windows PowerShell 5.1 reads the output of programs by another code page: \`--json=ascii\` escapes what is not ASCII.

## Copying files

\`hostcompute cp\` copies as Docker does. A file goes under the name that is given, or with its own into a folder that is there. A folder
becomes one of the name that is given, or goes with its own into a folder that is there; with \`/.\` behind it only what is in it goes
there. The folder above has to be there. \`-\` is a tar: \`hostcompute cp web:C:\\logs - | tar -t\`. A path of the container is absolute, or
meant from its root; a whole drive is none.

It runs the program \`tar\` in the container, as \`exec\` would: the container has to run, and its image to have the program, which Windows
has since version 1803, in nanoserver as well. \`--user\` is the account. What tar gets as arguments is read by the code page of the
container: until tar.exe takes UTF-8, a path that is typed with other letters may not be found, which is no matter below a folder.

What comes out is not trusted. Each entry is written below the destination and never through a link; \`..\`, absolute paths, and on Windows
devices and streams are refused, and the entry is named. A symbolic link is written if it leads below the destination, a hard link if
its file came before. A file, or a folder that was not there, has its name when all of it has come; into a folder that was there, file by
file. Permissions are not copied, and sparse files are. Ctrl+C ends tar in the container, and what it has written there stays.

The tar.exe of a real Windows was not met yet: this was tested with that of the simulated host.

## Terminals

Colour follows \`--color\`, \`NO_COLOR\` and \`FORCE_COLOR\`, and words say the same. Pulls and imports have bars of progress in a
terminal, and a line every 5 seconds in a pipe. In PowerShell, \`hostcompute completion powershell | Out-String | Invoke-Expression\`
completes commands and options; the same line of \`$PROFILE\` does it for every session.

${groups
  .map((group) =>
    [
      `## ${group.replace(/:$/, '') || 'More'}`,
      ...program.commands
        .filter((each) => each.group === group)
        .flatMap(leaves)
        .map(section),
    ].join('\n\n'),
  )
  .join('\n\n')}
`;

const fresh = await prettier.format(text, { ...(await prettier.resolveConfig(page)), parser: 'markdown' });
const present = await readFile(page, 'utf8').catch(() => '');
const count = program.commands.flatMap(leaves).length;
if (fresh === present.replaceAll('\r\n', '\n')) console.log(`docs/cli.md is up to date (${count} commands)`);
else if (process.argv.includes('--check')) {
  console.error('docs/cli.md is stale: run "npm run build && node scripts/generate-cli-docs.mjs"');
  process.exitCode = 1;
} else {
  await writeFile(page, fresh);
  console.log(`docs/cli.md written (${count} commands)`);
}
