// Each check in each outcome, by what a machine answers differently from a healthy one.
import assert from 'node:assert/strict';

import type { Goal, Outcome } from 'hostcompute/doctor';
import { doctor, goals as allGoals } from 'hostcompute/doctor';

import type { Table } from './healthy.js';
import {
  absent,
  answersOf,
  build,
  checkOf,
  chosen,
  denied,
  healthy,
  hung,
  machineGoals,
  mitigation,
  noLibrary,
  noService,
  number,
  pending,
  processor,
  service,
  text,
  token,
  value,
  version,
  vmcomputeLibrary,
} from './healthy.js';

interface Row {
  readonly name: string;
  readonly differs: Table;
  readonly outcome: Outcome;
  /** Of a problem. */
  readonly blocks?: readonly Goal[];
  readonly says?: RegExp;
}

const row = (name: string, differs: Table, outcome: Outcome, says?: RegExp, blocks?: readonly Goal[]): Row => ({
  name,
  differs,
  outcome,
  ...(says !== undefined && { says }),
  ...(blocks !== undefined && { blocks }),
});

const computecore = 'library computecore.dll HcsCreateOperation HcsGetServiceProperties';
const computenetwork = 'library computenetwork.dll HcnEnumerateNetworks HcnCreateEndpoint';
const manufacturer = 'registry HARDWARE\\DESCRIPTION\\System\\BIOS:SystemManufacturer';
const product = 'registry HARDWARE\\DESCRIPTION\\System\\BIOS:SystemProductName';
const rights = 'account-rights S-1-5-83-0';
const noHypervisor = { hypervisor: false, vendor: '', interface: '', createPartitions: false };
const guest = { createPartitions: false };
const arm = { hypervisor: null, vendor: null, interface: null, createPartitions: null };
const user = { elevated: false, elevationType: 1, administrators: false, privileges: [] };
const withoutServices = { 'service vmcompute': noService, 'service hns': noService, 'service vmms': noService };
const off = { ...withoutServices, [vmcomputeLibrary]: noLibrary, 'service vfpext': noService };
const notChosen = { [chosen('Containers')]: absent, [chosen('Microsoft-Hyper-V')]: number(0) };
const stuck = { 'service vmcompute': hung, 'service vmms': denied };
const containers = 'feature Containers';

