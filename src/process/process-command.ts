/**
 * What createProcess() and exec() take: a command in one of three forms, or HCS's own document. All forms become one
 * request, which remembers how errors name its parts.
 *
 * @module
 */
import type * as Schema1 from '../../types/schema1/index.js';
import type * as Schema2 from '../../types/schema2/index.js';
import type { HcsDocument } from '../documents/document-text.js';
import { nearest } from '../documents/nearest.js';
import { HcsArgumentError } from '../errors/errors.js';
import type { OperationOptions } from '../host/operation-options.js';
import { readOperationOptions } from '../host/operation-options.js';
import { readOptions } from '../known-options.js';

/** `ProcessParameters` of schema 2 and `ProcessConfig` of schema 1, as the host takes them. */
export type ProcessParameters = Readonly<
  Schema2.ProcessParameters &
    Pick<Schema2.LcowProcessParameters, 'OciProcess'> &
    Pick<Schema1.ProcessConfig, 'CreateInUtilityVm' | 'OCISpecification'>
>;

/** `pipe`: a stream of Node. `ignore`: the process has no such stream, and the property is null. */
export type ProcessStdio = 'pipe' | 'ignore';

/** One mode for all streams, or one each for stdin, stdout and stderr, where what is left out is `pipe`. */
export type ProcessStdioOption =
  ProcessStdio | readonly [stdin?: ProcessStdio, stdout?: ProcessStdio, stderr?: ProcessStdio];

/** The size of a console in characters. */
export interface ConsoleSize {
  readonly rows: number;
  readonly columns: number;
}

/** Whether the process has a console, and of which size. */
export type ProcessTtyOption = boolean | ConsoleSize;

/** How a command runs in the guest. */
export interface ProcessOptions<
  Stdio extends ProcessStdioOption = ProcessStdioOption,
  Tty extends ProcessTtyOption = ProcessTtyOption,
> extends OperationOptions {
  /** The working directory in the guest. */
  readonly cwd?: string;
  /** Added to the guest's environment; members that are undefined are left out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The account in the guest. */
  readonly user?: string;
  /** A console, of this size or of the guest's default size. All output is on stdout then, and stderr is null. */
  readonly tty?: Tty;
  /** For stdin, stdout and stderr; default `pipe` for each. */
  readonly stdio?: Stdio;
}

/** A command line, or a program with its arguments, but not both. */
export type CommandOrFile =
  | {
      /** A command line as typed, or the program and its arguments. */
      readonly command: string | readonly string[];
      readonly file?: undefined;
      readonly args?: undefined;
    }
  | {
      readonly command?: undefined;
      /** The program. */
      readonly file: string;
      /** Its arguments, which are quoted for a Windows guest and passed as a list to a Linux guest. */
      readonly args?: readonly string[];
    };

/** A command with all its options, in one object. */
export type ProcessCommand<
  Stdio extends ProcessStdioOption = ProcessStdioOption,
  Tty extends ProcessTtyOption = ProcessTtyOption,
> = CommandOrFile & ProcessOptions<Stdio, Tty>;

/** A command whose form is known and whose values are not validated yet. */
export interface CommandRequest {
  readonly given: Readonly<Record<string, unknown>>;
  /** How errors name a member. */
  readonly fieldOf: (name: string) => string;
  readonly options: OperationOptions;
}

/** HCS's own document. */
export interface DocumentRequest {
  readonly document: HcsDocument;
  /** The options that are not part of the document. */
  readonly given: Readonly<Record<string, unknown>>;
  readonly fieldOf: (name: string) => string;
  readonly options: OperationOptions;
}

/** What to run. */
export type ProcessRequest = CommandRequest | DocumentRequest;

const documentMembers: readonly string[] = Object.keys({
  ApplicationName: true,
  CommandLine: true,
  CommandArgs: true,
  User: true,
  WorkingDirectory: true,
  Environment: true,
  RestrictedToken: true,
  EmulateConsole: true,
  CreateStdInPipe: true,
  CreateStdOutPipe: true,
  CreateStdErrPipe: true,
  ConsoleSize: true,
  UseExistingLogin: true,
  UseLegacyConsole: true,
  OciProcess: true,
  CreateInUtilityVm: true,
  OCISpecification: true,
} satisfies Readonly<Record<keyof ProcessParameters, true>>);

