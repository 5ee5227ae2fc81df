import assert from 'node:assert/strict';

import type { PublishedPort } from '#dist/network/documents/ports.js';
import { parsePorts } from '#dist/network/documents/ports.js';
import fc from 'fast-check';

const field = 'options.ports[0]';
const one = (text: string): PublishedPort => {
  const [port, ...more] = parsePorts(text, field);
  assert.deepEqual(more, []);
  return port!;
};

describe('Published ports', () => {
  const tcp = { protocol: 'tcp', address: undefined, family: 4 } as const;
  const forms: readonly (readonly [text: string, port: PublishedPort])[] = [
    ['80:8888', { ...tcp, externalPort: 80, internalPort: 8888 }],
    ['80:8888/tcp', { ...tcp, externalPort: 80, internalPort: 8888 }],
    ['53:53/udp', { ...tcp, protocol: 'udp', externalPort: 53, internalPort: 53 }],
    ['53:53/UDP', { ...tcp, protocol: 'udp', externalPort: 53, internalPort: 53 }],
    ['127.0.0.1:8080:80', { ...tcp, address: '127.0.0.1', externalPort: 8080, internalPort: 80 }],
    ['[::1]:8443:443', { ...tcp, address: '::1', family: 6, externalPort: 8443, internalPort: 443 }],
    ['0.0.0.0:80:8888', { ...tcp, externalPort: 80, internalPort: 8888 }],
    ['[::]:80:8888', { ...tcp, family: 6, externalPort: 80, internalPort: 8888 }],
    ['8888', { ...tcp, externalPort: undefined, internalPort: 8888 }],
    [':8888', { ...tcp, externalPort: undefined, internalPort: 8888 }],
    ['127.0.0.1::80', { ...tcp, address: '127.0.0.1', externalPort: undefined, internalPort: 80 }],
  ];
  for (const [text, port] of forms) it(`are read from ${text}`, () => assert.deepEqual(one(text), port));

  it('have ranges of the same length', () => {
    assert.deepEqual(
      parsePorts('8000-8002:9000-9002/udp', field).map(({ externalPort, internalPort }) => [
        externalPort,
        internalPort,
      ]),
      [
        [8000, 9000],
        [8001, 9001],
        [8002, 9002],
      ],
    );
  });

  const wrong = [
    ...[
      '',
      ':',
      '0:80',
      '80:0',
      '80:65536',
      '65536:80',
      '080:80',
      '80:80:80:80',
      '80:80/sctp',
      '80:80/',
      'http:80',
      ' 80:80',
    ],
    ...['::1:8443:443', '[::1]:443', '[127.0.0.1]:80:80', '300.0.0.1:80:80', '[]:80:80', '[::1]80:80'],
    ...['8000-8002:9000-9001', '8002-8000:80-82', '1-2-3:1-3', '-80:80', '1-65535:1-65535'],
  ];
  for (const text of wrong) {
    it(`are refused as ${JSON.stringify(text)}`, () =>
      assert.throws(() => parsePorts(text, field), { code: 'ERR_HC_ARGUMENT', field }));
  }

  it('are read as they were written, or refused', () => {
    const port = fc.integer({ min: 0, max: 70_000 });
    const address = fc.constantFrom('', '127.0.0.1:', '[fd00::7]:');
    const protocol = fc.constantFrom('', '/tcp', '/udp');
    fc.assert(
      fc.property(address, port, port, protocol, (where, outside, inside, what) => {
        const text = `${where}${outside}:${inside}${what}`;
        const isPort = (number: number): boolean => number >= 1 && number <= 65_535;
        if (!isPort(outside) || !isPort(inside)) {
          assert.throws(() => parsePorts(text, field), { field });
          return;
        }
        assert.deepEqual(one(text), {
          protocol: what === '/udp' ? 'udp' : 'tcp',
          internalPort: inside,
          externalPort: outside,
          address: where === '' ? undefined : where.replace(/^\[?([^\]]*?)\]?:$/, '$1'),
          family: where.startsWith('[') ? 6 : 4,
        });
      }),
    );
  });
});