const rows: Readonly<Record<string, readonly Row[]>> = {
  'os.build': [
    row('the first that has it all', { system: build(17763) }, 'ok'),
    row('one before', { system: build(17762) }, 'warning', /schema 1 only/),
    row('the first with containers', { system: build(14393) }, 'warning'),
    row('one before those', { system: build(14392) }, 'problem', /no containers/, allGoals),
    row('Linux', { system: { error: 50, call: 'linux' } }, 'problem', /^This is Linux/, allGoals),
    row('an answer of another shape', { system: value({ build: '20348' }) }, 'unknown', /something else/),
    row('no answer', { system: hung }, 'unknown', /2000 ms/),
  ],
  'os.edition': [
    row('a client of Pro', { [`${version}:EditionID`]: text('ProfessionalWorkstation') }, 'ok'),
    row('Home', { [`${version}:EditionID`]: text('CoreSingleLanguage') }, 'problem', /Home/, ['process', 'hyperv']),
    row('Nano Server', { [`${version}:InstallationType`]: text('Nano Server') }, 'problem', /Nano/),
    row('one to come', { [`${version}:EditionID`]: text('Cloud') }, 'unknown', /Cloud/),
    row('a number', { [`${version}:EditionID`]: number(1) }, 'unknown', /no text/),
    row('none', { [`${version}:EditionID`]: absent }, 'unknown', /EditionID/),
  ],
  'os.revision': [
    row('any', {}, 'ok', /20348\.2700/),
    row('14393 with an old one', { system: build(14393), [`${version}:UBR`]: number(350) }, 'problem', /350/, [
      'process',
      'hyperv',
    ]),
    row('14393 with the first that is right', { system: build(14393), [`${version}:UBR`]: number(351) }, 'ok'),
    row('a text', { [`${version}:UBR`]: text('2700') }, 'unknown', /no number/),
    row('none', { [`${version}:UBR`]: absent }, 'unknown'),
  ],
  'os.system-drive': [
    row('in small letters', { system: build(20348, 3, 'c:\\windows') }, 'ok'),
    row('D:', { system: build(20348, 3, 'D:\\Windows') }, 'problem', /D:/, ['process']),
  ],
  'os.reboot': [
    row('none is waited for', {}, 'ok'),
    row('one is', { [pending]: value({ keys: [], values: [] }) }, 'warning', /waits for a restart/),
    row('a feature is not in force', { 'service vmms': noService }, 'problem', /Microsoft-Hyper-V/, [
      'process',
      ...machineGoals,
    ]),
    row('a feature that was never chosen', { 'service vmms': noService, ...notChosen }, 'ok'),
    row('it may not be asked', { [pending]: denied }, 'unknown', /without elevation/),
  ],
  'lib.vmcompute': [
    row('there', {}, 'ok', /10\.0\.20348/),
    row('absent', { [vmcomputeLibrary]: noLibrary }, 'problem', /no vmcompute\.dll/, [
      'process',
      ...machineGoals,
      'layers',
    ]),
    row('of another machine', { [vmcomputeLibrary]: { error: 193, call: 'x' } }, 'problem', /architecture/),
    row(
      'without a function',
      { [vmcomputeLibrary]: value({ missing: ['ImportLayer'], version: null }) },
      'problem',
      /ImportLayer/,
    ),
    row('hung', { [vmcomputeLibrary]: hung }, 'unknown'),
  ],
  'lib.newer': [
    row('there', {}, 'ok'),
    row('one absent', { [computecore]: noLibrary }, 'warning', /no computecore\.dll/),
    row(
      'one without a function',
      { [computenetwork]: value({ missing: ['HcnX'], version: null }) },
      'warning',
      /HcnX of/,
    ),
    row('one hung', { [computecore]: hung }, 'unknown'),
  ],
  'svc.vmcompute': [
    row('stopped, on demand', {}, 'ok', /stopped$/),
    row('running', { 'service vmcompute': service(3, 4) }, 'ok'),
    row('stopped with a code, on demand', { 'service vmcompute': service(3, 1, 1067) }, 'ok', /1067/),
    row('stopped although automatic', { 'service vmcompute': service(2, 1, 1067) }, 'warning', /1067/),
    row('paused', { 'service vmcompute': service(3, 7) }, 'warning', /paused/),
    row('disabled', { 'service vmcompute': service(4, 1) }, 'problem', /disabled/, ['process', ...machineGoals]),
    row('absent', { 'service vmcompute': noService }, 'problem', /no service/, ['process', ...machineGoals]),
    row('not allowed', { 'service vmcompute': denied }, 'unknown', /elevation/),
    row('of another shape', { 'service vmcompute': value([]) }, 'unknown'),
  ],
  'svc.vmcompute.mitigation': [
    row('none', {}, 'ok'),
    row('zeros', { [mitigation]: value({ type: 'REG_BINARY', value: '0000000000000000' }) }, 'ok'),
    row('one', { [mitigation]: value({ type: 'REG_BINARY', value: '0000020000000000' }) }, 'warning', /override/),
    row('one as a number', { [mitigation]: value({ type: 'REG_QWORD', value: 256 }) }, 'warning'),
    row('not allowed', { [mitigation]: denied }, 'unknown'),
  ],
  'svc.hns': [
    row('running', {}, 'ok'),
    row('absent', { 'service hns': noService }, 'problem', /no service hns/, ['network']),
    row('without its switch, on a build that needs none', { 'service vfpext': noService }, 'ok'),
    row('without its switch', { system: build(22621, 1), 'service vfpext': noService }, 'problem', /vfpext/, [
      'network',
    ]),
    row('with its switch disabled', { system: build(26100), 'service vfpext': service(4, 1) }, 'problem', /disabled/),
    row('disabled', { 'service hns': service(4, 1) }, 'problem', /disabled/),
    row('hung', { 'service hns': hung }, 'unknown'),
  ],
  'svc.vmms': [
    row('running', {}, 'ok'),
    row('absent', { 'service vmms': noService }, 'ok', /not needed/),
    row('stopped', { 'service vmms': service(2, 1) }, 'warning', /stopped/),
    row('hung', { 'service vmms': hung }, 'unknown'),
  ],
  'svc.hvhost': [
    row('running', {}, 'ok'),
    row('absent', { 'service hvhost': noService }, 'ok'),
    row('stopped', { 'service hvhost': service(3, 1) }, 'warning'),
    row('disabled', { 'service hvhost': service(4, 1) }, 'problem', /disabled/, machineGoals),
    row('not allowed', { 'service hvhost': denied }, 'unknown'),
  ],
  'drv.wcifs': [
    row('there', {}, 'ok'),
    row('absent', { 'service wcifs': noService }, 'problem', /no driver wcifs/, ['process', 'layers']),
    row('bindflt absent', { 'service bindflt': noService }, 'problem', /no driver bindflt/),
    row('bindflt absent, on a build without', { system: build(14393), 'service bindflt': noService }, 'ok'),
    row('disabled', { 'service wcifs': service(4, 1) }, 'problem', /wcifs disabled/),
    row('hung', { 'service bindflt': hung }, 'unknown'),
  ],
  'feature.containers': [
    row('what it brings is there', {}, 'ok'),
    row('reads as off, and what it brings is there', notChosen, 'ok'),
    row('off', { ...off, ...notChosen }, 'problem', /is off/, ['process', 'hyperv', 'layers']),
    row('not in force', off, 'problem', /not yet in force/),
    row('hung, and DISM says on', { ...stuck, [containers]: value({ state: 4, restart: 0 }) }, 'ok'),
    row('hung, and DISM says off', { ...stuck, [containers]: value({ state: 2, restart: 0 }) }, 'problem', /off/),
    row('hung, and DISM waits', { ...stuck, [containers]: value({ state: 5, restart: 2 }) }, 'problem', /restart/),
    row('hung, and DISM as well', { ...stuck, [containers]: hung }, 'unknown', /vmcompute/),
    row(
      'hung, and not elevated',
      { ...stuck, token: token(user), [containers]: value({ state: 4, restart: 0 }) },
      'unknown',
    ),
  ],
  'feature.hyperv': [
    row('its hypervisor runs', { ...off, ...notChosen }, 'ok'),
    row('Hyper-V', { processor: processor(noHypervisor) }, 'ok', /Microsoft-Hyper-V/),
    row(
      'the platform',
      { processor: processor(noHypervisor), 'service vmms': noService },
      'ok',
      /VirtualMachinePlatform/,
    ),
    row('neither', { ...off, ...notChosen, processor: processor(noHypervisor) }, 'problem', /are off/, machineGoals),
    row('not in force', { ...off, processor: processor(noHypervisor) }, 'problem', /Microsoft-Hyper-V was enabled/),
    row('not allowed', { ...stuck, token: token(user), processor: processor(noHypervisor) }, 'unknown', /vmms/),
  ],
  'hypervisor.firmware': [
    row('a hypervisor runs', {}, 'ok', /runs/),
    row('on', { processor: processor({ ...noHypervisor, firmwareVirtualization: true, slat: true }) }, 'ok'),
    row('off', { processor: processor(noHypervisor) }, 'problem', /off in the firmware/, machineGoals),
    row(
      'no second level',
      { processor: processor({ ...noHypervisor, firmwareVirtualization: true }) },
      'problem',
      /second level/,
    ),
    row(
      'no NX',
      { processor: processor({ ...noHypervisor, firmwareVirtualization: true, slat: true, nx: false }) },
      'problem',
      /NX/,
    ),
    row('arm64 with a hypervisor', { processor: processor(arm) }, 'ok'),
    row('of another shape', { processor: value({}) }, 'unknown'),
  ],
  'hypervisor.running': [
    row('ours', {}, 'ok', /Microsoft Hv/),
    row('none', { processor: processor(noHypervisor) }, 'problem', /No hypervisor/, machineGoals),
    row('of another', { processor: processor({ ...guest, vendor: 'KVMKVMKVM' }) }, 'skipped', /KVMKVMKVM/),
    row('arm64 with one', { processor: processor(arm) }, 'ok'),
    row('arm64 without', { processor: processor(arm), hypervisor: value({ present: false }) }, 'problem'),
    row('arm64 that cannot be asked', { processor: processor(arm), hypervisor: noLibrary }, 'unknown'),
    row('hung', { processor: hung }, 'unknown'),
  ],
  'vm.nested': [
    row('no guest', { processor: processor(noHypervisor) }, 'ok', /not a guest/),
    row('a guest that may', { [manufacturer]: text('Amazon EC2') }, 'ok'),
    row(
      'on EC2',
      { processor: processor(guest), [manufacturer]: text('Amazon EC2'), [product]: text('c5.large') },
      'problem',
      /Amazon EC2 c5\.large/,
      machineGoals,
    ),
    row(
      'on what is not known',
      { processor: processor({ ...guest, vendor: '' }), [manufacturer]: absent, [product]: text(' ') },
      'problem',
      /unknown hypervisor/,
    ),
    row('hung', { processor: hung }, 'unknown'),
  ],
  'rights.elevated': [
    row('elevated', {}, 'ok'),
    row('in the group', { token: token({ ...user, hyperVAdministrators: true }) }, 'problem', /layers need/, [
      'layers',
    ]),
    row('neither', { token: token(user) }, 'problem', /neither/, allGoals),
    row('hung', { token: hung }, 'unknown'),
  ],
  'rights.group': [
    row('elevated', { token: token({ accountIsHyperVAdministrator: true }) }, 'ok'),
    row('in it', { token: token({ ...user, hyperVAdministrators: true }) }, 'ok'),
    row('not in it', { token: token(user) }, 'ok'),
    row(
      'since it has signed in',
      { token: token({ ...user, accountIsHyperVAdministrator: true }) },
      'warning',
      /not yet/,
    ),
    row(
      'when elevated',
      { token: token({ ...user, linked: { administrators: true, hyperVAdministrators: true } }) },
      'warning',
      /elevated/,
    ),
    row('of another shape', { token: value({ elevated: 'yes' }) }, 'unknown'),
  ],
  'rights.privileges': [
    row('held', {}, 'ok'),
    row(
      'taken away',
      { token: token({ privileges: ['SeBackupPrivilege'] }) },
      'problem',
      /no SeRestorePrivilege, no SeSecurity/,
      ['layers'],
    ),
    row('not elevated', { token: token(user) }, 'problem'),
    row('hung', { token: hung }, 'unknown'),
  ],
  'rights.vm-logon': [
    row('there', {}, 'ok'),
    row('taken away', { [rights]: value(['SeDenyNetworkLogonRight']) }, 'problem', /may not log on/, machineGoals),
    row('none at all', { [rights]: { error: 0xc0000034, call: 'LsaEnumerateAccountRights' } }, 'problem'),
    row('none, without a feature', { [rights]: absent, 'service vmcompute': noService }, 'skipped'),
    row('an empty list, without a feature', { [rights]: value([]), 'service vmcompute': noService }, 'skipped'),
    row('not allowed', { [rights]: denied }, 'unknown', /elevation/),
  ],
};

