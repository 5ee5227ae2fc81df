/**
 * The process of an OCI image: what its configuration says to run, as Docker and containerd run it.
 *
 * @module
 */
import { notShown } from '../../errors/errors.js';
import { given } from '../builders/envelope.js';
import type { Members } from '../builders/option-checks.js';
import { anyText, checkedOptions, list, members, plain, text } from '../builders/option-checks.js';
import { quoteArgument } from '../command-line.js';
import { variableKey } from '../variables.js';
import { Config } from './config.js';

/** What goes before the configuration of the image. */
export interface ImageProcessOptions {
  /** In place of `Cmd`: the arguments of the entry point, or the command where there is none. */
  readonly args?: readonly string[];
  /** In place of `Entrypoint`, and of `Cmd`, which belongs to the entry point of the image. `[]` for none. */
  readonly entrypoint?: readonly string[];
  /** Added to `Env`, or in place of what has the same name there; undefined takes a variable out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** In place of `WorkingDir`. */
  readonly cwd?: string;
  /** In place of `User`. */
  readonly user?: string;
}

/** What `createProcess()` and `exec()` take, to which `tty`, `stdio` and the like may be added. */
export interface ImageProcess {
  /** A command line that is passed on as it is, or the program and its arguments. */
  readonly command: string | readonly string[];
  readonly cwd: string;
  readonly user?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const checks: Members<ImageProcessOptions> = {
  args: list(anyText),
  entrypoint: list(anyText),
  env: (value, field) => {
    plain(value, field);
    for (const [name, variable] of Object.entries(value as object)) {
      if (variable !== undefined) anyText(variable, `${field}[${JSON.stringify(name)}]`);
    }
  },
  cwd: text,
  user: text,
};

const check = members<ImageProcessOptions>(checks);

/**
 * The process that an OCI image describes: its entry point with `Cmd` or your own arguments, its environment with yours, its
 * user and its working directory. The command line of a Windows image with `ArgsEscaped` is taken as it is: its words are
 * joined, and only yours are quoted.
 *
 * Names of variables are compared without case for a Windows image. Of variables of one name the last one in `Env` counts, and
 * yours before those.
 *
 * @example
 * const image = { os: 'windows', config: { Entrypoint: ['ping'], Cmd: ['localhost'] } };
 * await system.createProcess({ ...documents.processFromOciImage(image, { args: ['-n', '1', 'localhost'] }), tty: true });
 *
 * @param image - the configuration of the image: what the `config` of its manifest holds
 * @throws HcsArgumentError for a configuration without a command, or of another form; `field` is the path, such as
 *   `image.config.Env[2]`
 */
export function processFromOciImage(image: object, options: ImageProcessOptions = {}): ImageProcess {
  options = checkedOptions(options, check);
  const config = new Config(image, 'image', 'the configuration of an image');
  const windows = isWindows(config);
  const env = environmentOf(config, options, windows);
  return {
    command: commandOf(config, options, windows),
    cwd: options.cwd ?? config.text('config', 'WorkingDir') ?? (windows ? 'C:\\' : '/'),
    ...given('user', options.user ?? config.text('config', 'User')),
    ...given('env', Object.keys(env).length > 0 ? env : undefined),
  };
}

function isWindows(config: Config): boolean {
  const os = config.text('os') ?? 'windows';
  if (os === 'windows' || os === 'linux') return os === 'windows';
  throw config.error(['os'], 'must be "windows" or "linux"', os);
}

function commandOf(config: Config, options: ImageProcessOptions, windows: boolean): string | readonly string[] {
  const own = options.entrypoint === undefined;
  const ofImage = own ? config.words('config', 'Entrypoint') : [];
  const byDefault = own && options.args === undefined ? config.words('config', 'Cmd') : [];
  const ready = [...ofImage, ...byDefault];
  const yours = [...(options.entrypoint ?? []), ...(options.args ?? [])];
  if (ready.length + yours.length === 0) {
    const remedy = 'Pass args: the image has neither Entrypoint nor Cmd.';
    throw config.error(['config', 'Cmd'], 'must have a command', notShown, remedy);
  }
  const escaped = config.flag('config', 'ArgsEscaped') && windows && ready.length > 0;
  return escaped ? [...ready, ...yours.map(quoteArgument)].join(' ') : [...ready, ...yours];
}

function environmentOf(config: Config, options: ImageProcessOptions, windows: boolean): Record<string, string> {
  const variables = new Map<string, readonly [name: string, value: string]>();
  const keyOf = (name: string): string => (windows ? variableKey(name) : name);
  for (const [index, entry] of config.words('config', 'Env').entries()) {
    const end = entry.indexOf('=', 1); // Windows itself has names that begin with "="
    if (end === -1) throw config.error(['config', 'Env', index], 'must have the form NAME=value', entry);
    const name = entry.slice(0, end);
    variables.set(keyOf(name), [name, entry.slice(end + 1)]);
  }
  for (const [name, value] of Object.entries(options.env ?? {})) {
    if (value === undefined) variables.delete(keyOf(name));
    else variables.set(keyOf(name), [name, value]);
  }
  const environment = Object.create(null) as Record<string, string>; // a name may be __proto__
  for (const [name, value] of variables.values()) environment[name] = value;
  return environment;
}
