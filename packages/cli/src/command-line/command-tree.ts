/**
 * The declared commands as data, for what is generated from them.
 *
 * @module
 */
import type { Command, Option } from 'commander';

import { addGlobalOptions } from './global-options.js';

export interface CommandNode {
  /** Behind the name of the program: `layers import`; empty for the program itself. */
  readonly words: readonly string[];
  readonly aliases: readonly string[];
  readonly group: string;
  readonly description: string;
  readonly usage: string;
  readonly arguments: readonly {
    readonly name: string;
    readonly description: string;
    readonly choices: readonly string[];
  }[];
  /** Its own, without those that every command has. */
  readonly options: readonly OptionNode[];
  readonly commands: readonly CommandNode[];
}

export interface OptionNode {
  readonly flags: string;
  /** `-e`, `--env`, as they can be typed. */
  readonly names: readonly string[];
  readonly takesValue: boolean;
  readonly choices: readonly string[];
  readonly description: string;
  readonly default: string | null;
  readonly isGlobal: boolean;
}

const globalGroup = 'Global options:';

/** What of a command can be seen. */
export function commandTree(command: Command, words: readonly string[] = []): CommandNode {
  addGlobalOptions(command);
  const help = command.createHelp();
  const all = help.visibleOptions(command).map((option) => optionNode(option));
  return {
    words,
    aliases: command.aliases(),
    group: command.helpGroup(),
    description: command.description(),
    usage: command.usage(),
    arguments: command.registeredArguments.map((argument) => ({
      name: argument.name(),
      description: argument.description,
      choices: argument.argChoices ?? [],
    })),
    options: all,
    commands: help
      .visibleCommands(command)
      .filter((each) => each.name() !== 'help')
      .map((each) => commandTree(each, [...words, each.name()])),
  };
}

function optionNode(option: Option): OptionNode {
  const { short, long } = option;
  const defaultValue: unknown = option.defaultValue;
  const isShown = typeof defaultValue === 'string' || typeof defaultValue === 'number';
  return {
    flags: option.flags,
    names: [short, long].filter((each) => each !== undefined),
    takesValue: option.required || option.optional,
    choices: option.argChoices ?? [],
    description: option.description,
    default: option.defaultValueDescription ?? (isShown ? String(defaultValue) : null),
    isGlobal: option.helpGroupHeading === globalGroup,
  };
}
