/**
 * The document that HCS takes for a process, made from a command.
 *
 * @module
 */
import { checkedText, documentText } from '../documents/document-text.js';
import { HcsArgumentError } from '../errors/errors.js';
import { readOptions } from '../known-options.js';
import { quoteWords } from '../documents/command-line.js';
import { isDoubtful, oneOfEachName, readEnvironment, warnOf, warnOfDocument } from './environment.js';
import type { CommandRequest, ConsoleSize, ProcessParameters, ProcessRequest } from './process-command.js';

/** The operating system of a guest. */
export type GuestOs = 'Windows' | 'Linux';

/** The document for the host. `guestOs` is called only where the document depends on it. */
export async function parametersText(request: ProcessRequest, guestOs: () => Promise<GuestOs>): Promise<string> {
  if ('document' in request) {
    const text = documentText(request.document, 'parameters');
    await warnOfDocument(text, 'parameters');
    return text;
  }
  let options = membersOf(request);
  const line = readCommand(request);
  const { Environment: environment } = options;
  if (environment !== undefined && isDoubtful(environment) && (await guestOs()) === 'Windows') {
    await warnOf(environment, request.fieldOf('env'));
    options = { ...options, Environment: oneOfEachName(environment) };
  }
  if (typeof line === 'string') return documentText({ CommandLine: line, ...options }, 'parameters');
  const CommandLine = quoteWords(line.words, line.fieldOf); // validates them for either guest
  const command = (await guestOs()) === 'Linux' ? { CommandArgs: line.words } : { CommandLine };
  return documentText({ ...command, ...options }, 'parameters');
}

interface Words {
  readonly words: readonly unknown[];
  readonly fieldOf: (index: number) => string;
}

function readCommand({ given: { command, file, args }, fieldOf }: CommandRequest): string | Words {
  if (file !== undefined) {
    if (command !== undefined) {
      throw new HcsArgumentError(fieldOf('file'), `must not be passed together with ${fieldOf('command')}`, file);
    }
    if (args !== undefined && !Array.isArray(args)) {
      throw new HcsArgumentError(fieldOf('args'), 'must be an array of strings', args);
    }
    const words: unknown[] = [file, ...((args ?? []) as unknown[])];
    return { words, fieldOf: (index) => (index === 0 ? fieldOf('file') : `${fieldOf('args')}[${index - 1}]`) };
  }
  if (args !== undefined)
    throw new HcsArgumentError(fieldOf('args'), `must be passed with ${fieldOf('file')} only`, args);
  const field = fieldOf('command');
  const words = Array.isArray(command) ? Array.from(command as unknown[]) : [];
  if (words.length > 0) return { words, fieldOf: (index) => `${field}[${index}]` };
  if (typeof command === 'string' && command.trim() !== '') return checkedText(command, field);
  throw new HcsArgumentError(field, 'must be a non-empty string or array of strings', command);
}

function membersOf({ given, fieldOf }: CommandRequest): ProcessParameters {
  const { cwd, env, user, tty = false, stdio = 'pipe' } = given;
  const [CreateStdInPipe, CreateStdOutPipe, CreateStdErrPipe] = readStdio(stdio, fieldOf('stdio'));
  return {
    ...(cwd !== undefined && { WorkingDirectory: nonEmpty(cwd, fieldOf('cwd')) }),
    ...(env !== undefined && { Environment: readEnvironment(env, fieldOf('env')) }),
    ...(user !== undefined && { User: nonEmpty(user, fieldOf('user')) }),
    ...readConsole(tty, fieldOf('tty')),
    CreateStdInPipe,
    CreateStdOutPipe,
    CreateStdErrPipe: CreateStdErrPipe && tty === false,
  };
}

function nonEmpty(text: unknown, field: string): string {
  if (text === '') throw new HcsArgumentError(field, 'must be a non-empty string', text);
  return checkedText(text, field);
}

function readStdio(given: unknown, field: string): [boolean, boolean, boolean] {
  const each: readonly unknown[] = Array.isArray(given) ? Array.from(given as unknown[]) : [given, given, given];
  if (each.length > 3) {
    throw new HcsArgumentError(field, 'must have at most three elements: stdin, stdout, stderr', given);
  }
  const piped = [0, 1, 2].map((index) => {
    const mode = each[index] === undefined ? 'pipe' : each[index];
    if (mode === 'pipe' || mode === 'ignore') return mode === 'pipe';
    throw new HcsArgumentError(Array.isArray(given) ? `${field}[${index}]` : field, 'must be "pipe" or "ignore"', mode);
  });
  return piped as [boolean, boolean, boolean];
}

function readConsole(tty: unknown, field: string): ProcessParameters {
  if (tty === false) return {};
  if (tty === true) return { EmulateConsole: true };
  if (typeof tty !== 'object' || tty === null) {
    throw new HcsArgumentError(field, 'must be a boolean or { rows, columns }', tty);
  }
  const { rows, columns }: Partial<Record<keyof ConsoleSize, unknown>> = readOptions(tty, ['rows', 'columns'], field);
  return {
    EmulateConsole: true,
    ConsoleSize: [checkedSide(rows, `${field}.rows`), checkedSide(columns, `${field}.columns`)],
  };
}

/** The height or width of a console, in the range that HCS has. */
export function checkedSide(value: unknown, field: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 0xffff) return value;
  throw new HcsArgumentError(field, 'must be a whole number from 1 to 65535', value);
}
