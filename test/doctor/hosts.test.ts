// Recorded hosts, played back: what every check finds on each, and that a check depends on what it asks and on nothing else.
import assert from 'node:assert/strict';

import type { Answer, CheckResult, DoctorReport } from 'hostcompute/doctor';
import { doctor, goals, recordMachine, replay } from 'hostcompute/doctor';

import type { RecordedHost } from './hosts/hosts.js';
import { hosts } from './hosts/hosts.js';
import type { Answered } from './hosts/server-2022.js';
import { recordingOf, root } from './hosts/server-2022.js';
import { answersOf } from './healthy.js';
import { oddValue, randomNumbers } from './odd-values.js';

const look = ({ differs, image }: Pick<RecordedHost, 'differs' | 'image'>): Promise<DoctorReport> =>
  doctor({ goals, answers: replay(recordingOf(differs)), ...(image !== undefined && { image }) });

const outcomesOf = ({ checks }: DoctorReport): Record<string, string> =>
  Object.fromEntries(checks.map(({ id, outcome }) => [id, outcome]));

const healthy = recordingOf({}).answers;
const examine = (answers: Answered): Promise<DoctorReport> => doctor({ goals, root, answers: answersOf(answers) });

describe('A recorded host', () => {
  it('is healthy where nothing differs', async () => {
    const { image, ...others } = outcomesOf(await look({ differs: {} }));
    assert.equal(image, 'skipped', 'no image is named');
    assert.deepEqual([...new Set(Object.values(others))], ['ok']);
    assert.equal(Object.keys(others).length, 33);
  });

  for (const host of hosts) {
    it(`has the outcome of every check: ${host.name}`, async () => {
      const report = await look(host);
      const base = outcomesOf(await look({ differs: {} }));
      assert.deepEqual(outcomesOf(report), { ...base, ...host.finds });
      for (const { id, outcome, cause = '', remedy = '', evidence } of report.checks) {
        assert.equal(cause.length > 0, outcome !== 'ok', id);
        if (outcome === 'problem' || outcome === 'warning') {
          assert.ok(remedy.length > 0, id);
          assert.ok(evidence.length > 0, id);
        }
      }
    });

    it(`is whole, as a recording of it would be: ${host.name}`, async () => {
      const recording = recordingOf(host.differs);
      const again = await recordMachine({ answers: replay(JSON.stringify(recording)), root });
      assert.deepEqual(again.answers, recording.answers);
    });
  }

  it('names the cause and the remedy', async () => {
    const said = async (name: string, id: string): Promise<string> => {
      const host = hosts.find((each) => each.name === name);
      const { checks } = await look(host!);
      const { cause = '', remedy = '' } = checks.find((check) => check.id === id)!;
      return `${cause} ${remedy}`;
    };
    assert.match(await said('a compressed folder', 'disk.filesystem'), /0xC03A001A.*compact \/u \/s:"D:\\layers"/);
    assert.match(await said('a root on a trusted Dev Drive', 'disk.devdrive'), /\(trusted\).*fsutil devdrv query D:/);
    assert.match(
      await said('a VPN with routes into the nat', 'net.nat'),
      /172\.24\.0\.0\/20 of the network nat overlaps 172\.16\.0\.0\/12 of the route by 10\.8\.0\.1.*192\.168\.0\.0\/24/,
    );
    assert.match(
      await said('no network of type nat', 'net.nat'),
      /networks create --type nat --subnet 172\.16\.0\.0\/20 nat/,
    );
    assert.match(
      await said('Microsoft Defender without an exclusion', 'antivirus'),
      /Add-MpPreference -ExclusionPath 'D:\\layers'/,
    );
    assert.match(await said('an image of Server 2025 on Windows 11 25H2', 'image'), /0xC0370112.*ltsc2022/);
    assert.match(await said('no page file', 'memory'), /AutomaticManagedPagefile/);
    assert.match(await said('two engines with one nat', 'neighbours'), /Docker Engine and containerd/);
  });
});

const changes: readonly (readonly [string, Answer])[] = [
  ['denied', { error: 5, call: 'x' }],
  ['hung', { hung: 2000 }],
  ['not there', { error: 2, call: 'x' }],
  ['no service', { error: 1060, call: 'x' }],
  ['failed', { error: 0x8000ffff, call: 'x' }],
  ['null', { value: null }],
  ['a number', { value: -1 }],
  ['a text', { value: 'odd' }],
  ['an empty list', { value: [] }],
  ['a list of numbers', { value: [1] }],
  ['an empty object', { value: {} }],
  ['an object of its own', { value: { value: {}, type: [], state: '4', prefixes: 1 } }],
];

describe('Changing one answer', () => {
  let unchanged: ReadonlyMap<string, CheckResult>;

  before(async () => {
    const { checks } = await examine(healthy);
    unchanged = new Map(checks.map((check) => [check.id, check]));
  });

  it('is seen: each check names what it asks', () => {
    for (const { id, evidence } of unchanged.values()) assert.equal(evidence.length === 0, id === 'image', id);
  });

  for (const question of Object.keys(healthy)) {
    it(`changes the checks alone that name it: ${question}`, async () => {
      for (const [name, answer] of changes) {
        const { checks } = await examine({ ...healthy, [question]: answer });
        for (const check of checks) {
          if (check.evidence.some(({ asked }) => asked === question)) continue;
          assert.deepEqual({ ...check, ms: 0 }, { ...unchanged.get(check.id), ms: 0 }, `${check.id}, ${name}`);
        }
      }
    });
  }
});

describe('Answers of any kind', () => {
  it('never make the doctor throw, nor a check say nothing', async () => {
    for (let seed = 1; seed <= 200; seed++) {
      const next = randomNumbers(seed);
      const answers = Object.fromEntries(
        Object.entries(healthy).map(([question, answer]): [string, Answer] => [
          question,
          next() < 0.4 ? answer : oddValue(next, answer),
        ]),
      );
      const { checks } = await examine(answers);
      assert.equal(checks.length, 34);
      for (const { id, outcome, cause } of checks) {
        assert.ok(outcome === 'ok' || (cause ?? '').length > 0, `${id}, seed ${seed}`);
        assert.doesNotMatch(
          cause ?? '',
          /is not a function|Cannot read|is not iterable|undefined/,
          `${id}, seed ${seed}`,
        );
      }
    }
  });
});
