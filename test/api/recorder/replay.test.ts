import assert from 'node:assert/strict';

import type { Notification, Process } from 'hostcompute';
import { ComputeSystem, Host, HcsError } from 'hostcompute';
import { record } from 'hostcompute/recorder';
import type { Simulator } from 'hostcompute/simulator';

import { containerDocument } from '../../support/documents.js';
import { useSimulator } from '../../support/host.js';
import { useFile } from '../../support/recording.js';
import { textOf } from '../../support/text.js';

/** What can be compared of whatever came out. */
function plain(value: unknown): unknown {
  if (value instanceof HcsError) {
    const { name, code, status, operation, systemId, processId, events, attribution, message } = value;
    const said = message.replace(/\d+ ms/, 'ms');
    return { name, code, status, operation, systemId, processId, events, attribution, said };
  }
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
}

async function outcome(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => ({ value: plain(value) }),
    (error: unknown) => ({ error: plain(error) }),
  );
}

/** Systems, processes, faults, an abort and the end of the service: everything that came out of it. */
async function everything(host: Host, provoke: (what: keyof typeof provocations) => Promise<void>): Promise<unknown> {
  const log: unknown[] = [];
  const hear = (from: string) => (notification: Notification) => log.push([from, notification]);
  const web = await ComputeSystem.create('web', containerDocument(), { host });
  web.on('notification', hear('web'));
  await web.start();
  log.push(await outcome(web.start()));
  log.push(await web.properties(['ProcessList', 'Statistics']));
  log.push(await outcome(ComputeSystem.create('web', containerDocument(), { host })));
  log.push(await ComputeSystem.list({}, { host }));
  log.push(await host.serviceProperties());

  const echo: Process = await web.createProcess({
    command: 'cmd /c echo hello& exit 3',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  echo.on('notification', hear('echo'));
  await textOf(echo.stdout);
  log.push([echo.pid, echo.stdin, echo.stderr === null], await echo.exited);
  const cat = await web.createProcess({ command: 'sim-cat' });
  log.push(await cat.properties(), await cat.kill(), await cat.exited);
  log.push(await outcome(web.openProcess(1)));

  const [db, cache] = await Promise.all([
    ComputeSystem.create('db', containerDocument(), { host }),
    ComputeSystem.create('cache', containerDocument(), { host }),
  ]);
  db.on('notification', hear('db'));
  await provoke('failures');
  log.push(await Promise.all([outcome(db.start()), outcome(cache.start())]));
  await provoke('lost');
  const controller = new AbortController();
  const paused = outcome(web.terminate({ signal: controller.signal }));
  const asked = await outcome(web.properties());
  controller.abort();
  log.push(await paused, asked);
  await provoke('crash');
  log.push(await outcome(db.exited));
  log.push(await outcome(db.properties()));
  await db.close();
  log.push(await outcome(db.properties()));
  const cacheEnd = outcome(cache.exited);
  await provoke('disconnect');
  log.push(await cacheEnd, await outcome(cache.properties()));
  await Promise.all([web.close(), cache.close(), echo.close(), cat.close()]);
  return log;
}

const result = JSON.stringify({ Error: -1, ErrorEvents: [{ Message: 'out of something' }] });
const provocations = {
  async failures(simulator: Simulator) {
    await simulator.inject({ function: 'HcsStartComputeSystem', system: 'cache', status: 0x800705aa, result });
    await simulator.inject({ function: 'HcsStartComputeSystem', system: 'db', completionStatus: 0xc0370109 });
  },
  async lost(simulator: Simulator) {
    await simulator.inject({
      function: 'HcsTerminateComputeSystem',
      system: 'web',
      completion: 'lost',
      loseExit: true,
    });
  },
  async crash(simulator: Simulator) {
    await simulator.exit('db', { status: 0xc0370106, exitType: 'UnexpectedExit' });
  },
  async disconnect(simulator: Simulator) {
    await simulator.disconnect();
  },
};

describe('Host.open({ replay })', () => {
  const bench = useSimulator();
  const file = useFile();

  it('returns the same results, errors and notifications as the recorded host', async () => {
    const host = await record(file.path, { host: 'simulated' });
    const expected = await everything(host, (what) => provocations[what](bench.simulator));
    await host.close();
    await bench.simulator.reconnect();
    assert.ok(JSON.stringify(expected).includes('HCS_E_SERVICE_DISCONNECT'));

    const calls = (await bench.simulator.state()).Calls;
    const replayed = await Host.open({ replay: file.path });
    assert.equal(replayed.kind, 'replayed');
    assert.deepEqual(replayed.functions, host.functions);
    const actual = await everything(replayed, () => Promise.resolve());
    assert.deepEqual(actual, expected);
    await replayed.close();
    assert.deepEqual(replayed.replay?.remaining, []);
    assert.equal(replayed.replay.divergence, undefined);
    assert.deepEqual(
      (await bench.simulator.state()).Calls['vmcompute.HcsCreateComputeSystem'],
      calls['vmcompute.HcsCreateComputeSystem'],
    );
  });
});
