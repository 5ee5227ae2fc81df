// Recordings of machines: they are whole, give every check what the machine gave it, and name nobody.
import assert from 'node:assert/strict';
import { hostname, userInfo } from 'node:os';

import type { Answer, Answers, DoctorRecording } from 'hostcompute/doctor';
import { doctor, goals, recordMachine, replay } from 'hostcompute/doctor';

import { allQuestions } from '#dist/doctor/all-questions.js';
import { redactRecording } from '#dist/doctor/redact-answers.js';
import type { Table } from './healthy.js';
import { absent, answersOf, build, denied, healthy, hung, noService, token, value } from './healthy.js';

const owner = { profile: 'E:\\Homes\\bob', names: ['bob', 'DESKTOP-7XQ', 'CONTOSO'] };

function redacted(answers: Readonly<Record<string, Answer>>, root = 'D:\\layers'): DoctorRecording {
  return redactRecording({ schema: 1, made: '2026-11-30', version: '0.1.0', root, answers }, owner);
}

const valueOf = (question: string, is: unknown): unknown => {
  const answer = redacted({ [question]: value(is) }).answers[question]!;
  return 'value' in answer ? answer.value : answer;
};

describe('A recording of a machine', () => {
  const machines: readonly [name: string, differs: Table][] = [
    ['a healthy one', {}],
    ['one whose services are not there', { 'service vmcompute': noService, 'service hns': noService }],
    ['one that hangs and denies', { processor: hung, 'service vmms': denied, token: token({ elevated: false }) }],
    ['an old one', { system: build(14393) }],
  ];
  for (const [name, differs] of machines) {
    it(`gives each check what the machine gave it: ${name}`, async () => {
      const answers = answersOf({ ...healthy, ...differs });
      const root = 'C:\\layers';
      const live = await doctor({ goals, answers, root });
      const text = JSON.stringify(await recordMachine({ answers, root }));
      const played = await doctor({ goals, answers: replay(text) });
      const outcome = ({ id, ...check }: (typeof live.checks)[number]): unknown => [id, check.outcome, check.cause];
      assert.deepEqual(played.checks.map(outcome), live.checks.map(outcome));
      assert.deepEqual({ ...played.host, recorded: null }, live.host);
    });
  }

  it('has what a check would ask if another answer were different', async () => {
    const { answers } = await recordMachine({ answers: answersOf(healthy), root: 'C:\\layers' });
    for (const question of allQuestions('C:\\layers')) assert.ok(Object.hasOwn(answers, question), question);
    const asked = new Set<string>();
    const noting = (table: Table): Answers => ({
      ask: (question, signal) => {
        asked.add(question);
        return answersOf(table).ask(question, signal);
      },
    });
    const differing: readonly Answer[] = [absent, noService, denied, hung, value(null)];
    for (const question of Object.keys(healthy).filter((each) => each !== 'system')) {
      for (const answer of differing) {
        await doctor({ goals, answers: noting({ ...healthy, [question]: answer }), root: 'C:\\layers' });
      }
    }
    const byAnswers = /^(file|environment|host)\b/;
    const lacks = [...asked].filter((question) => !byAnswers.test(question) && !Object.hasOwn(answers, question));
    assert.deepEqual(lacks, []);
  });

  it('is in the order of its questions, and says which version made it', async () => {
    const { answers, schema, version, made, root } = await recordMachine({
      answers: answersOf(healthy),
      root: 'C:\\layers',
    });
    assert.deepEqual(Object.keys(answers), Object.keys(answers).sort());
    assert.deepEqual([schema, root], [1, 'C:\\layers']);
    assert.match(version, /^\d+\.\d+\.\d+/);
    assert.ok(Date.now() - Date.parse(made) < 60_000);
  });

  it('of this machine does not name its user or itself', async () => {
    const { username } = userInfo();
    const names = [username, hostname()].filter((name) => name.length > 2);
    const networks = value(names.map((name) => ({ name, type: 'nat', prefixes: [] })));
    const { answers } = await recordMachine({ answers: answersOf({ ...healthy, networks }), root: 'C:\\layers' });
    for (const name of names) assert.ok(!JSON.stringify(answers.networks).includes(name));
  });
});

