/**
 * What to run: in HCS's own spelling, or in a short form that becomes it.
 *
 * @module
 */
import type * as Schema1 from '../../types/schema1/index.js';
import type * as Schema2 from '../../types/schema2/index.js';
import { quoteCommandLine } from './command-line.js';
import { checkedText, documentText } from '../documents/document-text.js';
import { HcsArgumentError } from '../errors/errors.js';

/** `ProcessParameters` of schema 2 and `ProcessConfig` of schema 1, as the host takes them. */
export type ProcessParameters = Readonly<
  Schema2.ProcessParameters &
    Pick<Schema2.LcowProcessParameters, 'OciProcess'> &
    Pick<Schema1.ProcessConfig, 'CreateInUtilityVm' | 'OCISpecification'>
>;

/** `pipe`: a stream of Node. `ignore`: the process has none. */
export type ProcessStdio = 'pipe' | 'ignore';

/** A console of so many characters. */
export interface ConsoleSize {
  readonly rows: number;
  readonly columns: number;
}

/** What to run, in short. */
export interface ProcessCommand {
  /** One text as typed, or the program and its arguments, which are quoted (or passed as a list to a Linux guest). */
  readonly command: string | readonly string[];
  /** The working directory inside the guest. */
  readonly cwd?: string;
  /** Added to the guest's environment; members that are undefined are left out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The account inside the guest. */
  readonly user?: string;
  /** A console, of this size or the guest's usual one. There is no stderr then. */
  readonly tty?: boolean | ConsoleSize;
  /** For stdin, stdout and stderr; default `pipe` for each. */
  readonly stdio?: ProcessStdio | readonly [stdin?: ProcessStdio, stdout?: ProcessStdio, stderr?: ProcessStdio];
}

export type GuestOs = 'Windows' | 'Linux';

/** The document for the host. The guest is asked for only where the command depends on it. */
export async function parametersText(
  parameters: ProcessParameters | ProcessCommand | string,
  guestOs: () => Promise<GuestOs>,
): Promise<string> {
  const isCommand = typeof parameters === 'object' && (parameters as object | null) !== null && 'command' in parameters;
  if (typeof parameters === 'string' && !parameters.trimStart().startsWith('{')) {
    throw new HcsArgumentError(
      'parameters',
      'must be an object, or its JSON text',
      parameters,
      'Pass a command as { command }.',
    );
  }
  if (!isCommand) return documentText(parameters, 'parameters');
  const rest = readCommand(parameters);
  const { command } = parameters;
  if (typeof command === 'string') return documentText({ CommandLine: checkedCommand(command), ...rest }, 'parameters');
  const CommandArgs = Array.isArray(command) ? Array.from(command as readonly string[]) : command; // the caller's may change
  const CommandLine = quoteCommandLine(CommandArgs, 'parameters.command'); // checks them for either guest
  const line = (await guestOs()) === 'Linux' ? { CommandArgs } : { CommandLine };
  return documentText({ ...line, ...rest }, 'parameters');
}

function checkedCommand(command: string): string {
  if (checkedText(command, 'parameters.command').trim() !== '') return command;
  throw new HcsArgumentError('parameters.command', 'must be a non-empty string or array', command);
}

const members: ReadonlySet<string> = new Set(['command', 'cwd', 'env', 'user', 'tty', 'stdio']);

function readCommand(given: ProcessCommand): ProcessParameters {
  for (const name of Object.keys(given)) {
    if (members.has(name)) continue;
    throw new HcsArgumentError(
      `parameters.${name}`,
      `must not be given together with command, which goes with ${[...members].slice(1).join(', ')}`,
      (given as unknown as Record<string, unknown>)[name],
    );
  }
  const { cwd, env, user, tty = false, stdio = 'pipe' } = given;
  const [CreateStdInPipe, CreateStdOutPipe, CreateStdErrPipe] = readStdio(stdio);
  return {
    ...(cwd !== undefined && { WorkingDirectory: filled(cwd, 'cwd') }),
    ...(env !== undefined && { Environment: readEnvironment(env) }),
    ...(user !== undefined && { User: filled(user, 'user') }),
    ...readConsole(tty),
    CreateStdInPipe,
    CreateStdOutPipe,
    CreateStdErrPipe: CreateStdErrPipe && tty === false,
  };
}

function filled(text: unknown, name: string): string {
  const field = `parameters.${name}`;
  if (checkedText(text, field) === '') throw new HcsArgumentError(field, 'must be a non-empty string', text);
  return text as string;
}

function readEnvironment(given: unknown): Record<string, string> {
  const field = 'parameters.env';
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new HcsArgumentError(field, 'must be an object of names and values', given);
  }
  const environment = Object.create(null) as Record<string, string>; // a name may be __proto__
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    // Windows itself has names that begin with "=".
    if (name === '' || name.includes('=', 1)) {
      throw new HcsArgumentError(
        `${field}[${JSON.stringify(name)}]`,
        'must have a name that is not empty and contains no "=" after its first character',
        value,
      );
    }
    environment[checkedText(name, field)] = checkedText(value, `${field}.${name}`);
  }
  return environment;
}

function readStdio(given: unknown): [boolean, boolean, boolean] {
  const each: readonly unknown[] = Array.isArray(given) ? given : [given, given, given];
  const wanted = [0, 1, 2].map((index) => {
    const value = each[index] ?? 'pipe';
    if (value === 'pipe' || value === 'ignore') return value === 'pipe';
    const field = Array.isArray(given) ? `parameters.stdio[${index}]` : 'parameters.stdio';
    throw new HcsArgumentError(field, 'must be "pipe" or "ignore"', value);
  });
  if (each.length > 3)
    throw new HcsArgumentError('parameters.stdio', 'must have at most three elements: stdin, stdout, stderr', given);
  return wanted as [boolean, boolean, boolean];
}

function readConsole(tty: unknown): ProcessParameters {
  if (tty === false) return {};
  if (tty === true) return { EmulateConsole: true };
  if (typeof tty !== 'object' || tty === null) {
    throw new HcsArgumentError('parameters.tty', 'must be a boolean or { rows, columns }', tty);
  }
  const { rows, columns } = tty as Partial<Record<keyof ConsoleSize, unknown>>;
  const height = checkedSide(rows, 'parameters.tty.rows');
  return { EmulateConsole: true, ConsoleSize: [height, checkedSide(columns, 'parameters.tty.columns')] };
}

/** The height or width of a console, as HCS can carry it. */
export function checkedSide(value: unknown, field: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 0xffff) return value;
  throw new HcsArgumentError(field, 'must be a whole number from 1 to 65535', value);
}
