/**
 * `ps`: the systems of the host, and the containers that have ended.
 *
 * @module
 */
import type { SystemProperties } from 'hostcompute';
import { ComputeSystem } from 'hostcompute';

import type { Action } from '../../command-line/declare.js';
import type { KnownContainer } from '../../containers/container-folders.js';
import { ContainerFolders } from '../../containers/container-folders.js';
import { usageFailure } from '../../failure.js';
import type { Context } from '../../host/context.js';
import { openContext } from '../../host/context.js';
import { Output } from '../../output/output.js';

interface PsOptions {
  readonly all?: boolean;
  readonly quiet?: boolean;
  readonly allOwners?: boolean;
  readonly watch?: boolean;
  readonly filter?: readonly Filter[];
}

/** `type=Container`, `label=web` or `label=web=1`. */
export interface Filter {
  readonly key: 'type' | 'label' | 'state' | 'id';
  readonly value: string;
}

export const ps: Action<PsOptions> = async ({ options, globals }) => {
  const output = new Output(globals);
  if (options.watch === true && !output.isJson && !process.stdout.isTTY)
    throw usageFailure('--watch needs a terminal, and the output is none', 'Add --json for a line for each change.');
  await using context = await openContext(globals, { lasting: true });
  const look = async (): Promise<Row[]> =>
    (await containersOf(context, options)).filter((row) => (options.filter ?? []).every((each) => matches(row, each)));
  const show = (rows: readonly Row[]): void => print(output, rows, options);
  if (options.watch !== true) show(await look());
  else await (await import('./watch.js')).watch({ look, show, output, signal: context.signal });
};

function print(output: Output, rows: readonly Row[], { quiet, allOwners }: PsOptions): void {
  if (quiet === true && !output.isJson) {
    output.lines(rows.map(({ id }) => id));
    return;
  }
  output.list(rows, {
    NAME: ({ id }) => id,
    IMAGE: ({ image, type }) => image ?? type ?? '',
    COMMAND: ({ command }) => command?.join(' ') ?? '',
    CREATED: ({ created }) => created ?? '',
    STATE: ({ state, exitCode }) => (exitCode === null ? state : `${state} (${exitCode})`),
    ...(allOwners === true && { OWNER: ({ owner }: Row) => owner ?? '' }),
  });
}

type Row = ReturnType<typeof rowOf>;

async function containersOf(
  { root, owner, limits }: Context,
  { all = false, allOwners = false }: PsOptions,
): Promise<Row[]> {
  const [systems, known] = await Promise.all([
    ComputeSystem.list(allOwners ? {} : { Owners: [owner] }, limits),
    new ContainerFolders(root).list(),
  ]);
  const records = new Map(known.map((each) => [each.id, each]));
  const running = systems.flatMap((system) =>
    system.Id === undefined ? [] : [rowOf(system.Id, system, records.get(system.Id))],
  );
  if (!all) return running;
  const ids = new Set(running.map(({ id }) => id));
  const ended = known.filter(
    ({ id, record }) => !ids.has(id) && (allOwners || record === undefined || record.owner === owner),
  );
  return [...running, ...ended.map((each) => rowOf(each.id, undefined, each))];
}

function rowOf(id: string, system: SystemProperties | undefined, { state, record }: Partial<KnownContainer> = {}) {
  return {
    kind: 'container',
    id,
    state: system?.State ?? (state === 'running' ? 'Starting' : state === 'exited' ? 'Exited' : 'Left'),
    type: system?.SystemType ?? null,
    owner: system?.Owner ?? record?.owner ?? null,
    image: record?.image ?? null,
    command: record?.command ?? null,
    created: record?.created ?? null,
    detached: record?.detached ?? null,
    pid: record?.pid ?? null,
    exitCode: record?.exit?.exitCode ?? null,
    labels: record?.labels ?? {},
  };
}

function matches(row: Row, { key, value }: Filter): boolean {
  if (key === 'label') {
    const at = value.indexOf('=');
    const found = row.labels[at === -1 ? value : value.slice(0, at)];
    return at === -1 ? found !== undefined : found === value.slice(at + 1);
  }
  return row[key]?.toLowerCase() === value.toLowerCase();
}