describe('Redaction', () => {
  it('takes profiles out of paths, in questions and in the root as well', () => {
    const paths = ['E:\\Homes\\bob\\layers', 'c:\\users\\Alice\\layers', 'C:/Users/alice.contoso/layers'];
    for (const path of paths) {
      const { root, answers } = redacted({ [`volume ${path}`]: value({ folder: path }) }, path);
      assert.match(root, /^%USERPROFILE%[\\/]layers$/);
      assert.deepEqual(answers, { [`volume ${root}`]: value({ folder: root }) });
    }
  });

  it('leaves paths of everybody as they are', () => {
    for (const path of ['C:\\Users\\Public\\layers', 'C:\\ProgramData\\hostcompute', 'C:\\bobs']) {
      assert.deepEqual(valueOf('environment X', path), path);
    }
  });

  it('takes out names of the owner as whole words', () => {
    assert.equal(valueOf('environment X', 'D:\\Bob\\x'), 'D:\\<name>\\x');
    assert.deepEqual(valueOf('networks', [{ name: 'vm of DESKTOP-7XQ, bobsled' }]), [
      { name: 'vm of <name>, bobsled' },
    ]);
  });

  it('takes out other accounts, servers, SIDs, MAC addresses and mail addresses', () => {
    assert.deepEqual(valueOf('systems', [{ owner: 'FABRIKAM\\alice' }]), [{ owner: '<account>' }]);
    assert.deepEqual(valueOf('systems', [{ owner: 'alice@fabrikam.example' }]), [{ owner: '<account>' }]);
    assert.equal(valueOf('environment X', '\\\\fs01\\share'), '\\\\server\\share');
    assert.equal(valueOf('registry a:b', 'S-1-5-21-1-2-3-1001'), 'S-1-5-21-0');
    assert.equal(valueOf('registry a:b', 'at 00-15-5D-01-02-03'), 'at 00-00-00-00-00-00');
  });

  it('leaves the vocabulary of Windows as it is, whatever the owner is called', () => {
    const words = { profile: undefined, names: ['server', 'running', 'vmcompute'] };
    const answers = { [`service vmcompute`]: value({ state: 4 }), 'registry v:InstallationType': value('Server Core') };
    const recording = { schema: 1, made: '2026-11-30', version: '0.1.0', root: 'D:\\layers', answers } as const;
    assert.deepEqual(redactRecording(recording, words), recording);
  });

  it('masks public addresses, the same one in the same way, and leaves others and versions', () => {
    const prefixes = ['10.1.2.3/24', '52.94.1.1/20', '192.168.0.1/16', '172.31.0.1/12', 'fe80::1/64', '2a01:111::5/48'];
    const [adapter] = valueOf('addresses', [{ name: 'Ethernet', prefixes: [...prefixes, '52.94.1.1/20'] }]) as [
      { readonly name: string; readonly prefixes: readonly string[] },
    ];
    assert.equal(adapter.name, 'Ethernet');
    const [ten, one, private16, private12, link, six, again] = adapter.prefixes;
    assert.deepEqual(
      [ten, private16, private12, link],
      ['10.1.2.3/24', '192.168.0.1/16', '172.31.0.1/12', 'fe80::1/64'],
    );
    assert.match(one!, /^198\.18\.\d+\.0\/20$/);
    assert.equal(again, one);
    assert.match(six!, /^2001:db8:\w+::\/48$/);
    assert.deepEqual(valueOf('routes', [{ destination: '0.0.0.0/0' }]), [{ destination: '0.0.0.0/0' }]);
    assert.deepEqual(valueOf('library vmcompute.dll', { version: '10.0.20348.1' }), { version: '10.0.20348.1' });
  });

  it('leaves what is no text as it is', () => {
    for (const answer of [value(null), value([1, true, {}]), hung]) {
      assert.deepEqual(redacted({ memory: answer }).answers.memory, answer);
    }
  });
});
