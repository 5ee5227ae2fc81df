/**
 * The options that every command takes, before its name or behind it.
 *
 * @module
 */
import type { Command } from 'commander';
import { Option } from 'commander';

import { parseDuration } from './duration.js';

/** As they were given; what is absent was not. */
export interface GlobalOptions {
  /** `windows`, `simulated`, or where a host is served. */
  readonly host?: string;
  /** The owner of what is created, and of what is looked at. */
  readonly owner?: string;
  /** The folder of images and containers. */
  readonly root?: string;
  /** `ascii` for Windows PowerShell 5.1, which reads pipes by another code page. */
  readonly json?: true | 'ascii';
  /** Milliseconds. */
  readonly timeout?: number;
  readonly verbose?: boolean;
  readonly color?: 'auto' | 'always' | 'never';
}

// Commander takes what follows an option with an optional value for that value: this form is an option of its own.
const jsonAscii = '--json=ascii';

// One for all commands: to make them takes longer than the rest of what a command line needs.
const options = [
  new Option('--host <host>', 'one of windows and simulated, or the name at which a host is served'),
  new Option('--owner <name>', 'owner of what is created, and of what is looked at'),
  new Option('--root <folder>', 'folder of images and containers (HOSTCOMPUTE_ROOT)'),
  new Option('--json', 'print JSON'),
  new Option(jsonAscii, 'print JSON for Windows PowerShell 5.1'),
  new Option('--timeout <time>', 'how long it may take, such as 500ms, 30s or 2m').argParser(parseDuration),
  new Option('--verbose', 'print where a failure comes from'),
  new Option('--color <when>', 'when to colour').choices(['auto', 'always', 'never']),
].map((option) => option.helpGroup('Global options:'));

/** Those of the program and of each command, as people type them behind its name; a command that has others in it has none. */
export function addGlobalOptions(command: Command): void {
  const isGroup = command.parent !== null && command.commands.length > 0;
  if (isGroup || command.options.includes(options[0]!)) return;
  for (const option of options) command.addOption(option);
}

/** Adds them to whichever command is typed: the others are not worth the time. */
export function addGlobalOptionsLate(program: Command): void {
  for (const each of [program, ...program.commands.filter(({ commands }) => commands.length > 0)])
    each.hook('preSubcommand', (_, command) => addGlobalOptions(command));
}

/** Those of a command and of the program; its own count. */
export function globalOptions(command: Command): GlobalOptions {
  const given: Record<string, unknown> = command.parent === null ? {} : { ...globalOptions(command.parent) };
  for (const [name, value] of Object.entries(command.opts<Record<string, unknown>>())) given[name] = value;
  if (given['json=ascii'] === true) given.json = 'ascii';
  return given;
}

/** The same as words, for a command that runs another one. */
export function globalWords({ host, owner, root, json, timeout, verbose, color }: GlobalOptions): readonly string[] {
  const valued = { '--host': host, '--owner': owner, '--root': root, '--color': color };
  return [
    ...Object.entries(valued).flatMap(([name, value]) => (value === undefined ? [] : [name, value])),
    ...(json === undefined ? [] : [json === 'ascii' ? jsonAscii : '--json']),
    ...(timeout === undefined ? [] : ['--timeout', `${timeout}ms`]),
    ...(verbose === true ? ['--verbose'] : []),
  ];
}
