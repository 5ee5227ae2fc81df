// What every host does, the real one as well: HOSTCOMPUTE_TEST_HOST=windows runs this on the machine's own.
import assert from 'node:assert/strict';

import { ComputeSystem } from 'hostcompute';

import type { HostUnderTest } from '../support/host-under-test.js';
import { can, hostName, openHostUnderTest } from '../support/host-under-test.js';

describe(`The ${hostName} host`, function () {
  this.timeout(300_000);
  let under: HostUnderTest;
  let system: ComputeSystem;
  const id = `any-host-${process.pid}`;

  before(async () => {
    under = await openHostUnderTest();
  });
  after(() => under.close());
  beforeEach(async () => {
    system = await ComputeSystem.create(id, under.document(), { host: under.host });
  });
  afterEach(async () => {
    await system.stop({ graceMs: 0 });
    await system.close();
  });

  it('has a kind', () => {
    assert.equal(under.host.kind, hostName);
  });

  it('lists a system that was created', async () => {
    const listed = await ComputeSystem.list({ Ids: [id] }, { host: under.host });
    assert.deepEqual(
      listed.map(({ Id, State }) => [Id, State]),
      [[id, 'Created']],
    );
  });

  it('refuses a second system of the same id', async () => {
    const again = ComputeSystem.create(id, under.document(), { host: under.host });
    await assert.rejects(again, { code: 'HCS_E_SYSTEM_ALREADY_EXISTS' });
  });

  it('does not find a system that is not there', async () => {
    await assert.rejects(ComputeSystem.open(`${id}-none`, { host: under.host }), { code: 'HCS_E_SYSTEM_NOT_FOUND' });
  });

  it('starts a system, and reports its exit when it is terminated', async () => {
    await system.start();
    assert.equal((await system.properties()).State, 'Running');
    await system.terminate();
    await system.exited;
  });

  it('runs a command, with its output and its exit code', async () => {
    await system.start();
    await using child = await system.createProcess({ command: 'cmd /c echo hello& exit 7' });
    let output = '';
    for await (const chunk of child.stdout) output += String(chunk);
    assert.equal(output.trim(), 'hello');
    assert.equal((await child.exited).exitCode, 7);
  });

  if (can('pause')) {
    it('pauses and resumes a system', async () => {
      await system.start();
      await system.pause();
      assert.equal((await system.properties()).State, 'Paused');
      await system.resume();
      assert.equal((await system.properties()).State, 'Running');
    });
  }
});
