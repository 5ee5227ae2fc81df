import assert from 'node:assert/strict';

import { HcsArgumentError, HcsError } from 'hostcompute';

function message(received: unknown): string {
  return new HcsArgumentError('options.size', 'must be a whole number', received).message;
}

describe('HcsArgumentError', () => {
  it('states what the field must be, what was received, and what to do', () => {
    const error = new HcsArgumentError('options.timeoutMs', 'must be a number above 0', -1, 'Leave it out.');
    assert.equal(error.message, '"options.timeoutMs" must be a number above 0; received -1. Leave it out.');
    assert.equal(error.field, 'options.timeoutMs');
    assert.equal(error.problem, 'must be a number above 0; received -1');
    assert.equal(error.remedy, 'Leave it out.');
    assert.ok(error instanceof TypeError);
  });

  it('omits the remedy when there is none', () => {
    assert.ok(!('remedy' in new HcsArgumentError('id', 'must be a string', 5)));
  });

  it('names a system or a process only when there is one', () => {
    for (const [error, members] of [
      [new HcsError('x', { code: 'E_FAIL', operation: 'HcsStartComputeSystem' }), []],
      [new HcsError('x', { code: 'E_FAIL', operation: 'HcsStartComputeSystem', systemId: 'a' }), ['systemId']],
    ] as const) {
      const optional = ['systemId', 'processId', 'layer', 'remedy'].filter((name) => name in error);
      assert.deepEqual(optional, members);
    }
  });

  const circle: unknown[] = [];
  circle.push(circle);
  class Point {
    readonly x = 1;
  }
  const shown: readonly (readonly [unknown, string])[] = [
    [undefined, 'undefined'],
    [null, 'null'],
    [-0, '-0'],
    [NaN, 'NaN'],
    [2n ** 70n, '1180591620717411303424n'],
    [false, 'false'],
    ['', '""'],
    ['a "b"\n', '"a \\"b\\"\\n"'],
    ['ab\0secret', 'a string with a NUL character at index 2'],
    ['x'.repeat(81), `a string of 81 characters that begins with "${'x'.repeat(40)}"`],
    [Symbol('s'), 'a symbol'],
    [() => undefined, 'a function'],
    [[], 'an empty array'],
    [['a'], 'an array of 1 element'],
    [circle, 'an array of 1 element'],
    [{ password: 1 }, 'an object'],
    [Object.create(null), 'an object'],
    [new Point(), 'an instance of Point'],
    [new Map(), 'an instance of Map'],
    [{ toString: () => assert.fail('it was called') }, 'an object'],
    [new Proxy({}, { getPrototypeOf: () => assert.fail('a trap of the caller') }), 'an object'],
  ];
  for (const [value, text] of shown) {
    it(`formats the received value as ${text}`, () => {
      assert.equal(message(value), `"options.size" must be a whole number; received ${text}.`);
    });
  }
});
