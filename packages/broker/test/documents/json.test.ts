import assert from 'node:assert/strict';

import fc from 'fast-check';

import type { Json } from '../../src/documents/json.js';
import { documentBounds, isJsonList, isJsonObject, JsonError, printJson, readJson } from '../../src/documents/json.js';

function plain(value: Json): unknown {
  if (isJsonObject(value)) return Object.fromEntries([...value].map(([name, member]) => [name, plain(member)]));
  return isJsonList(value) ? value.map(plain) : value;
}

describe('readJson()', () => {
  for (const [what, text] of Object.entries({
    'a member that is there twice': '{"a":1,"a":1}',
    'one that is there twice by an escape': '{"a":1,"\\u0061":2}',
    'one that is there twice deep inside': '[{"x":{"a":1,"b":2,"a":3}}]',
    NUL: '{"a":"\\u0000"}',
    'half a surrogate pair': '{"a":"\\ud800"}',
    'half a pair in a name': '{"\\udc00":1}',
    'a number beyond 64 bits': '{"a":18446744073709551616}',
    'a number beyond doubles': '{"a":1e999}',
    'a long number': `{"a":0.${'1'.repeat(60)}}`,
    'a comment': '{"a":1/*x*/}',
    'a comma too many': '{"a":1,}',
    'another comma too many': '[1,]',
    'a name without quotes': '{a:1}',
    'single quotes': "{'a':1}",
    'a leading zero': '{"a":01}',
    hexadecimal: '{"a":0x1}',
    NaN: '{"a":NaN}',
    'two values': '{} {}',
    nothing: '',
    'a byte order mark': '\ufeff{}',
    'a blank of Unicode': '{\u00a0}',
    'a line in a string': '{"a":"\n"}',
    'an end that is missing': '{"a":[1,{"b":"c',
    'an escape of its own': '{"a":"\\x41"}',
    depth: `${'['.repeat(65)}${']'.repeat(65)}`,
    length: `"${'x'.repeat(documentBounds.length)}"`,
    'many values': `[${'0,'.repeat(documentBounds.values)}0]`,
  })) {
    it(`refuses ${what}`, () => assert.throws(() => readJson(text), JsonError));
  }

  it('keeps whole numbers of 64 bits, and names that mean something to JavaScript', () => {
    const text = '{"__proto__":{"constructor":18446744073709551615},"toString":-9223372036854775808}';
    assert.equal(printJson(readJson(text)), text);
    assert.equal(({} as { constructor: unknown }).constructor, Object);
  });

  it('reads what JSON.parse() does, and prints what that reads again', () => {
    const property = fc.property(fc.json({ maxDepth: 6 }), fc.integer({ min: 0, max: 3 }), (text, indent) => {
      const spread = JSON.stringify(JSON.parse(text), null, indent);
      let value: Json;
      try {
        value = readJson(spread);
      } catch (error) {
        assert.ok(error instanceof JsonError);
        assert.match(spread, /\\u0000|\\ud[89a-f]|e[+-]?\d|\d{17}/i, error.message);
        return;
      }
      assert.deepEqual(JSON.parse(printJson(value)), JSON.parse(spread));
      if (!spread.includes('__proto__') && !/\d{16}/.test(spread)) assert.deepEqual(plain(value), JSON.parse(spread));
    });
    fc.assert(property, { seed: 15, numRuns: 3000 });
  });

  it('refuses at least what JSON.parse() does, whatever is broken, and fails in no other way', () => {
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      '\\u',
      '0',
      '-',
      'e',
      '.',
      'null',
      '"a"',
      ' ',
      '\n',
      '\u0000',
      '\ud800',
    ];
    const broken = fc.tuple(fc.json(), fc.nat(), fc.nat(3), fc.constantFrom(...pieces));
    const property = fc.property(broken, ([text, at, cut, piece]) => {
      const place = at % (text.length + 1);
      const given = text.slice(0, place) + piece + text.slice(place + cut);
      let refused = false;
      try {
        readJson(given);
      } catch (error) {
        assert.ok(error instanceof JsonError);
        refused = true;
      }
      if (!refused) JSON.parse(given);
    });
    fc.assert(property, { seed: 16, numRuns: 5000 });
  });
});