describe('The check', () => {
  for (const [id, each] of Object.entries(rows)) {
    for (const { name, differs, outcome, says, blocks } of each) {
      it(`${id} of ${name}: ${outcome}`, async () => {
        const found = await checkOf(id, differs);
        assert.equal(found.outcome, outcome, JSON.stringify(found));
        if (says !== undefined) assert.match(found.cause ?? found.note ?? '', says);
        if (blocks !== undefined) assert.deepEqual([...found.blocks].sort(), [...blocks].sort());
        assert.equal(found.cause !== undefined, outcome !== 'ok');
        if (outcome === 'problem' || outcome === 'warning') assert.ok(found.remedy);
        if (outcome === 'problem' || outcome === 'unknown') assert.ok(found.evidence.length > 0);
      });
    }
  }

  it('of everything is right on a healthy machine', async () => {
    const { checks } = await doctor({ goals: allGoals, answers: answersOf(healthy), root: 'C:\\layers' });
    const wrong = checks.filter(({ id, outcome }) => id in rows && outcome !== 'ok');
    assert.deepEqual(wrong, []);
  });

  it('stands in the way of the goals that were asked for only, and is a warning for others', async () => {
    const differs = { token: token({ ...user, hyperVAdministrators: true }) };
    const forAll = await checkOf('rights.elevated', differs, { goals: ['process', 'layers'] });
    assert.deepEqual([forAll.outcome, forAll.blocks], ['problem', ['layers']]);
    const forOther = await checkOf('rights.elevated', differs, { goals: ['process'] });
    assert.deepEqual([forOther.outcome, forOther.blocks], ['warning', []]);
    const forNone = await checkOf('rights.privileges', differs, { goals: ['process'] });
    assert.deepEqual([forNone.outcome, forNone.evidence], ['skipped', []]);
  });

  it('asks DISM only where the services do not tell', async () => {
    const { evidence } = await checkOf('feature.containers', { ...off, ...notChosen });
    assert.ok(!evidence.some(({ asked }) => asked.startsWith('feature ')));
  });
});
