import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

import { ComputeSystem } from 'hostcompute';
import { Simulator } from 'hostcompute/simulator';

import { machineDocument } from '../support/documents.js';

const program = fileURLToPath(new URL('./programs/migration-target.js', import.meta.url));

// The other host is that of another process, as on another machine: what travels is what the socket carries.
describe('A live migration between two simulated hosts', () => {
  // Node on Windows has no descriptors of sockets, and a remote simulator takes none.
  if (process.platform === 'win32') return;

  let simulator: Simulator;
  let source: ComputeSystem;
  let server: Server;
  let socket: Socket | undefined;
  let child: ChildProcess;

  beforeEach(async () => {
    simulator = await Simulator.open({ api: 'computecore' });
    await simulator.reset();
    const { host } = simulator;
    source = await ComputeSystem.create(`here-${process.pid}`, machineDocument(), { host });
    await source.start();
    server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    socket?.destroy();
    server.close();
    if (child.exitCode === null && child.signalCode === null) {
      child.send('end');
      assert.deepEqual(await once(child, 'exit'), [0, null]);
    }
    await simulator.clear();
    await source.terminate();
    await source.close();
    await simulator.close();
  });

  async function connected(...failing: string[]): Promise<number> {
    const { port } = server.address() as AddressInfo;
    child = fork(program, [String(port), ...failing]);
    [socket] = (await once(server, 'connection')) as [Socket];
    socket.on('error', () => undefined);
    return (socket as unknown as { _handle: { fd: number } })._handle.fd;
  }
  const told = async (): Promise<unknown> => ((await once(child, 'message')) as [unknown])[0];
  const stateHere = async (): Promise<string> =>
    source.properties().then(
      ({ State }) => State ?? 'Stopped',
      () => 'Stopped',
    );

  it('takes the machine to the other host', async () => {
    const fd = await connected();
    const there = told();
    await source.migration.send({ socket: fd });
    assert.deepEqual(await there, { ended: 'received', state: 'Running' });
    assert.equal((await source.exited).exitType, 'GracefulExit');
  });

  for (const name of ['HcsStartLiveMigrationTransfer', 'HcsFinalizeLiveMigration']) {
    it(`leaves the machine at its source when ${name} fails at the other`, async () => {
      const fd = await connected(`computecore.${name}`);
      const there = told();
      await assert.rejects(source.migration.send({ socket: fd }));
      assert.deepEqual(await there, { ended: 'HcsError', state: 'Stopped' });
      assert.equal(await stateHere(), 'Running');
    });

    it(`leaves the machine at its source when ${name} fails there`, async () => {
      const fd = await connected();
      const there = told();
      await simulator.inject({
        function: `computecore.${name}` as 'computecore.HcsFinalizeLiveMigration',
        status: 0x80004005,
      });
      await assert.rejects(source.migration.send({ socket: fd }), { code: 'E_FAIL' });
      assert.deepEqual(await there, { ended: 'HcsError', state: 'Stopped' });
      assert.equal(await stateHere(), 'Running');
    });
  }

  it('leaves the machine at its source when the other process is killed before the transfer', async () => {
    const fd = await connected();
    await source.migration.initialize();
    await source.migration.start({ socket: fd });
    child.kill('SIGKILL');
    await once(child, 'exit');
    await assert.rejects(source.migration.transfer());
    assert.equal(await stateHere(), 'Running');
  });
});
