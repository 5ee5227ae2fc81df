import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { functionTable } from '../../src/policy/functions.js';
import { planners } from '../../src/calls/plans.js';
import { Bench, container, policyOf } from '../support/broker.js';

const list = readFileSync(new URL('../../../../../native/abi/functions.def', import.meta.url), 'utf8');
const functions = [...list.matchAll(/^HC_(?:FUNCTION\(|RETURNS\(\w+, )(\w+), (\w+), (.*)\)$/gm)].map(
  ([, library, name, rest]) => ({
    key: `${library!}.${name!}`,
    name: name!,
    library: library!,
    inputs: [...rest!.matchAll(/(?:In|Release)<\w+>\{"(\w+)"\}/g)].map(([, input]) => input!),
    texts: [...rest!.matchAll(/In<Text>\{"(\w+)"\}/g)].map(([, input]) => input!),
  }),
);
const all = new Map(functions.map(({ key, inputs }) => [key, inputs]));

const folder = { driver: { flavour: 1, homeDir: '' }, layer: 'D:\\work\\x', parent: 'D:\\base\\x', parents: [] };
const document = JSON.stringify(container({ GuestOs: { HostName: 'client' } }));
const change = ' {"ResourcePath":"Container/MappedDirectories","Settings":{"ContainerPath":"client"}}';

describe('the texts of a call', () => {
  for (const { key, name, texts } of functions.filter(({ key }) => key in planners)) {
    if (texts.length === 0 || name === 'NameToGuid') continue;
    it(`are none of the client's in ${key}`, async () => {
      const bench = new Bench();
      const client = bench.connect();
      const { handle } = await client.create('web');
      await client.allowed(
        'HcsCreateProcess',
        { computeSystem: handle, processParameters: '{}' },
        { outputs: { process: 9 } },
      );
      if (functionTable[key] === 'layers' && !name.startsWith('Create')) await client.allowed('CreateLayer', folder);
      const given = {
        ...folder,
        id: 'web',
        query: ' {}',
        configuration: name === 'HcsModifyComputeSystem' ? change : document,
        computeSystem: handle,
        process: 9,
        options: '',
        settings: ' {"Operation":"ConsoleSize"}',
        propertyQuery: ' {}',
        processParameters: ' {"CommandLine":"client"}',
      };
      if (name === 'HcsSignalProcess') given.options = ' {"Signal":"CtrlC"}';
      const inputs = Object.fromEntries(Object.entries(given).filter(([input]) => all.get(key)!.includes(input)));
      const decision = await client.decide(name, inputs);
      assert.ok('allow' in decision, JSON.stringify(decision));
      for (const text of texts) assert.ok(text in decision.allow, text);
      for (const text of texts) if (!(text in folder)) assert.notEqual(decision.allow[text], inputs[text]);
    });
  }
});

describe('the table of functions', () => {
  it('has each function of native/abi/functions.def, and no other', () => {
    const remedy =
      'Add the function to packages/broker/src/policy/functions.ts, as "never" until somebody decides about it.';
    assert.deepEqual(Object.keys(functionTable).sort(), functions.map(({ key }) => key).sort(), remedy);
  });

  it('has a decision for each function that a policy can allow', () => {
    const allowed = Object.keys(functionTable).filter((key) => functionTable[key] !== 'never');
    assert.deepEqual(Object.keys(planners).sort(), allowed.sort());
  });

  for (const { key, library, name, inputs } of functions.filter(({ key }) => functionTable[key] === 'never')) {
    it(`refuses ${key} under any policy`, async () => {
      const bench = new Bench();
      const client = bench.connect();
      const given = Object.fromEntries(inputs.map((input) => [input, '']));
      const decision = await bench.broker.decide(client.call(name, given, library));
      assert.ok('refuse' in decision);
      assert.equal(decision.refuse, 0x80070005);
    });
  }

  it('refuses a function that is not known', async () => {
    const client = new Bench().connect();
    for (const name of ['HcsFormatHost', '__proto__', 'constructor', '']) {
      assert.equal((await client.refused(name, {})).status, 0x80070005);
    }
  });

  for (const { key, name, library, inputs } of functions.filter(({ key }) => functionTable[key] !== 'close')) {
    it(`refuses ${key} where the rule does not allow it`, async () => {
      const bench = new Bench(policyOf({ calls: [] }));
      const client = bench.connect();
      const decision = await bench.broker.decide(
        client.call(name, Object.fromEntries(inputs.map((input) => [input, null])), library),
      );
      assert.ok('refuse' in decision);
      assert.match(decision.message, /^The policy does not allow /);
    });
  }
});
