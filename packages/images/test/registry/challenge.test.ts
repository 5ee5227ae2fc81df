import { deepEqual, equal, ok } from 'node:assert/strict';

import { parseChallenges } from '../../src/registry/challenge.js';

const parsed = (header: string) =>
  parseChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);

describe('parseChallenges()', () => {
  const headers: Record<string, unknown[]> = {
    '': [],
    Basic: [['basic', {}]],
    'Basic realm="a b"': [['basic', { realm: 'a b' }]],
    'bearer REALM=x , service = "y",scope="repository:a:pull,push repository:b:pull"': [
      ['bearer', { realm: 'x', service: 'y', scope: 'repository:a:pull,push repository:b:pull' }],
    ],
    'Basic realm="a, Bearer realm=b", Bearer realm="c"': [
      ['basic', { realm: 'a, Bearer realm=b' }],
      ['bearer', { realm: 'c' }],
    ],
    'Negotiate abc123==, NTLM, Basic realm=x': [
      ['negotiate', {}],
      ['ntlm', {}],
      ['basic', { realm: 'x' }],
    ],
    'Bearer realm="a\\"b\\\\c"': [['bearer', { realm: 'a"b\\c' }]],
    'Bearer realm="never ends': [['bearer', {}]],
    'Bearer realm=': [['bearer', {}]],
    ', ,Bearer realm=x,,service=y,': [['bearer', { realm: 'x', service: 'y' }]],
    'realm="of nobody"': [],
    'Bearer a=1 {nonsense} b=2': [['bearer', { a: '1' }]],
  };
  for (const [header, challenges] of Object.entries(headers)) {
    it(`reads ${JSON.stringify(header)}`, () => deepEqual(parsed(header), challenges));
  }

  it('has no prototype among its parameters', () => {
    const [challenge] = parseChallenges('Bearer __proto__=x, constructor=y');
    equal(challenge?.parameters.get('__proto__'), 'x');
    equal(challenge.parameters.get('toString'), undefined);
  });

  it('reads what is long in a time that grows with it', () => {
    for (const piece of ['a ', 'a=', 'a="', '\\"', ' ', ',', 'a=b,', '=']) {
      ok(parseChallenges(piece.repeat(16_000)).length <= 16_000);
    }
  });
});
