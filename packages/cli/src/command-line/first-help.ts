/**
 * The help of the program itself, which is all that somebody sees who types its name alone: it fits a terminal of 24 lines.
 *
 * @module
 */
import type { Command } from 'commander';

const width = 80;

export function firstHelp(program: Command): string {
  const help = program.createHelp();
  const commands = help.visibleCommands(program).filter((command) => command.name() !== 'help');
  const groups = [...new Set(commands.map((command) => command.helpGroup()))];
  const indent = Math.max(...groups.map((group) => group.length)) + 2;
  const lines = groups.flatMap((group) => {
    const names = commands.filter((command) => command.helpGroup() === group).map((command) => command.name());
    return filled(names, group.padEnd(indent), ' '.repeat(indent));
  });
  const options = help.visibleOptions(program).flatMap(({ long }) => long ?? []);
  return `${[
    `Usage: ${program.name()} COMMAND [...]`,
    '',
    ...filled(program.description().split(' '), '', ''),
    '',
    ...lines,
    '',
    ...filled(options, 'Options:'.padEnd(indent), ' '.repeat(indent)),
    '',
    'For what a command takes:  hostcompute COMMAND --help',
    'To begin without Windows:  hostcompute simulate      in another terminal',
  ].join('\n')}\n`;
}

/** Words with blanks between them, in as many lines as they need. */
function filled(words: readonly string[], first: string, further: string): string[] {
  const lines: string[] = [];
  let line = first;
  for (const [index, word] of words.entries()) {
    const isFull = line.length + 1 + word.length > width;
    if (isFull) lines.push(line);
    const begins = index === 0 || isFull;
    line = begins ? `${isFull ? further : first}${word}` : `${line} ${word}`;
  }
  return [...lines, line];
}
