// What the commands of the documentation come down to.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

type Manifest = Readonly<Record<'scripts' | 'bin', Readonly<Record<string, string>>>>;
const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
export const { scripts } = manifestOf('.');

// The commands of all packages here.
const commands = new Map(
  ['.', 'packages/broker'].flatMap((folder) =>
    Object.entries(manifestOf(folder).bin).map(([name, file]) => [name, join(folder, file)] as const),
  ),
);

// Of other programs, which the reader has.
const ofOthers = [
  /^npm (ci|install( -D)?( \S+)+|pack)$/,
  /^git clone \S+$/,
  /^cd \S+$/,
  /^npx (tsc|esbuild)( \S+)*$/,
  /^cp \S+ \S+$/,
  /^node \w+\.\w+$/,
];

export interface ShellCommand {
  readonly known: boolean;
  /** The source of the program of this package that it starts. */
  readonly program?: string;
  /** Options of that program, without their dashes. */
  readonly flags: readonly string[];
  /** What a test can start instead: the compiled program and its arguments. Undefined when it takes long. */
  readonly runs?: readonly string[];
}

/** The single commands of a block, without comments. */
export function commandsOf(code: string): string[] {
  return code
    .split('\n')
    .flatMap((line) => line.replace(/(^| )#.*/, '').split('&&'))
    .map((command) => command.trim())
    .filter((command) => command !== '');
}

export function programOf(command: string): ShellCommand {
  const words = command.split(/\s+/).filter((word) => !/^[A-Z_]+=/.test(word));
  const [tool, first = '', ...rest] = words;
  const flags = words.filter((word) => word.startsWith('--') && word !== '--').map((word) => word.slice(2));
  if (ofOthers.some((pattern) => pattern.test(words.join(' ')))) return { known: true, flags: [] };
  if (tool === 'node') return programAt(first, flags, rest);
  const started = tool === 'npx' ? commands.get(first) : undefined;
  if (started !== undefined) return programAt(started, flags, rest);
  const [name = '', ...more] = first === 'run' ? rest : [first, ...rest];
  const script = tool === 'npm' ? scripts[name] : undefined;
  if (script === undefined) return { known: false, flags };
  const ofScript = / ?node (?:--\S+ )*(\S+)[^&]*$/.exec(script)?.[1];
  return ofScript === undefined ? { known: true, flags: [] } : programAt(ofScript, flags, more.slice(1));
}

function programAt(file: string, flags: readonly string[], args: readonly string[]): ShellCommand {
  const program = file.replace(/^build\/(.*)\.js$/, '$1.ts');
  const found = { known: true, program, flags };
  if (file === 'out/bench/start.js') return { ...found, runs: [file, ...args, '--count', '2', '--warmup', '0'] };
  if (file.startsWith('out/examples/')) return { ...found, runs: [file, ...args] };
  return found;
}
