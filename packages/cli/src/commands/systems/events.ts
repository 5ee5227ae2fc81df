/**
 * `events`: what the host notifies of.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises';

import { ComputeSystem, isHcsError } from 'hostcompute';
import { networkEvents } from 'hostcompute/network';

import type { Action } from '../../command-line/declare.js';
import type { Context } from '../../host/context.js';
import { openContext } from '../../host/context.js';
import type { Printed } from '../../output/output.js';
import { Output } from '../../output/output.js';
import { openSystem } from './open-system.js';

interface EventsOptions {
  readonly id?: readonly string[];
  readonly type?: readonly string[];
}

/** How often systems are looked for that have come: hosts do not notify of that. */
const lookMs = 500;

interface Notified {
  readonly type: string;
  readonly number: number;
  readonly status: number;
}

/** Prints notifications of systems and of the network service until it is ended. */
export const events: Action<EventsOptions> = async ({ options, globals }) => {
  const { id: ids = [], type: types = [] } = options;
  await using context = await openContext(globals, { lasting: true });
  const output = new Output(globals);
  const print = (
    source: 'system' | 'network',
    id: string | null,
    { type, number, status }: Notified,
    data: unknown,
  ): void => {
    if (types.length > 0 && !types.includes(type)) return;
    const time = new Date().toISOString();
    const shown = status === 0 ? null : `0x${status.toString(16).padStart(8, '0')}`;
    const printed: Printed = { kind: 'event', time, source, id, type, number, status: shown, data };
    output.one(printed, [[time, source, id ?? '-', type, shown].filter((word) => word !== null).join(' ')]);
  };
  // Those that are named have to be there.
  for (const id of ids) await (await openSystem(id, context)).close();
  const sources = [followSystems(ids, context, print)];
  if (ids.length === 0) sources.push(followNetworks(context, print));
  await Promise.all(sources);
};

type Print = (source: 'system' | 'network', id: string | null, notified: Notified, data: unknown) => void;

async function followNetworks({ host, signal }: Context, print: Print): Promise<void> {
  try {
    await using notified = networkEvents({ host, signal }).ref();
    for await (const event of notified) print('network', event.id ?? null, event, event.data ?? event.text ?? null);
  } catch (error) {
    // A host without networks has systems all the same.
    if (signal.aborted || !isHcsError(error) || error.code !== 'ERR_HC_SYMBOL') throw error;
  }
}

async function followSystems(ids: readonly string[], context: Context, print: Print): Promise<void> {
  const { host, owner, signal } = context;
  const followed = new Set<string>();
  const failures: unknown[] = [];
  const follow = async (id: string): Promise<void> => {
    try {
      await using system = await ComputeSystem.open(id, { host, signal });
      for await (const notification of system.notifications({ signal }))
        print('system', id, notification, parsed(notification.data));
    } catch (error) {
      if (!isHcsError(error) || error.code === 'ERR_HC_TIMEOUT') failures.push(error);
    } finally {
      followed.delete(id);
    }
  };
  while (!signal.aborted && failures.length === 0) {
    const found = await ComputeSystem.list(ids.length > 0 ? { Ids: ids } : { Owners: [owner] }, { host, signal });
    const alive = found.flatMap(({ Id, State }) => (Id !== undefined && State !== 'Stopped' ? [Id] : []));
    for (const id of alive.filter((each) => !followed.has(each))) {
      followed.add(id);
      void follow(id);
    }
    if (ids.length > 0 && followed.size === 0) return;
    await sleep(lookMs, undefined, { signal }).catch(() => undefined);
  }
  signal.throwIfAborted();
  throw failures[0];
}

function parsed(data: string | undefined): unknown {
  if (data === undefined) return null;
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return data;
  }
}
