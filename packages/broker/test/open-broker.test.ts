import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Decision, OpenBroker } from '../src/index.js';
import { LinuxFolders, openBroker, systemFolders } from '../src/index.js';
import { caller } from './support/broker.js';

const user = 'uid:1000';

describe('systemFolders()', () => {
  it('is the part of the system, or refuses each path', async () => {
    assert.ok(systemFolders('linux') instanceof LinuxFolders);
    assert.equal(systemFolders('win32').form, 'windows');
    const folders = systemFolders('darwin');
    assert.equal(folders.form, 'posix');
    const request = { root: '/x', names: ['y'], want: 'any', write: false, caller: caller(user) } as const;
    await assert.rejects(folders.hold(request), /cannot be checked/);
  });
});

if (process.platform === 'linux') {
  describe('openBroker()', () => {
    let folder: string;
    let broker: OpenBroker;
    const policy = (prefix: string): string =>
      JSON.stringify({
        version: 1,
        rules: [
          {
            name: 'me',
            users: [user],
            prefix,
            calls: ['create'],
            folders: [{ path: join(folder, 'shares'), use: ['shares'], access: 'read' }],
          },
        ],
      });

    beforeEach(() => {
      folder = realpathSync(mkdtempSync(join(tmpdir(), 'hostcompute-broker-')));
      mkdirSync(join(folder, 'shares', 'src'), { recursive: true });
      mkdirSync(join(folder, 'secret'));
      writeFileSync(join(folder, 'policy.json'), policy('one'), { mode: 0o600 });
      broker = openBroker({
        policy: join(folder, 'policy.json'),
        audit: join(folder, 'audit.jsonl'),
        layers: join(folder, 'layers.jsonl'),
      });
      assert.ok(broker.connected(1, caller(user)));
    });
    afterEach(() => {
      broker.close();
      rmSync(folder, { recursive: true });
    });

    const create = (HostPath: string): Promise<Decision> => {
      const share = { HostPath, ContainerPath: 'C:\\src', ReadOnly: true };
      const document = { SchemaVersion: { Major: 2, Minor: 1 }, Container: { MappedDirectories: [share] } };
      const inputs = { id: 'web', configuration: JSON.stringify(document), identity: null };
      return broker.decide({
        connection: 1,
        caller: caller(user),
        library: 'vmcompute',
        name: 'HcsCreateComputeSystem',
        inputs,
      });
    };

    it('lets a folder of the policy through to the host, by its final name', async () => {
      const decision = await create(join(folder, 'shares', 'src'));
      assert.ok('allow' in decision);
      assert.match(decision.allow.configuration as string, /"HostPath":"\/.*\/shares\/src"/);
      const lines = readFileSync(join(folder, 'audit.jsonl'), 'utf8').trimEnd().split('\n');
      assert.equal((JSON.parse(lines[1]!) as { allowed: boolean }).allowed, true);
    });

    it('answers for what is not there as for what is another’s', async () => {
      const decision = await create(join(folder, 'shares', 'none'));
      assert.ok('refuse' in decision);
      assert.equal(decision.refuse, 0x80070003);
      assert.match(decision.message, /must be there, and not be another's/);
    });

    it('lets no link through', async () => {
      symlinkSync(join(folder, 'secret'), join(folder, 'shares', 'link'));
      const decision = await create(join(folder, 'shares', 'link'));
      assert.ok('refuse' in decision);
      assert.match(decision.message, /must not be a link/);
    });

    it('refuses when a folder is swapped between the check and the call', async () => {
      broker.close();
      const folders = new LinuxFolders(() => {
        renameSync(join(folder, 'shares', 'src'), join(folder, 'shares', 'old'));
        symlinkSync(join(folder, 'secret'), join(folder, 'shares', 'src'));
      });
      const paths = {
        policy: join(folder, 'policy.json'),
        audit: join(folder, 'audit.jsonl'),
        layers: join(folder, 'l.jsonl'),
      };
      broker = openBroker({ ...paths, folders });
      assert.ok(broker.connected(1, caller(user)));
      const decision = await create(join(folder, 'shares', 'src'));
      assert.ok('refuse' in decision);
      assert.match(decision.message, /must not change while it is checked/);
    });

    it('takes a new policy when told to, and keeps the old one otherwise', async () => {
      writeFileSync(join(folder, 'policy.json'), '{');
      assert.match(broker.reload()!.message, /must/);
      const before = await create(join(folder, 'shares', 'src'));
      assert.ok('allow' in before && (before.allow.id as string).startsWith('one-'));
      writeFileSync(join(folder, 'policy.json'), policy('two'));
      assert.equal(broker.reload(), undefined);
      const after = await create(join(folder, 'shares', 'src'));
      assert.ok('allow' in after && (after.allow.id as string).startsWith('two-'));
    });
  });
}
