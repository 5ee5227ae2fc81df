// This machine answers: Windows by the addon, files and the environment by Node, systems and networks by a host of this package.
import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

import { inspect as native } from './native-inspect.js';
import { Host } from '../host/host.js';
import { ComputeSystem } from '../system/compute-system.js';
import type { Answer, Answers, Json } from './answer.js';
import { errorAnswer } from './error-answer.js';
import type { FileValue, NetworksValue, SystemsValue } from './questions.js';

/** Answers a question of the machine by the addon: the text of an {@link Answer}. */
export type Inspect = (question: string, signal: AbortSignal) => Promise<string>;

export interface MachineOptions {
  readonly host: Host | undefined;
  /** Default: the addon's, which off Windows says so. */
  readonly inspect?: Inspect;
}

/** Answers that have opened a host. */
export interface Machine extends Answers {
  /** The host that systems and networks are asked of. */
  open(): Promise<Host>;
  close(): Promise<void>;
}

/** What the close of a host waits for calls that are hung. */
const closeMs = 100;

export function thisMachine({ host, inspect = native }: MachineOptions): Machine {
  let opened: Promise<Host> | undefined;
  const open = (): Promise<Host> => (host === undefined ? (opened ??= Host.open()) : Promise.resolve(host));
  const kinds: Readonly<Record<string, (about: string, signal: AbortSignal) => Promise<Json>>> = {
    file: async (path) => fileValue(await stat(path)),
    environment: (name) => Promise.resolve(process.env[name] ?? null),
    systems: async (_, signal) => systemsOf(await open(), signal),
    networks: async (_, signal) => networksOf(await open(), signal),
    host: async () => ({ kind: (await open()).kind }),
  };
  return {
    open,
    async ask(question, signal) {
      const [kind, about] = splitOnce(question);
      if (!Object.hasOwn(kinds, kind)) return JSON.parse(await inspect(question, signal)) as Answer;
      try {
        return { value: await kinds[kind]!(about, signal) };
      } catch (error) {
        signal.throwIfAborted();
        return errorAnswer(error, question);
      }
    },
    async close() {
      if (opened === undefined) return;
      const closing = opened.then((own) => own.close({ timeoutMs: closeMs })).catch(() => undefined);
      const waited = new AbortController();
      const { signal } = waited;
      // What is still being opened is closed when that is done.
      await Promise.race([closing, delay(2 * closeMs, undefined, { signal }).catch(() => undefined)]);
      waited.abort();
    },
  };
}

function splitOnce(question: string): [string, string] {
  const at = question.indexOf(' ');
  return at === -1 ? [question, ''] : [question.slice(0, at), question.slice(at + 1)];
}

const fileValue = (stats: Stats): FileValue & Json => ({
  kind: stats.isDirectory() ? 'folder' : 'file',
  bytes: stats.size,
});

async function systemsOf(host: Host, signal: AbortSignal): Promise<SystemsValue & Json> {
  const systems = await ComputeSystem.list({}, { host, signal });
  return systems.map(({ Owner = '', State = '', SystemType = '' }) => ({
    owner: Owner,
    state: State,
    systemType: SystemType,
  }));
}

async function networksOf(host: Host, signal: AbortSignal): Promise<NetworksValue & Json> {
  // Loaded when it is asked for: an import of the doctor does not cost it.
  const { Network } = await import('../network/network.js');
  const networks = await Network.list({}, { host, signal });
  return networks.map(({ Name = '', Type = '', Ipams = [] }) => ({
    name: Name,
    type: Type,
    prefixes: Ipams.flatMap(({ Subnets = [] }) => Subnets.flatMap(({ IpAddressPrefix: prefix = '' }) => prefix || [])),
  }));
}
