import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';

import { ComputeSystem } from 'hostcompute';
import type { DoctorRecording } from 'hostcompute/doctor';
import { Network, networks } from 'hostcompute/network';
import { extract } from 'tar-stream';

import { collectParts } from '../src/commands/diagnose/parts.js';
import { withoutSecrets } from '../src/commands/diagnose/secrets.js';
import { ServedHost } from './support/served-host.js';

async function filesOf(archive: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const entries = Readable.from([gunzipSync(readFileSync(archive))]).pipe(extract());
  for await (const entry of entries) files.set(entry.header.name, (await buffer(entry)).toString('utf8'));
  return files;
}

describe('hostcompute diagnose', () => {
  let served: ServedHost;
  before(async () => (served = await ServedHost.open()));
  after(async () => {
    await served[Symbol.asyncDispose]();
  });

  it('lists what would be in the archive, and writes nothing', async () => {
    const before = readdirSync(served.folder.path);
    const { exitCode, stdout } = await served.run('diagnose', '--list', '-o', served.folder.pathOf('listed.tar.gz'));
    assert.equal(exitCode, 0);
    for (const name of ['versions', 'machine', 'doctor', 'systems', 'networks', 'ledger', 'containers'])
      assert.match(stdout, new RegExp(`^${name}\\.json +\\d`, 'm'));
    assert.match(stdout, /Taken out: names of users/);
    assert.deepEqual(readdirSync(served.folder.path), before);
  });

  it('has systems and networks of all owners, without names and secrets', async () => {
    const { host } = served.simulator;
    const Owner = 'somebody-else';
    const document = {
      Owner,
      SchemaVersion: { Major: 2, Minor: 1 },
      VirtualMachine: {
        Chipset: { Uefi: {} },
        ComputeTopology: { Memory: { SizeInMB: 512 }, Processor: { Count: 1 } },
      },
    } as const;
    await using vm = await ComputeSystem.create('reported', document, { host });
    const network = await Network.create(networks.nat({ name: 'shown', owner: 'x', subnet: '10.9.0.0/24' }), { host });
    const file = served.folder.pathOf('report.tar.gz');
    const { exitCode, stdout, stderr } = await served.run('diagnose', '--yes', '-o', file);
    await network.delete();
    await vm.terminate();
    assert.deepEqual([exitCode, stdout], [0, `${file}\n`]);
    // It is said before it is written.
    assert.match(stderr, /^systems\.json/m);
    const files = await filesOf(file);
    assert.match(files.get('systems.json') ?? '', /"reported"[^]*"somebody-else"|"somebody-else"[^]*"reported"/);
    assert.match(files.get('networks.json') ?? '', /"shown"/);
    assert.equal((JSON.parse(files.get('doctor.json') ?? '') as { checks: unknown[] }).checks.length, 34);
    // Members are called root.
    const names = [hostname(), userInfo().username].filter((name) => name.length > 2 && name !== 'root');
    for (const [name, text] of files) {
      for (const taken of names) assert.ok(!new RegExp(`\\b${taken}\\b`, 'i').test(text), `${name} has ${taken}`);
    }
  });

  it('writes over no file without --force, and asks nobody who is not there', async () => {
    const file = served.folder.write('there.tar.gz', 'x');
    const there = await served.run('diagnose', '--yes', '-o', file);
    assert.deepEqual([there.exitCode, readFileSync(file, 'utf8')], [2, 'x']);
    assert.match(there.stderr, /is there already/);
    const asked = await served.run('diagnose', '-o', served.folder.pathOf('asked.tar.gz'));
    assert.equal(asked.exitCode, 2);
    assert.match(asked.stderr, /--yes/);
    const forced = await served.run('diagnose', '--yes', '--force', '-o', file);
    assert.equal(forced.exitCode, 0);
    assert.ok((await filesOf(file)).has('versions.json'));
  });

  it('leaves nothing where it cannot be written', async () => {
    const { exitCode } = await served.run('diagnose', '--yes', '-o', served.folder.pathOf('none/x.tar.gz'));
    assert.notEqual(exitCode, 0);
    assert.deepEqual(
      readdirSync(served.folder.path).filter((name) => name.includes('partial')),
      [],
    );
  });

  it('goes on without a part that fails, hangs or is too large, and says so', async () => {
    const never = new Promise<never>(() => undefined);
    const parts = await collectParts(
      [
        { name: 'good', collect: () => Promise.resolve({ a: 1n, path: 'C:\\Users\\somebody\\x' }) },
        { name: 'bad', collect: () => Promise.reject(new Error('of C:\\Users\\somebody\\y\u001b[2J')) },
        { name: 'hangs', collect: () => never, patienceMs: 20 },
        { name: 'large', collect: () => Promise.resolve(Buffer.alloc((8 << 20) + 1)) },
      ],
      new AbortController().signal,
    );
    assert.equal(parts[0]!.bytes?.toString(), '{\n  "a": "1",\n  "path": "%USERPROFILE%\\\\x"\n}\n');
    assert.equal(parts[1]!.missing, 'of %USERPROFILE%\\y\ufffd[2J');
    assert.match(parts[2]!.missing ?? '', /within 20 ms/);
    assert.match(parts[3]!.missing ?? '', /more than 8388608/);
  });

  it('has the recording also where the service hangs, and it plays back as it was asked', async () => {
    const fault = await served.simulator.inject({
      function: 'vmcompute.HcsEnumerateComputeSystems',
      block: true,
      count: 20,
    });
    const file = served.folder.pathOf('hung.tar.gz');
    const { exitCode } = await served.run('diagnose', '--yes', '-o', file);
    await fault.clear();
    assert.equal(exitCode, 0);
    const files = await filesOf(file);
    assert.match(files.get('missing.json') ?? '', /systems\.json/);
    const { answers } = JSON.parse(files.get('machine.json') ?? '') as DoctorRecording;
    // Its question is no secret.
    assert.equal(typeof answers.token, 'object');
    assert.equal((JSON.parse(files.get('doctor.json') ?? '') as { checks: unknown[] }).checks.length, 34);
  });

  it('names a file, which others cannot read', async () => {
    for (const name of ['-', '']) {
      const { exitCode, stdout } = await served.run('diagnose', '--yes', '-o', name);
      assert.deepEqual([exitCode, stdout], [2, '']);
    }
    const file = served.folder.pathOf('own.tar.gz');
    await served.run('diagnose', '--yes', '-o', file);
    if (process.platform !== 'win32') assert.equal(statSync(file).mode & 0o777, 0o600);
  });

  it('takes out what is in the middle of texts, and in documents that are texts', async () => {
    const told = {
      path: JSON.stringify({ path: 'C:\\Users\\alice\\x', Password: 'hunter2' }),
      'C:\\Users\\alice': 'of /home/alice/x: no route to 8.8.8.8:443, 2a00:1450:4001::1',
      said: 'https://alice:hunter2@proxy/ --password hunter2 "SECRET": "hunter2" API_KEY=hunter2',
      kept: '10.0.20348.1 at 192.168.1.1, 12:30:45',
      EnvironmentVariables: { KEY: 'hunter2' },
    };
    const [part] = await collectParts(
      [{ name: 'told', collect: () => Promise.resolve(told) }],
      new AbortController().signal,
    );
    const text = part!.bytes!.toString();
    assert.doesNotMatch(text, /alice|hunter2|8\.8\.8\.8|1450/);
    assert.ok(text.includes(told.kept), text);
  });

  it('rejects when it is cancelled', async () => {
    const controller = new AbortController();
    const parts = collectParts([{ name: 'x', collect: () => new Promise(() => undefined) }], controller.signal);
    controller.abort(new Error('enough'));
    await assert.rejects(parts, { message: 'enough' });
  });

  it('takes out passwords, environments and words of commands', () => {
    assert.deepEqual(
      withoutSecrets({
        Credentials: 'x',
        token: 'x',
        Environment: { PATH: 'C:\\x', KEY: 'x' },
        env: ['A=secret', 'plain'],
        CommandLine: 'cmd /c echo secret',
        command: ['cmd', '/c', 'secret'],
        RegistryChanges: { AddValues: [{ Name: 'x', StringValue: 'x', DWordValue: 5 }] },
        kept: { name: 'web', count: 5, none: null },
      }),
      {
        Credentials: '(removed)',
        token: '(removed)',
        Environment: { PATH: '(removed)', KEY: '(removed)' },
        env: ['A=(removed)', '(removed)'],
        CommandLine: 'cmd (removed)',
        command: ['cmd', '(removed)'],
        RegistryChanges: { AddValues: [{ Name: '(removed)', StringValue: '(removed)', DWordValue: '(removed)' }] },
        kept: { name: 'web', count: 5, none: null },
      },
    );
  });

  it('has a profile to record with in the package', () => {
    const profile = readFileSync(new URL('../../../../docs/hostcompute.wprp', import.meta.url), 'utf8');
    const providers = [...profile.matchAll(/<EventProvider Id="(\w+)" Name="([^"]+)"/g)];
    assert.ok(providers.length > 5);
    for (const [, id, guid] of providers) {
      assert.match(guid!, /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/);
      assert.ok(profile.includes(`<EventProviderId Value="${id}" />`), id);
    }
  });
});
