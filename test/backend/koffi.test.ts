import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { ComputeSystem, Host, koffiLimits } from 'hostcompute';
import { Simulator } from 'hostcompute/simulator';

import type { Backend, Caller, CallableKey, SystemHandle } from '#dist/backend/backend.js';
import { functions } from '#dist/backend/functions.js';
import { nameOf } from '#dist/backend/keys.js';
import { loadKoffi, openKoffi } from '#dist/backend/koffi/index.js';
import { simulatorLibraries } from '#dist/backend/load.js';
import { runProgram } from '../support/child.js';
import { containerDocument } from '../support/documents.js';

import { givenOf, isCoreOnly } from './core-functions.js';

const nobody: Caller<unknown> = { settle: () => undefined };
const names = Object.keys(functions) as (keyof typeof functions)[];
/** The number of what the tests raise, which HCS knows nothing of. */
const storm = 0x77;

describe('The backend koffi', () => {
  let backend: Backend;

  before(() => {
    const sink = { notification: () => undefined, overflow: () => undefined, delivered: () => undefined };
    backend = openKoffi(loadKoffi())(simulatorLibraries(), sink, { maxWorkers: 64 });
  });
  after(() => backend.end());

  const call = (name: string, input: object): number => backend.call(name as CallableKey, input as never, nobody);

  for (const key of names) {
    const name = nameOf(key);
    const given = givenOf(key);
    const inputOf = (value: unknown): object => Object.fromEntries(given.map(([, , parameter]) => [parameter, value]));

    if (isCoreOnly(key)) {
      it(`does not allow a call of ${name}`, () => {
        assert.throws(() => call(key, inputOf('{}')), { name: 'TypeError', message: /called by the backend alone/ });
      });
      continue;
    }
    if (given.length === 0) continue;

    for (const wrong of [Symbol('x'), {}, 1.5, true, () => 1]) {
      it(`throws for a ${typeof wrong} in each parameter of ${name}`, () => {
        assert.throws(() => call(key, inputOf(wrong)), { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
      });
    }

    if (given.every(([, kind]) => kind === 'Text')) {
      it(`throws for an embedded NUL in ${name}`, () => {
        assert.throws(() => call(key, inputOf('a\0b')), { message: /NUL/ });
      });
    }
  }

  it('throws for an unknown handle', () => {
    const close = () => backend.close('System', 12345 as SystemHandle, nobody);
    assert.throws(close, { name: 'TypeError', message: 'expected the handle of an open system' });
  });

  it('makes no call after end()', () => {
    const sink = { notification: () => undefined, overflow: () => undefined, delivered: () => undefined };
    const ended = openKoffi(loadKoffi())(simulatorLibraries(), sink, { maxWorkers: 64 });
    ended.end();
    assert.throws(() => ended.call('vmcompute.GetBaseImages', {}, nobody), { message: 'the host is closed' });
  });

  it('reports why a library cannot be opened', () => {
    const open = () => openKoffi(loadKoffi())({ vmcompute: '/no/such/library' }, {} as never, { maxWorkers: 64 });
    assert.throws(open, { message: process.platform === 'win32' ? /Windows error 126/ : /No such file or directory/ });
  });
});

describe('Backend selection', () => {
  it('uses koffi when the settings request it', async () => {
    const host = await Host.open('simulated', { backend: 'koffi' });
    assert.equal(host.backend, 'koffi');
    await host.close();
  });

  it('rejects an unknown backend', async () => {
    const opened = Host.open('simulated', { backend: 'ffi' as never });
    await assert.rejects(opened, { field: 'settings.backend', message: /must be "addon" or "koffi"/ });
    const { HOSTCOMPUTE_BACKEND: before } = process.env;
    process.env.HOSTCOMPUTE_BACKEND = 'ffi';
    try {
      await assert.rejects(Host.open('simulated'), { field: 'HOSTCOMPUTE_BACKEND', message: /"addon" or "koffi"/ });
    } finally {
      if (before === undefined) delete process.env.HOSTCOMPUTE_BACKEND;
      else process.env.HOSTCOMPUTE_BACKEND = before;
    }
  });

  const addon = 'hostcompute.node';
  const run = async (backend: string, ...missing: string[]): Promise<string[]> => {
    const env = { ...process.env, HOSTCOMPUTE_BACKEND: backend, HOSTCOMPUTE_ADDON: '' };
    const { stdout } = await runProgram('missing-modules', missing, ['--no-warnings'], env);
    return stdout.trim().split(/\r?\n/);
  };

  it('falls back to koffi, with one warning, when the addon does not load', async () => {
    const warning = 'HostcomputeWarning: The native addon could not be loaded; koffi makes the calls instead.';
    assert.deepEqual((await run('', addon)).sort(), [warning, 'koffi 1', 'koffi 1']);
  });

  it('does not fall back to koffi when the addon is requested', async () => {
    const [line] = await run('addon', addon);
    assert.match(line!, /^ERR_HC_LIBRARY The native addon could not be loaded/);
  });

  it('names the addon when neither backend loads', async () => {
    const [line] = await run('', addon, 'koffi');
    assert.match(line!, /^ERR_HC_LIBRARY The native addon could not be loaded/);
  });

  it('explains how to install koffi when it is requested and missing', async () => {
    const [line] = await run('koffi', 'koffi');
    assert.match(line!, /^ERR_HC_LIBRARY The backend koffi could not be loaded: .*\. Run "npm install koffi"$/);
  });
});

describe('koffiLimits', () => {
  let simulator: Simulator;
  before(async () => {
    simulator = await Simulator.open({ backend: 'koffi' });
    await simulator.reset();
  });
  after(() => simulator.close());

  const create = (id: string) => ComputeSystem.create(id, containerDocument(), { host: simulator.host });

  it('matches the table of docs/backends.md', () => {
    const rows = readFileSync('docs/backends.md', 'utf8').matchAll(/^\| `(\w+)` +\|/gm);
    assert.deepEqual(
      [...rows].map(([, name]) => name),
      Object.keys(koffiLimits),
    );
  });

  it('hungCalls: calls wait behind those that hang, and are made when one returns', async () => {
    const threads = Number(process.env.UV_THREADPOOL_SIZE ?? 4) - 1;
    const watching = await Simulator.open({ backend: 'koffi' });
    await simulator.inject({ function: 'HcsGetServiceProperties', count: 0, block: true });
    const calls = Array.from({ length: threads + 2 }, () => simulator.host.serviceProperties());
    assert.ok(await watching.reached({ blockedCalls: threads }));
    assert.equal(simulator.host.threads, threads);
    await watching.clear();
    await Promise.all(calls);
    await watching.close();
  });

  it('notifications: none is lost while JavaScript is busy', async () => {
    const system = await create('koffi-storm');
    const seen = new Set<string>();
    let heard = 0;
    const all = new Promise<void>((resolve) => {
      system.on('notification', ({ number, data }) => {
        if (number !== storm) return;
        seen.add(data ?? '');
        if (++heard === 2000) resolve();
      });
    });
    await simulator.notify({ system: system.id, type: storm, count: 2000, sequence: true, threads: 4 });
    await all;
    assert.equal(seen.size, 2000);
    await system.close();
  });

  it('unregisters repeatedly while the host calls back', async () => {
    for (let round = 0; round < 50; round++) {
      const system = await create(`koffi-${round}`);
      const heard = new Promise<void>((resolve) => {
        system.on('notification', ({ number }) => {
          if (number === storm) resolve();
        });
      });
      const raised = simulator.notify({ system: system.id, type: storm, count: 100, threads: 4 });
      await heard;
      await system.close();
      await raised;
    }
    const { systems, registrations } = simulator.host.ledger();
    assert.deepEqual([systems, registrations], [0, 0]);
  });
});
