/**
 * What was typed wrong: what to type in its place, where it is known from Docker, and the same as JSON.
 *
 * @module
 */
import type { Command, CommanderError } from 'commander';

import type { Failure } from '../failure.js';
import { usageFailure } from '../failure.js';
import type { GlobalOptions } from './global-options.js';
import { globalOptions } from './global-options.js';

const seeHelp = 'Add --help for what it takes.';

const dockerCommands: Readonly<Record<string, string>> = {
  build: 'Build images with Docker or BuildKit, and "hostcompute images load" what they save.',
  commit: 'Type "hostcompute layers commit".',
  container: 'Leave the word out: "hostcompute run", "hostcompute ps", "hostcompute rm".',
  create: 'Type "hostcompute run -d", which starts it as well.',
  doctor: 'Type "hostcompute version" for what the host can do.',
  history: 'Type "hostcompute images inspect".',
  image: 'Type "hostcompute images".',
  import: 'Type "hostcompute images load", or "hostcompute layers import" for a layer.',
  info: 'Type "hostcompute version".',
  layer: 'Type "hostcompute layers".',
  load: 'Type "hostcompute images load".',
  login: 'What "docker login" has stored is used; see --registry-auth-stdin of "hostcompute pull".',
  network: 'Type "hostcompute networks".',
  port: 'Type "hostcompute inspect".',
  push: 'Type "hostcompute images save", and push that with another tool.',
  restart: 'Type "hostcompute rm -f", and "hostcompute run -d".',
  rmi: 'Type "hostcompute images rm".',
  start: 'A container that has ended does not start again: type "hostcompute run -d".',
  system: 'Type "hostcompute reap", and "hostcompute images prune".',
  tag: 'Type "hostcompute images tag".',
  volume: 'Folders of the host are volumes: "hostcompute run -v".',
  wait: 'Type "hostcompute attach --no-stdin", which ends with its exit code.',
};

const dockerOptions: Readonly<Record<string, string>> = {
  '--entrypoint': 'Write the program behind the image.',
  '--env-file': 'Write -e for each variable.',
  '--network': 'Type --net.',
  '--version': 'Type "hostcompute version".',
  '-V': 'Type "hostcompute version".',
  '-v': 'Type "hostcompute version".',
};

function insteadOf(message: string): string | undefined {
  const command = /unknown command '(.*)'/.exec(message)?.[1];
  if (command !== undefined && Object.hasOwn(dockerCommands, command)) return dockerCommands[command];
  const required = /required option '(.*)' not specified/.exec(message)?.[1];
  if (required !== undefined) return `Add ${required.replace(/^-\w, /, '')}.`;
  const option = /unknown option '([^'=]*)/.exec(message)?.[1];
  return option !== undefined && Object.hasOwn(dockerOptions, option) ? dockerOptions[option] : undefined;
}

/** As commander prints it, without a guess where we know better. */
export function printedUsageError(text: string): string {
  const instead = insteadOf(text);
  return instead === undefined ? text : `${text.split('\n')[0]}\n${instead}\n`;
}

/** For `--json`, as it has been printed for people. */
export function usageFailureOf({ message }: CommanderError): Failure {
  const [first = '', ...guess] = message.replace(/^error: /, '').split('\n');
  const guessed = guess.join(' ').replace(/^\((.*)\)$/, '$1');
  return usageFailure(first.replace(/\.$/, ''), insteadOf(message) ?? (guessed === '' ? seeHelp : guessed));
}

/** What had been understood when parsing ended: options of whichever command it was. */
export function globalsSoFar(command: Command): GlobalOptions {
  return command.commands.reduce<GlobalOptions>(
    (before, each) => ({ ...before, ...globalsSoFar(each) }),
    globalOptions(command),
  );
}