type Members = Readonly<Record<string, unknown>>;

const operationMembers = ['signal', 'timeoutMs'];
const optionMembers = ['cwd', 'env', 'user', 'tty', 'stdio'];
const commandMembers = ['command', 'file', 'args'];

/**
 * Reads `(command, options?)`, `(file, args, options?)`, `(object, options?)` or `(json, options?)`. `more` are the options
 * of the operation itself.
 */
export function readProcessArguments(
  [what, second, third]: readonly unknown[],
  more: readonly string[] = [],
): ProcessRequest {
  const outside = [...operationMembers, ...more];
  if (typeof what === 'string' && (Array.isArray(second) || third !== undefined)) {
    if (isJson(what)) throw new HcsArgumentError('args', 'must not be passed with a JSON document', second, inDocument);
    if (!Array.isArray(second)) throw new HcsArgumentError('args', 'must be an array of strings', second);
    const options = membersOf(third, 'options', [...optionMembers, ...outside]);
    return commandRequest({ ...options, file: what, args: second }, nameOfArgument);
  }
  if (typeof what === 'string' && !isJson(what)) {
    const options = membersOf(second, 'options', [...optionMembers, ...outside]);
    return commandRequest({ ...options, command: what }, nameOfArgument);
  }
  const given = membersOf(second, 'options', outside);
  if (typeof what === 'string')
    return { document: what, given, fieldOf: nameOfArgument, options: operationOptions(given) };
  if (typeof what !== 'object' || what === null || Array.isArray(what)) {
    throw new HcsArgumentError(
      'parameters',
      "must be a command, an object in HCS's own spelling, or its JSON text",
      what,
    );
  }
  const known = [...commandMembers, ...optionMembers, ...outside];
  if (!known.some((name) => name in what)) {
    checkSpelling(what, known);
    return { document: what, given, fieldOf: nameOfArgument, options: operationOptions(given) };
  }
  const members = membersOf(what, 'parameters', known);
  for (const [name, value] of Object.entries(given)) {
    if (name in members) throw new HcsArgumentError(`options.${name}`, 'must not be passed twice', value);
  }
  return commandRequest({ ...members, ...given }, (name) => `${name in given ? 'options' : 'parameters'}.${name}`);
}

const inDocument =
  'A document has its arguments in CommandLine or CommandArgs, and its options are the second argument.';

function isJson(text: string): boolean {
  return text.trimStart().startsWith('{');
}

// Every member of HCS begins with a capital letter: what does not is a misspelt one, or a misspelt option. Newer members than
// are known here pass.
function checkSpelling(document: object, options: readonly string[]): void {
  for (const name of Object.keys(document)) {
    if (!/^[a-z]/.test(name)) continue;
    const spelt = documentMembers.find((member) => member.toLowerCase() === name.toLowerCase());
    const meant = spelt ?? nearest(name, [...options, ...documentMembers]);
    const remedy = meant === undefined ? `There are ${commandMembers.join(', ')}.` : `Did you mean ${meant}?`;
    throw new HcsArgumentError(
      `parameters.${name}`,
      "must be an option, or a member in HCS's own spelling",
      (document as Members)[name],
      remedy,
    );
  }
}

function nameOfArgument(name: string): string {
  return commandMembers.includes(name) ? name : `options.${name}`;
}

function commandRequest(given: Members, fieldOf: (name: string) => string): CommandRequest {
  return { given, fieldOf, options: operationOptions(given) };
}

// Members that are undefined count as absent.
function membersOf(value: unknown, field: string, known: readonly string[]): Members {
  return value === undefined ? {} : (readOptions(value, known, field) as Members);
}

function operationOptions({ signal, timeoutMs }: Members): OperationOptions {
  const options = { ...(signal !== undefined && { signal }), ...(timeoutMs !== undefined && { timeoutMs }) };
  return readOperationOptions(options as OperationOptions);
}
