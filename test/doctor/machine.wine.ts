// What Windows Node under Wine is told by the machine of test/fixtures/wine-machine.reg (scripts/test-wine-machine.mjs): every
// answer comes from the native code that asks Windows.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import type { Outcome } from 'hostcompute/doctor';
import { doctor, goals } from 'hostcompute/doctor';
import { inspect } from '#dist/doctor/native-inspect.js';
import type { Answer, Json } from '#dist/doctor/answer.js';
import type {
  DriversValue,
  LibraryValue,
  MemoryValue,
  ProcessorValue,
  RegistryKeyValue,
  RoutesValue,
  ServiceValue,
  SystemValue,
  TokenValue,
  VolumeValue,
} from '#dist/doctor/questions.js';
import * as ask from '#dist/doctor/questions.js';

const answer = async (question: string): Promise<Answer> => JSON.parse(await inspect(question)) as Answer;

async function value<Value>(question: string): Promise<Value> {
  const answered = await answer(question);
  assert.ok('value' in answered, `${question}: ${JSON.stringify(answered)}`);
  return answered.value as Value;
}

async function fails(question: string, error: number, call: string): Promise<void> {
  assert.deepEqual(await answer(question), { error, call }, question);
}

const version = 'SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion';
const servicing = 'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing';
const own = (name: string): string => ask.registryValue('SOFTWARE\\hostcompute', name);

/** What Wine gives the same answer to whatever the machine is: of these the form alone is looked at. */
const notFaked = {
  [ask.processor]: 'the processor is that of the machine which runs Wine',
  [ask.token]: 'every program is an administrator, elevated, and UAC holds nothing back',
  [ask.memory]: 'the memory is that of the machine which runs Wine',
  [ask.addresses]: 'the adapters are those of the machine which runs Wine',
  [ask.routes]: 'the routes are those of the machine which runs Wine',
  [ask.volume('C:\\')]: 'every volume is NTFS, with no flags of it',
  [ask.devDrive('C:\\')]: 'the control code is not known to it',
  [ask.accountRights('S-1-5-83-0')]: 'no account has rights of its own',
};

