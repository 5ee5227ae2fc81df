// What every host does, the real one as well: HOSTCOMPUTE_TEST_HOST=windows runs this on the machine's own.
import assert from 'node:assert/strict';

import { ComputeSystem, HcsError } from 'hostcompute';

import { machineDocument } from '../support/documents.js';
import type { HostUnderTest } from '../support/host-under-test.js';
import { can, hostName, openHostUnderTest } from '../support/host-under-test.js';

const timeout = Number(process.env.HOSTCOMPUTE_TEST_TIMEOUT ?? 300_000);

/** An id that no other system has, for what it is about. */
function idFor(what: string): string {
  return `any-host-${process.pid}-${what.replaceAll(/\W+/g, '-')}`.slice(0, 60);
}

/** The ids of systems that were not closed. */
const unclosed: string[] = [];

/** Ends a system, whatever has become of its test: the tests after it have systems of their own. */
async function end(system: ComputeSystem): Promise<void> {
  await system.stop({ graceMs: 0, forceMs: timeout / 4 });
  await system.close({ timeoutMs: timeout / 4 }).catch(() => unclosed.push(system.id));
}

async function stateOf(system: ComputeSystem): Promise<string | undefined> {
  return (await system.properties()).State;
}

describe(`The ${hostName} host`, function () {
  this.timeout(timeout);
  let under: HostUnderTest;

  before(async () => {
    under = await openHostUnderTest('service', false);
  });
  after(() => (under as HostUnderTest | undefined)?.close()); // it may not have opened

  it('reports its kind', () => {
    assert.equal(under.host.kind, hostName === 'windows' ? hostName : 'simulated');
  });

  it('reports its schema versions', async () => {
    const { Properties } = await under.host.serviceProperties(['Basic']);
    const versions = Properties?.[0].SupportedSchemaVersions ?? [];
    assert.ok(versions.some(({ Major }) => Major === 1 || Major === 2));
  });

  it('does not find a missing system', async () => {
    const open = ComputeSystem.open(idFor('missing'), { host: under.host });
    await assert.rejects(open, { code: 'HCS_E_SYSTEM_NOT_FOUND' });
  });

  it('lists nothing for a missing id', async () => {
    assert.deepEqual(await ComputeSystem.list({ Ids: [idFor('missing')] }, { host: under.host }), []);
  });

  it('refuses an empty document', async () => {
    const id = idFor('empty');
    await assert.rejects(ComputeSystem.create(id, '{}', { host: under.host, validate: 'off' }), HcsError);
  });
});

describe(`A container of the ${hostName} host`, function () {
  this.timeout(timeout);
  let under: HostUnderTest;
  let system: ComputeSystem;
  let id: string;

  before(async () => {
    under = await openHostUnderTest('containers');
  });
  after(() => (under as HostUnderTest | undefined)?.close()); // it may not have opened
  beforeEach(async function () {
    id = idFor(this.currentTest!.title);
    system = await ComputeSystem.create(id, under.document(), { host: under.host });
  });
  afterEach(() => end(system));

  it('is listed after create', async () => {
    const listed = await ComputeSystem.list({ Ids: [id] }, { host: under.host });
    assert.deepEqual(
      listed.map(({ Id, State }) => [Id, State]),
      [[id, 'Created']],
    );
  });

  it('has a unique id', async () => {
    const again = ComputeSystem.create(id, under.document(), { host: under.host });
    await assert.rejects(again, { code: 'HCS_E_SYSTEM_ALREADY_EXISTS' });
  });

  it('is opened by its id', async () => {
    await using opened = await ComputeSystem.open(id, { host: under.host });
    assert.equal(await stateOf(opened), 'Created');
  });

  it('starts, and its exit is notified when it is terminated', async () => {
    await system.start();
    assert.equal(await stateOf(system), 'Running');
    await system.terminate();
    await system.exited;
  });

  it('cannot be started twice', async () => {
    await system.start();
    await assert.rejects(system.start(), HcsError);
  });

  it('runs no command before start', async () => {
    await assert.rejects(system.createProcess({ command: 'cmd /c exit 0' }), HcsError);
  });

  it('runs a command, with its output and exit code', async () => {
    await system.start();
    await using child = await system.createProcess({ command: 'cmd /c echo hello& exit 7' });
    let output = '';
    for await (const chunk of child.stdout) output += String(chunk);
    assert.equal(output.trim(), 'hello');
    assert.equal((await child.exited).exitCode, 7);
  });

  it('does not find a missing program', async () => {
    await system.start();
    await assert.rejects(system.createProcess({ command: 'no-such-program.exe' }), HcsError);
  });

  it('ends a killed process', async () => {
    await system.start();
    await using child = await system.createProcess({ command: 'ping -t localhost', stdio: 'ignore' });
    await child.kill();
    assert.notEqual((await child.exited).exitCode, 0);
  });

  it('has statistics and a process list', async () => {
    await system.start();
    const properties = await system.properties(['Statistics', 'ProcessList']);
    assert.equal(properties.State, 'Running');
  });

  if (can('pause')) {
    it('pauses and resumes', async () => {
      await system.start();
      await system.pause();
      assert.equal(await stateOf(system), 'Paused');
      await system.resume();
      assert.equal(await stateOf(system), 'Running');
    });
  }

  it('is created or refused with an unknown member', async () => {
    const document = { ...under.document(), HostcomputeKnowsNoSuchMember: true };
    const create = ComputeSystem.create(idFor('odd'), JSON.stringify(document), { host: under.host, validate: 'off' });
    const outcome = await create.catch((error: unknown) => error);
    if (!(outcome instanceof ComputeSystem)) return assert.ok(outcome instanceof HcsError);
    await outcome.terminate();
    await outcome.close();
  });
});

if (can('machines')) {
  describe(`A virtual machine of the ${hostName} host`, function () {
    this.timeout(timeout);
    let under: HostUnderTest;
    let system: ComputeSystem;

    before(async () => {
      under = await openHostUnderTest('machines', false);
    });
    after(() => (under as HostUnderTest | undefined)?.close()); // it may not have opened
    // It has no disk, and waits for one in its firmware.
    beforeEach(async function () {
      const { VirtualMachine, ...rest } = machineDocument();
      const { Chipset, ComputeTopology } = VirtualMachine;
      const document = { ...rest, VirtualMachine: { Chipset, ComputeTopology } };
      system = await ComputeSystem.create(idFor(`vm ${this.currentTest!.title}`), document, { host: under.host });
    });
    afterEach(() => end(system));

    it('starts, and its exit is notified when it is terminated', async () => {
      await system.start();
      assert.equal(await stateOf(system), 'Running');
      await system.terminate();
      await system.exited;
    });

    it('pauses and resumes', async () => {
      await system.start();
      await system.pause();
      assert.equal(await stateOf(system), 'Paused');
      await system.resume();
      assert.equal(await stateOf(system), 'Running');
    });
  });
}

describe(`Every system of the ${hostName} host`, () => {
  it('is closed at the end', () => {
    assert.deepEqual(unclosed, []);
  });
});
