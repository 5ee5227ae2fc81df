// Documents and policies by chance, from a seed: nothing fails but by a refusal, and nothing gets through that a rule is against.
import assert from 'node:assert/strict';

import { tables } from '../../src/documents/types.js';
import type { Shape } from '../../src/documents/shapes.js';
import type { SchemaMajor } from '../../src/documents/types.js';
import { PolicyError } from '../../src/policy/fields.js';
import { readPolicy } from '../../src/policy/read-policy.js';
import { anna, Bench, endpoint, users } from '../support/broker.js';

type Chance = (below: number) => number;

/** A generator of Park and Miller: the same cases on every machine. */
function chanceOf(seed: number): Chance {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

const hostile = [
  'C:\\Windows\\evil',
  'D:\\base\\..\\evil',
  'D:\\base-evil\\x',
  '\\\\.\\pipe\\evil',
  '\\\\evil\\share',
  'D:\\base\\NUL',
  'D:\\work\\x:evil',
  'S-1-1-0',
  'D:(A;;GA;;;WD)',
  '',
  '__proto__',
  null,
  true,
  -1,
  1.5,
  2 ** 60,
  [],
  {},
  [[]],
  { evil: 'C:\\evil' },
];
const friendly = ['D:\\base\\one', 'D:\\work\\two', '\\\\.\\pipe\\team-console', endpoint, 'name', '0', 1, 4, false];

/** A value that is mostly of its shape. */
function valueOf(schema: SchemaMajor, shape: Shape, chance: Chance, depth: number): unknown {
  const dice = chance(40);
  if (dice < 2) return hostile[chance(hostile.length)];
  if (dice < 4) return friendly[chance(friendly.length)];
  switch (shape.is) {
    case 'object':
      return depth > 7 ? {} : objectOf(schema, shape.type, chance, depth + 1);
    case 'list':
      return Array.from({ length: chance(3) }, () => valueOf(schema, shape.of, chance, depth + 1));
    case 'map':
      return { [[endpoint, '0', '1', 'x', '../x'][chance(4)]!]: valueOf(schema, shape.of, chance, depth + 1) };
    case 'flag':
      return shape.only ?? chance(2) === 0;
    case 'whole':
      return chance(Math.min(shape.max, 1 << 20) + 1) & (shape.bits ?? -1);
    case 'word':
      return shape.of[chance(shape.of.length)];
    case 'text':
      return shape.form === undefined
        ? 'text'
        : [endpoint, '00-11-22-33-44-55', 'name', 'AAAA'].find((one) => shape.form!.test(one));
    case 'pipe':
      return '\\\\.\\pipe\\team-console';
    case 'network':
      return endpoint;
    case 'system':
      return 'own';
    case 'file':
    case 'volume':
      return 'D:\\work\\two';
    default:
      return hostile[chance(hostile.length)];
  }
}

function objectOf(schema: SchemaMajor, type: string, chance: Chance, depth: number): Record<string, unknown> {
  const members = Object.entries(tables[schema][type]!).filter(
    ([, [, shape]]) => shape.is !== 'refused' || chance(60) === 0,
  );
  const few = members.filter(() => chance(depth === 0 ? 2 : 3) === 0);
  const made = Object.fromEntries(few.map(([name, [, shape]]) => [name, valueOf(schema, shape, chance, depth)]));
  return chance(200) === 0 ? { ...made, Evil: 'C:\\evil' } : made;
}

/** Fails on anything in a document of the host that a client may not have put there. */
function check(schema: SchemaMajor, shape: Shape, value: unknown, held: ReadonlySet<string>, owner: string): void {
  switch (shape.is) {
    case 'object':
      for (const [name, member] of Object.entries(value as object)) {
        const line = tables[schema][shape.type]![name];
        assert.ok(line !== undefined, name);
        check(schema, line[1], member, held, owner);
      }
      break;
    case 'list':
      for (const one of value as unknown[]) check(schema, shape.of, one, held, owner);
      break;
    case 'map':
      for (const one of Object.values(value as object)) check(schema, shape.of, one, held, owner);
      break;
    case 'file':
    case 'volume':
      assert.ok(held.has(value as string), String(value));
      assert.match(value as string, /^D:\\(?:base|work)\\(?:one|two)$/);
      break;
    case 'pipe':
      assert.equal(value, '\\\\.\\pipe\\team-console');
      break;
    case 'network':
      assert.equal(value, endpoint);
      break;
    case 'system':
      assert.equal(value, `${owner}-own`);
      break;
    case 'set': {
      const set = [owner, true, `D:P(A;;FA;;;SY)(A;;FA;;;${anna})`, [anna]].map((each) => JSON.stringify(each));
      assert.ok(set.includes(JSON.stringify(value)));
      break;
    }
    case 'refused':
      assert.fail('what is refused came through');
      break;
    default:
      assert.ok(['string', 'number', 'boolean'].includes(typeof value));
  }
}

describe('documents by chance', () => {
  for (const [schema, type] of [
    [2, 'ComputeSystem'],
    [1, 'ContainerConfig'],
  ] as const) {
    it(`of schema ${schema} bring nothing to the host that the policy is against`, async () => {
      const chance = chanceOf(20_261_130 + schema);
      let allowed = 0;
      for (let turn = 0; turn < 2000; turn++) {
        const bench = new Bench();
        const client = bench.connect(anna);
        const { hostId } = await client.create('own');
        const document = objectOf(schema, type, chance, 0);
        if (schema === 2) document.SchemaVersion = { Major: 2, Minor: 1 };
        if (schema === 2 && chance(2) === 0) delete document.HostedSystem;
        if (schema === 2) document[['Container', 'VirtualMachine'][chance(2)]!] = undefined;
        if (schema === 1 && chance(2) === 0) document.Name = 'probe';
        const inputs = { id: 'probe', configuration: JSON.stringify(document), identity: null };
        const decision = await client.decide('HcsCreateComputeSystem', inputs);
        if ('refuse' in decision) {
          assert.notEqual(decision.message, 'The broker could not decide about the call.', inputs.configuration);
          continue;
        }
        allowed++;
        const sent: unknown = JSON.parse(decision.allow.configuration as string);
        const owner = hostId.slice(0, -'-own'.length);
        if (schema === 1) {
          const { Name, ...rest } = sent as { Name?: string };
          assert.ok(Name === undefined || Name === `${owner}-probe`);
          check(schema, { is: 'object', type }, rest, bench.folders.held, owner);
        } else {
          check(schema, { is: 'object', type }, sent, bench.folders.held, owner);
        }
      }
      assert.ok(allowed > 50, `${allowed} of 2000`);
    });
  }
});

describe('policies by chance', () => {
  it('are whole or an error that names a field', () => {
    const chance = chanceOf(77);
    const source = JSON.stringify({
      version: 1,
      rules: [
        {
          name: 'a',
          users: [anna],
          groups: [users],
          prefix: 'a',
          calls: ['look', 'HcsStartComputeSystem'],
          folders: [{ path: 'D:\\x', use: ['disks'], access: 'read', perUser: true }],
          pipes: ['\\\\.\\pipe\\x'],
          networks: [endpoint],
          limits: { systems: 1 },
        },
      ],
      audit: { required: true, textLength: 64 },
    });
    const pieces = [
      '"',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      'null',
      '1',
      '-1',
      'true',
      '"x"',
      '\\',
      '..',
      '\u0000',
      'S-1-1-0',
      '*',
    ];
    for (let turn = 0; turn < 5000; turn++) {
      const at = chance(source.length);
      const given = source.slice(0, at) + pieces[chance(pieces.length)]! + source.slice(at + chance(6));
      try {
        const { rules, audit } = readPolicy(given, 'windows');
        assert.equal(typeof audit.required, 'boolean');
        for (const { prefix, folders, limits } of rules) {
          assert.match(prefix, /^[a-z][a-z\d]{0,15}$/);
          assert.ok(Object.values(limits).every((limit) => Number.isSafeInteger(limit) && limit >= 0));
          for (const { path } of folders) assert.doesNotMatch(path, /\.\.|\*|^\\/);
        }
      } catch (error) {
        assert.ok(error instanceof PolicyError, String(error));
      }
    }
  });
});