describe('A machine of Windows under Wine', () => {
  after(async () => {
    const lines = Object.entries(notFaked).map(([question, why]) => `    ${question}: ${why}`);
    process.stdout.write(['  What Wine cannot be made to answer otherwise:', ...lines, ''].join('\n'));
    const begun = performance.now();
    const { checks } = await doctor({ goals });
    const ms = Math.round(performance.now() - begun);
    process.stdout.write(`  All ${checks.length} checks, for all goals, took ${ms} ms\n`);
  });

  it('says what it is, as its registry has it', async () => {
    assert.deepEqual(await value<SystemValue>(ask.system), {
      major: 10,
      minor: 0,
      build: 20348,
      productType: 3,
      architecture: 'x64',
      windowsDirectory: 'C:\\windows',
    });
    const values = { UBR: 2700, EditionID: 'ServerStandard', InstallationType: 'Server Core', DisplayVersion: '21H2' };
    for (const [name, expected] of Object.entries(values)) {
      const { value: found } = await value<{ value: Json }>(ask.registryValue(version, name));
      assert.equal(found, expected);
    }
  });

  it('gives values of every type, and of what is written wrongly no more than there is', async () => {
    const expected: Record<string, { type: string; value: Json }> = {
      '': { type: 'REG_SZ', value: 'its own' },
      binary: { type: 'REG_BINARY', value: '00ff7f' },
      texts: { type: 'REG_MULTI_SZ', value: ['a', 'bc'] },
      'texts without an end': { type: 'REG_MULTI_SZ', value: ['a', 'b'] },
      'no texts': { type: 'REG_MULTI_SZ', value: [] },
      path: { type: 'REG_EXPAND_SZ', value: '%a%' },
      'text without an end': { type: 'REG_SZ', value: 'ab' },
      'half a character': { type: 'REG_SZ', value: 'a' },
      'short number': { type: 'REG_DWORD', value: 7 },
      none: { type: 'other', value: '01' },
      'with "quotes"': { type: 'REG_SZ', value: 'a "b" \\ c' },
    };
    for (const [name, each] of Object.entries(expected)) assert.deepEqual(await value(own(name)), each, name);
    const options = ask.registryValue(`${version}\\Image File Execution Options\\vmcompute.exe`, 'MitigationOptions');
    assert.deepEqual(await value(options), { type: 'REG_QWORD', value: 0x100000000000 });
    const selection = ask.registryValue(`${servicing}\\Notifications\\OptionalFeatures\\Containers`, 'Selection');
    assert.deepEqual(await value(selection), { type: 'REG_DWORD', value: 1 });
  });

  it('tells a value and a key that are not there from those that are empty', async () => {
    await fails(own('nothing'), 2, 'RegQueryValueExW');
    await fails(ask.registryValue('SOFTWARE\\nothing', 'x'), 2, 'RegOpenKeyExW');
    await fails(ask.registryKey(`${servicing}\\nothing`), 2, 'RegOpenKeyExW');
    assert.deepEqual(await value(ask.registryKey(`${servicing}\\RebootPending`)), { keys: [], values: [] });
    const { keys, values } = await value<RegistryKeyValue>(ask.registryKey('SOFTWARE\\hostcompute'));
    assert.deepEqual(keys, ['many']);
    assert.equal(values.length, 11);
  });

  it('bounds what is long and what is many', async () => {
    const long = await value<{ value: string }>(ask.registryValue('SOFTWARE\\hostcompute\\many', 'long'));
    assert.equal(long.value.length, 8192);
    const { keys, values } = await value<RegistryKeyValue>(ask.registryKey('SOFTWARE\\hostcompute\\many'));
    assert.equal(keys.length, 256);
    assert.equal(values.length, 256);
  });

  it('has the services and drivers of its registry, the disabled one too', async () => {
    const stopped = { state: 1, exitCode: 1077 };
    assert.deepEqual(await value<ServiceValue>(ask.service('vmcompute')), { type: 0x10, startType: 3, ...stopped });
    assert.deepEqual(await value<ServiceValue>(ask.service('hns')), { type: 0x20, startType: 4, ...stopped });
    assert.deepEqual(await value<ServiceValue>(ask.service('wcifs')), { type: 2, startType: 3, ...stopped });
    await fails(ask.service('vfpext'), 1060, 'OpenServiceW');
    const drivers = await value<DriversValue>(ask.drivers);
    assert.deepEqual(
      drivers.filter(({ name }) => ['wcifs', 'vmcompute', 'hns'].includes(name)),
      [{ name: 'wcifs', state: 1 }],
    );
  });

  it('has libraries and exports, or has them not', async () => {
    const found = await value<LibraryValue>(ask.library('kernel32.dll', 'CreateFileW', 'HcsNothing'));
    assert.deepEqual(found.missing, ['HcsNothing']);
    assert.match(found.version ?? '', /^\d+\.\d+\.\d+\.\d+$/);
    const bare = await value<LibraryValue>(ask.library('winhvplatform.dll', 'WHvGetCapability', 'WHvNothing'));
    assert.deepEqual(bare, { missing: ['WHvNothing'], version: null });
    await fails(ask.library('vmcompute.dll', 'HcsCreateComputeSystem'), 126, 'LoadLibraryExW');
  });

  it('tells the states of features, of those who ask at once too', async () => {
    const expected = { state: 4, restart: 0 };
    const asked = Array.from({ length: 8 }, () => value(ask.feature('Containers')));
    for (const each of await Promise.all(asked)) assert.deepEqual(each, expected);
    assert.deepEqual(await value(ask.feature('VirtualMachinePlatform')), { state: 5, restart: 2 });
    await fails(ask.feature('Nothing'), 0x800f080c, 'DismGetFeatureInfo');
    // Nothing was left open by that.
    assert.deepEqual(await value(ask.feature('Containers')), expected);
  });

  it('lists filters, with what one claims to have cut off', async () => {
    const expected = [
      { name: 'WdFilter', altitude: '328010' },
      { name: 'old', altitude: '0' },
      { name: 'wcifs', altitude: '189900' },
      { name: '', altitude: '' },
    ];
    for (let i = 0; i < 2; i++) assert.deepEqual(await value(ask.filters), expected);
    assert.deepEqual(await value(ask.hypervisor), { present: true });
  });

  it('says what it does not allow', async () => {
    process.env.HC_FAKE_LIMITED = '1';
    try {
      await fails(ask.feature('Containers'), 0x800702e4, 'DismInitialize');
      await fails(ask.filters, 0x80070005, 'FilterFindFirst');
    } finally {
      delete process.env.HC_FAKE_LIMITED;
    }
  });

  it('finds the volume and the nearest folder of a path', async () => {
    const root = await value<VolumeValue>(ask.volume('C:\\'));
    assert.equal(root.root, 'C:\\');
    assert.equal(root.folder, 'C:\\');
    assert.equal(root.driveType, 3);
    assert.ok(root.freeBytes > 0 && root.totalBytes >= root.freeBytes);
    for (const path of [
      'C:\\windows\\no\\such\\folder',
      'c:/windows/system.ini/x',
      `C:\\windows\\${'long\\'.repeat(100)}`,
    ]) {
      const { folder, root: of, attributes } = await value<VolumeValue>(ask.volume(path));
      assert.equal(folder.toLowerCase(), 'c:\\windows', path);
      assert.equal(of.toLowerCase(), 'c:\\');
      assert.equal(attributes & 0x10, 0x10);
    }
    await fails(ask.volume('Q:\\nothing'), 3, 'GetFileAttributesW');
    await fails(ask.devDrive('C:\\windows'), 50, 'FSCTL_QUERY_PERSISTENT_VOLUME_STATE');
  });

  it('answers what Wine does not let be chosen in the form that is documented', async () => {
    const token = await value<TokenValue>(ask.token);
    assert.equal(token.elevated, true);
    assert.equal(token.administrators, true);
    assert.equal(token.hyperVAdministrators, false);
    assert.ok(token.privileges.includes('SeBackupPrivilege'));
    const { hypervisor, vendor, interface: kind, createPartitions, nx } = await value<ProcessorValue>(ask.processor);
    assert.deepEqual(
      [hypervisor, vendor, kind, createPartitions, nx].map((each) => typeof each),
      ['boolean', 'string', 'string', 'boolean', 'boolean'],
    );
    const { totalBytes, availableBytes, commitLimitBytes, commitBytes } = await value<MemoryValue>(ask.memory);
    assert.ok(totalBytes > availableBytes && commitLimitBytes > commitBytes && commitBytes > 0);
    for (const { type, prefixes } of await value<ask.AddressesValue>(ask.addresses)) {
      assert.ok(type > 0);
      for (const prefix of prefixes) assert.match(prefix, /^[\d.a-f:]+\/\d+$/);
    }
    for (const { destination, nextHop } of await value<RoutesValue>(ask.routes)) {
      assert.match(destination, /^[\d.a-f:]+\/\d+$/);
      assert.match(nextHop, /^[\d.a-f:]+$/);
    }
    assert.deepEqual(await value(ask.accountRights('S-1-5-83-0')), []);
    await fails(ask.accountRights('nobody'), 1337, 'ConvertStringSidToSidW');
  });

  it('is what the doctor finds', async () => {
    const { host, checks } = await doctor({
      goals: ['process', 'layers', 'network'],
      root: 'C:\\layers',
      timeoutMs: 20_000,
    });
    const { build, revision, edition, arch, elevated } = host;
    assert.deepEqual(
      { build, revision, edition, arch, elevated },
      { build: 20348, revision: 2700, edition: 'ServerStandard', arch: 'x64', elevated: true },
    );
    const expected: Record<string, Outcome> = {
      'os.build': 'ok',
      'os.edition': 'ok',
      'os.revision': 'ok',
      'os.system-drive': 'ok',
      'os.reboot': 'warning',
      'lib.vmcompute': 'problem',
      'svc.vmcompute': 'ok',
      'svc.vmcompute.mitigation': 'warning',
      'svc.hns': 'problem',
      'rights.elevated': 'ok',
      'rights.privileges': 'ok',
      'disk.filesystem': 'ok',
      antivirus: 'warning',
    };
    const found = checks.filter(({ id }) => id in expected).map(({ id, outcome }) => [id, outcome]);
    assert.deepEqual(Object.fromEntries(found), expected);
  });

  for (const [ending, code] of [
    ['given up', 11],
    ['exit', 12],
    ['terminated', 13],
    ['answered after that', 14],
  ] as const) {
    it(`does not hold a program whose question hangs: ${ending}`, async () => {
      const program = fileURLToPath(new URL('./programs/hung-question.js', import.meta.url));
      const child = spawn(process.execPath, [program, ending], {
        stdio: 'ignore',
        timeout: 30_000,
        env: { ...process.env, HC_FAKE_HANGS: '1' },
      });
      assert.deepEqual(await once(child, 'exit'), [code, null]);
    });
  }
});
