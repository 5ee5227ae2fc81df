/**
 * What `run` takes, as it was typed, and the plan that it comes to.
 *
 * @module
 */
import { readFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';

import type { GlobalOptions } from '../../command-line/global-options.js';
import { nameAndValue, withoutDivider } from '../../command-line/words.js';
import { checkName, randomName } from '../../containers/names.js';
import type { RunPlan, Source } from '../../containers/plan.js';
import { usageFailure } from '../../failure.js';
import { ownerOf } from '../../host/context.js';
import { imagesFolder, rootFolder } from '../../host/root-folder.js';
import { consoleSize } from '../../terminal/console-size.js';
import { parseVolumes } from './volumes.js';

export interface RunOptions {
  readonly rm?: boolean;
  readonly detach?: boolean;
  readonly interactive?: boolean;
  readonly tty?: boolean;
  readonly env?: readonly string[];
  readonly workdir?: string;
  readonly user?: string;
  readonly volume?: readonly string[];
  readonly publish?: readonly string[];
  /** MiB. */
  readonly memory?: number;
  readonly cpus?: number;
  readonly isolation?: 'process' | 'hyperv';
  readonly net?: string;
  readonly name?: string;
  readonly label?: readonly string[];
  readonly pull?: 'missing' | 'always' | 'never';
  readonly layers?: readonly string[];
  readonly document?: string;
  readonly printDocument?: boolean;
}

/** Reads what was typed; nothing is asked of a host. */
export async function planOf(words: readonly string[], options: RunOptions, globals: GlobalOptions): Promise<RunPlan> {
  const root = rootFolder(globals);
  const { source, command } = await sourceOf(words, options, root);
  const { detach = false, interactive = false, publish = [], memory, cpus, workdir, user, name } = options;
  const { mounts, pipes } = parseVolumes(options.volume ?? []);
  return {
    id: name === undefined ? randomName() : checkName(name),
    owner: ownerOf(globals),
    root,
    source,
    command: withoutDivider(command),
    isolation: options.isolation ?? 'process',
    ...(memory !== undefined && { memoryMiB: memory }),
    ...(cpus !== undefined && { cpus }),
    mounts,
    pipes,
    network: source.kind === 'document' ? 'none' : networkOf(options.net, publish),
    ports: publish,
    env: environmentOf(options.env ?? []),
    ...(workdir !== undefined && { cwd: workdir }),
    ...(user !== undefined && { user }),
    labels: labelsOf(options.label ?? []),
    interactive,
    tty: ttyOf(options),
    detached: detach,
    // A detached one is kept, with its log, until `rm`.
    remove: !detach || options.rm === true,
  };
}

/** What describes a container, and has no meaning beside a whole document. */
const ofContainers = ['volume', 'publish', 'memory', 'cpus', 'isolation', 'net', 'layers', 'pull'] as const;

interface Words {
  readonly source: Source;
  readonly command: readonly string[];
}

async function sourceOf(words: readonly string[], options: RunOptions, root: string): Promise<Words> {
  const { document, layers } = options;
  if (document !== undefined) {
    const given = ofContainers.find((name) => options[name] !== undefined);
    if (given !== undefined)
      throw usageFailure(`--${given} and --document exclude each other`, 'The document has it all.');
    return { source: { kind: 'document', text: await readDocument(document) }, command: words };
  }
  if (layers !== undefined) return { source: layersOf(layers, root), command: words };
  const [image, ...command] = words;
  if (image === undefined || image === '--') {
    throw usageFailure('There is nothing to run', 'Name an image, or pass --layers ID,ID or --document FILE.');
  }
  // No name of an image is a path.
  if (isPath(image)) return { source: layersOf(image.split(','), root), command };
  return { source: { kind: 'image', reference: image }, command };
}

function isPath(text: string): boolean {
  return isAbsolute(text) || /^[A-Za-z]:[\\/]/.test(text) || text.startsWith('\\\\');
}

function layersOf(layers: readonly string[], root: string): Source {
  const store = join(imagesFolder(root), 'layers');
  const folders = layers.map((layer) => (isPath(layer) ? layer : join(store, layer)));
  const ofImage = folders.find((folder) => dirname(folder) === store && /^[\da-f]{64}$/i.test(basename(folder)));
  if (ofImage === undefined) return { kind: 'layers', folders };
  // Nothing would tell "images prune" that it is in use.
  throw usageFailure(
    `"${basename(ofImage)}" is a layer of images`,
    'Run the image, or import the layer under an id of its own.',
  );
}

async function readDocument(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw usageFailure(`${file} cannot be read: ${(error as Error).message}`, 'Name the file of a document.');
  }
}

// Without a word about it a container reaches the world, as those of Docker do.
function networkOf(net: string | undefined, publish: readonly string[]): string {
  if (net === 'none' && publish.length > 0) {
    throw usageFailure('A container without a network has no ports', 'Leave out -p, or --net none.');
  }
  return net ?? 'nat';
}

/** `NAME=VALUE`, or `NAME` for that of this program. */
export function environmentOf(given: readonly string[]): Record<string, string> {
  const env: Record<string, string> = {};
  for (const each of given) {
    const [name, given = process.env[name]] = nameAndValue('-e', each);
    if (given !== undefined) env[name] = given;
  }
  return env;
}

function labelsOf(given: readonly string[]): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const each of given) {
    const [name, value = ''] = nameAndValue('--label', each);
    labels[name] = value;
  }
  return labels;
}

/** Windows' own size, where there is no terminal. */
const usualSize = { columns: 80, rows: 25 };

export function ttyOf({ tty = false, interactive = false, detach = false }: RunOptions): RunPlan['tty'] {
  if (!tty) return null;
  if (interactive && !detach && !process.stdin.isTTY) {
    throw usageFailure('-t needs a terminal, and the input is none', 'Leave out -t.');
  }
  return consoleSize(process.stdout) ?? usualSize;
}
