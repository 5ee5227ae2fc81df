import assert from 'node:assert/strict';

import type { IpPrefix } from '#dist/network/documents/addresses.js';
import {
  addressText,
  contains,
  gatewayOf,
  isSame,
  isUsable,
  isWithin,
  overlaps,
  parseAddress,
  parsePrefix,
  prefixText,
} from '#dist/network/documents/addresses.js';
import { canonicalMac, isMac } from '#dist/network/documents/mac-addresses.js';
import fc from 'fast-check';

// A model: an address is a number of so many bits.
interface Modelled {
  readonly family: 4 | 6;
  readonly value: bigint;
  readonly bits: number;
}

const widths = { 4: 32, 6: 128 } as const;

function textOf({ family, value }: Pick<Modelled, 'family' | 'value'>): string {
  const parts = family === 4 ? { count: 4, bits: 8n, radix: 10 } : { count: 8, bits: 16n, radix: 16 };
  const each = Array.from({ length: parts.count }, (_, index) => {
    const shift = BigInt(parts.count - 1 - index) * parts.bits;
    return ((value >> shift) & ((1n << parts.bits) - 1n)).toString(parts.radix);
  });
  return each.join(family === 4 ? '.' : ':');
}

const firstOf = ({ family, value, bits }: Modelled): bigint => {
  const rest = BigInt(widths[family] - bits);
  return (value >> rest) << rest;
};
const lastOf = (modelled: Modelled): bigint =>
  firstOf(modelled) + (1n << BigInt(widths[modelled.family] - modelled.bits)) - 1n;

// Few values, so that many are near each other.
const modelled = fc.constantFrom(4 as const, 6 as const).chain((family) =>
  fc.record({
    family: fc.constant(family),
    value: fc.oneof(
      fc.bigInt({ min: 0n, max: (1n << BigInt(widths[family])) - 1n }),
      fc.bigInt({ min: 0n, max: 600n }),
    ),
    bits: fc.oneof(
      fc.integer({ min: 0, max: widths[family] }),
      fc.integer({ min: widths[family] - 10, max: widths[family] }),
    ),
  }),
);
const prefixOf = (given: Modelled): IpPrefix => parsePrefix(`${textOf(given)}/${given.bits}`)!;

describe('IP addresses', () => {
  for (const text of [
    '',
    '10.1',
    '0x7f.0.0.1',
    '010.0.0.1',
    '1.2.3.4.5',
    '256.1.1.1',
    'fe80::1%3',
    '[::1]',
    '1::2::3',
    ' ::1',
  ]) {
    it(`are not ${JSON.stringify(text)}`, () => assert.equal(parseAddress(text), undefined));
  }
  for (const text of [
    '10.0.0.0',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/08',
    'fd00::/129',
    '10.0.0.0/8/8',
    '/8',
    '10.0.0.0/-1',
  ]) {
    it(`have no prefix ${JSON.stringify(text)}`, () => assert.equal(parsePrefix(text), undefined));
  }

  it('are the same whatever they are written as', () => {
    assert.ok(isSame(parseAddress('fd00:0:0:0:0:0:0:1')!, parseAddress('FD00::1')!));
    assert.equal(addressText(parseAddress('FD00:0::1')!), 'fd00::1');
    assert.ok(!isSame(parseAddress('0.0.0.1')!, parseAddress('::1')!));
  });

  it('are read as a model has them', () => {
    fc.assert(
      fc.property(modelled, (given) => {
        const address = parseAddress(textOf(given))!;
        assert.equal(address.family, given.family);
        assert.ok(isSame(parseAddress(addressText(address))!, address));
        const first = parsePrefix(prefixText(prefixOf(given)))!;
        assert.ok(isSame(first, parseAddress(textOf({ ...given, value: firstOf(given) }))!));
        assert.equal(first.bits, given.bits);
      }),
    );
  });

  it('are in a prefix, and usable, as in a model', () => {
    fc.assert(
      fc.property(modelled, modelled, (outer, inner) => {
        const isIn = outer.family === inner.family && inner.value >= firstOf(outer) && inner.value <= lastOf(outer);
        const [prefix, address] = [prefixOf(outer), prefixOf(inner)];
        assert.equal(contains(prefix, address), isIn);
        assert.equal(isWithin(address, prefix), isIn && inner.bits >= outer.bits);
        if (!isIn) return;
        const isSmall = widths[outer.family] - outer.bits < 2;
        const isLast = outer.family === 4 && inner.value === lastOf(outer);
        assert.equal(isUsable(prefix, address), isSmall || (inner.value !== firstOf(outer) && !isLast));
      }),
    );
  });

  it('have a gateway that is usable', () => {
    fc.assert(
      fc.property(modelled, (given) => {
        const gateway = gatewayOf(prefixOf(given));
        assert.ok(contains(prefixOf(given), gateway) && isUsable(prefixOf(given), gateway));
      }),
    );
  });

  it('overlap as in a model', () => {
    fc.assert(
      fc.property(fc.array(modelled, { maxLength: 8 }), (all) => {
        const share = (a: Modelled, b: Modelled): boolean =>
          a.family === b.family && firstOf(a) <= lastOf(b) && firstOf(b) <= lastOf(a);
        const found = overlaps(all.map(prefixOf));
        for (const [later, earlier] of found) assert.ok(later > earlier && share(all[later]!, all[earlier]!));
        const expected = all.flatMap((one, at) => (all.slice(0, at).some((other) => share(one, other)) ? [at] : []));
        assert.deepEqual(
          [...found.keys()].sort((a, b) => a - b),
          expected,
        );
      }),
      { numRuns: 1000 },
    );
  });
});

describe('MAC addresses', () => {
  it('are written with dashes and in capitals, whatever separates them', () => {
    const bytes = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(bytes, fc.constantFrom('-', ':', ''), fc.boolean(), (given, separator, isUpper) => {
        const pairs = given.map((byte) => byte.toString(16).padStart(2, '0'));
        const text = pairs.join(separator);
        const canonical = canonicalMac(isUpper ? text.toUpperCase() : text)!;
        assert.equal(canonical, pairs.join('-').toUpperCase());
        assert.ok(isMac(canonical));
        assert.equal(isMac(text), separator === '-');
      }),
    );
  });

  for (const text of ['', '00-15-5D-52-C0', '00-15-5D-52-C0-0G', '00-15:5D-52-C0-00', '00155D52C0001']) {
    it(`are not ${JSON.stringify(text)}`, () => assert.equal(canonicalMac(text), undefined));
  }
});
