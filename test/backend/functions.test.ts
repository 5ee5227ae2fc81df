import assert from 'node:assert/strict';

import { functions } from '#dist/backend/functions.js';
import { nameOf } from '#dist/backend/keys.js';
import { loadAddon } from '#dist/backend/load.js';
import type { NativeAddon } from '#dist/backend/addon.js';
import { simulatorLibraries } from '#dist/backend/load.js';

import { givenOf, isCoreOnly } from './core-functions.js';

type Name = keyof typeof functions;
const names = Object.keys(functions) as Name[];

describe('The function table', () => {
  it('matches the table that the addon was compiled with', () => {
    const mirrored = names.map((name) => ({
      name: nameOf(name),
      library: functions[name].library,
      completion: functions[name].completion,
      parameters: functions[name].parameters.map((parameter) => parameter.join(' ')),
    }));
    assert.deepEqual(loadAddon().functions, mirrored);
  });
});

describe('The addon', () => {
  let host: InstanceType<NativeAddon['Host']>;

  before(() => {
    const { Host } = loadAddon();
    host = new Host(simulatorLibraries(), 4, () => undefined, new Float64Array(256 * 8));
  });
  after(() => host.end(1000));

  for (const [index, key] of names.entries()) {
    const name = nameOf(key);
    const given = givenOf(key);

    if (isCoreOnly(key)) {
      it(`does not allow JavaScript to call ${name}`, () => {
        assert.throws(() => host.call(index, true, {}), { name: 'TypeError', message: /called by the core alone/ });
      });
      continue;
    }

    if (given.length === 0) {
      it(`accepts ${name} without arguments`, () => {
        assert.ok(host.call(index, true) > 0);
      });
      continue;
    }

    it(`throws for ${name} without its arguments`, () => {
      assert.throws(() => host.call(index, true), { name: 'TypeError' });
    });

    for (const wrong of [Symbol('x'), {}, 1.5, true, () => 1]) {
      it(`throws for a ${typeof wrong} in each parameter of ${name}`, () => {
        assert.throws(() => host.call(index, true, ...given.map(() => wrong)), { name: 'TypeError' });
      });
    }

    it(`throws for an embedded NUL in ${name}`, () => {
      if (!given.every(([, kind]) => kind === 'Text')) return;
      assert.throws(() => host.call(index, true, ...given.map(() => 'a\0b')), { message: /NUL/ });
    });
  }

  it('throws for a number outside the table', () => {
    assert.throws(() => host.call(names.length, true), { message: /no function has this number/ });
  });

  it('throws for methods called on another object', () => {
    assert.throws(() => host.call.call({} as never, 0, true, '{}'), { name: 'TypeError' });
  });

  it('throws for a library that cannot be loaded, with the reason', () => {
    const { Host } = loadAddon();
    const open = () => new Host({ vmcompute: '/no/such/library' }, 4, () => undefined, new Float64Array(256 * 8));
    assert.throws(open, { code: 'ERR_HC_LIBRARY' });
  });

  it('throws for a batch buffer that is too small', () => {
    const { Host } = loadAddon();
    assert.throws(() => new Host(simulatorLibraries(), 4, () => undefined, new Float64Array(6)), { name: 'TypeError' });
  });
});
