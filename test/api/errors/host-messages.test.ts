import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';

import type { HcsError } from 'hostcompute';
import { describeStatus } from 'hostcompute';

import { useSimulator } from '../../support/host.js';

const status = 0x80370112; // HCS_E_INVALID_LAYER
const head =
  'HcsStartComputeSystem of system "web": HCS_E_INVALID_LAYER (0x80370112): ' +
  'The image has a layer in a format that the host does not recognise.';

const long = 'x'.repeat(1000);

/** What comes with a failure, and what follows in the message. */
const results: readonly (readonly [string, string | null, string])[] = [
  ['no result', null, ''],
  ['an empty result', '', ''],
  ['only blanks', ' \r\n\t', ''],
  ['null', 'null', ''],
  ['an empty object', '{}', ''],
  ['an empty array', '[]', ''],
  ['an event', '{"ErrorEvents":[{"Message":"said by an event"}]}', ' Host: said by an event'],
  ['an event and a message', '{"ErrorMessage":"b","ErrorEvents":[{"Message":"a"}]}', ' Host: a'],
  ['a second event with a text', '{"ErrorEvents":[{"EventId":1},{"Message":""},{"Message":"third"}]}', ' Host: third'],
  [
    'a message only',
    '{"Error":-2143878894,"ErrorMessage":"The directory name is invalid."}',
    ' Host: The directory name is invalid.',
  ],
  ['a message beside events without a text', '{"ErrorEvents":[{"EventId":1}],"ErrorMessage":"m"}', ' Host: m'],
  ['events of another form', '{"ErrorEvents":"none","ErrorMessage":"m"}', ' Host: m'],
  ['a message that is not a string', '{"ErrorMessage":{"Text":"m"}}', ''],
  [
    'an attribution only',
    '{"ErrorMessage":"","Attribution":[{"OperationFailure":{"Detail":"Construct"}}]}',
    ' Host: OperationFailure: Construct',
  ],
  [
    'an attribution with two words',
    '{"Attribution":[{"SystemExit":{"Detail":"UnexpectedExit","Initiator":"GuestOS"}}]}',
    ' Host: SystemExit: UnexpectedExit, GuestOS',
  ],
  ['an attribution without words', '{"Attribution":[{"GuestCrash":{"CrashParameters":[1]}}]}', ' Host: GuestCrash'],
  ['an attribution of another form', '{"Attribution":[1,null,"x"]}', ''],
  ['another code', '{"Error":-2147024784}', ' The result has ERROR_DISK_FULL (0x80070070).'],
  [
    'another code and a message',
    '{"Error":2147942512,"ErrorMessage":"full"}',
    ' The result has ERROR_DISK_FULL (0x80070070). Host: full',
  ],
  ['the same code in the other family', '{"Error":-1070137070}', ''],
  ['a code of success', '{"Error":0}', ''],
  ['a code that is not an integer', '{"Error":1.5}', ''],
  ['an error as text', '{"Success":false,"Error":"The network was not found. "}', ' Host: The network was not found.'],
  ['guest error records', '{"ErrorRecords":[{"Result":-1,"Message":"no such file"}]}', ' Host: no such file'],
  [
    'an object of another kind',
    '{"Reason":"busy","Code":18446744073709551615}',
    ' Host: {"Reason":"busy","Code":18446744073709551615}',
  ],
  ['an array', '[1,2]', ' Host: [1,2]'],
  ['a number', '5', ' Host: 5'],
  ['a JSON text', '"access denied"', ' Host: access denied'],
  ['text that is not JSON', 'Access is denied.\r\n', ' Host: Access is denied.'],
  ['JSON that is cut off', '{"ErrorMessage":"The dir', ' Host: {"ErrorMessage":"The dir'],
  ['several lines', 'a\r\n\r\n  b\u2028c', ' Host: a b c'],
  ['control characters', 'a\u001b[31mred\u0007\u0085b', ' Host: a [31mred b'],
  ['changes of direction', 'a\u202egnp.exe\u2066b', ' Host: a gnp.exe b'],
  ['a long text', long, ` Host: ${long.slice(0, 300)}...`],
  ['a pair of surrogates at the cut', `${long.slice(0, 299)}😀`, ` Host: ${long.slice(0, 299)}...`],
  [
    'a member of the prototype',
    '{"__proto__":{"ErrorMessage":"inherited"}}',
    ' Host: {"__proto__":{"ErrorMessage":"inherited"}}',
  ],
];

interface Fixture {
  readonly status: number;
  readonly call: string;
  readonly document: {
    readonly ErrorMessage?: string;
    readonly Attribution?: readonly { readonly OperationFailure?: { readonly Detail?: string } }[];
  } | null;
}

const folder = new URL('../../../../test/fixtures/real/', import.meta.url);
const fixtures = readdirSync(folder)
  .filter((file) => file.startsWith('result-'))
  .map((file) => [file, JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Fixture] as const);

describe('The error text of a host', () => {
  const bench = useSimulator();

  async function failureWith(result: string | null): Promise<HcsError> {
    const system = await bench.create();
    await bench.simulator.inject({ function: 'HcsStartComputeSystem', status, result });
    const error = await system.start().catch((reason: unknown) => reason as HcsError);
    await system.terminate();
    return Object.assign(error as HcsError, { message: (error as HcsError).message.replace(system.id, 'web') });
  }

  for (const [what, result, said] of results) {
    it(`appears in the message: ${what}`, async () => {
      const error = await failureWith(result);
      assert.equal(error.message, head + said);
      assert.deepEqual([error.code, error.status], ['HCS_E_INVALID_LAYER', status]);
    });
  }

  for (const [file, { status, call, document }] of fixtures) {
    it(`appears in the message, as reported: ${file}`, async () => {
      const result = document === null ? null : JSON.stringify(document);
      const name = call === 'HcsStartComputeSystem' ? call : 'HcsCreateComputeSystem';
      const system = name === 'HcsStartComputeSystem' ? await bench.create() : undefined;
      await bench.simulator.inject({ function: name, status, result });
      await assert.rejects(system?.start() ?? bench.create(), (error: HcsError) => {
        assert.equal(error.status, status);
        assert.doesNotMatch(error.code, /0x/);
        assert.ok(error.message.includes(document?.ErrorMessage ?? ''), error.message);
        const detail = document?.Attribution?.[0]?.OperationFailure?.Detail;
        if (detail !== undefined) assert.match(error.message, / Host: OperationFailure: Construct$/);
        return true;
      });
      if (file === 'result-hresult-of-ntstatus.json') assert.equal(describeStatus(status).class, 'accessDenied');
    });
  }

  it('appears in the message when it arrives with the notification', async () => {
    const system = await bench.create();
    const completionData = JSON.stringify({ ErrorMessage: 'The guest did not answer.' });
    await bench.simulator.inject({ function: 'HcsStartComputeSystem', completionStatus: status, completionData });
    await assert.rejects(system.start(), {
      message: `${head} Host: The guest did not answer.`.replace('web', system.id),
    });
  });

  it('appears in the error of an exit', async () => {
    const system = await bench.running();
    await bench.simulator.notify({ system: system.id, type: 1, status, data: '{"Status":-1,"ErrorMessage":"gone"}' });
    assert.match((await system.exited).error?.message ?? '', / Host: gone$/);
  });

  it('is reduced to one line', async () => {
    const system = await bench.create();
    for (const result of hostile()) {
      await bench.simulator.inject({ function: 'HcsStartComputeSystem', status, result });
      const error = await system.start().catch((reason: unknown) => reason as HcsError);
      assert.ok(error instanceof Error);
      assert.deepEqual([error.code, error.status], ['HCS_E_INVALID_LAYER', status]);
      assert.ok(error.message.length < 700, result.slice(0, 100));
      assert.doesNotMatch(error.message, /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u);
      assert.ok(Array.isArray(error.events) && Array.isArray(error.attribution));
    }
  });
});

/** Every member with every kind of value, texts that are cut off anywhere, depth and size. */
function* hostile(): Generator<string> {
  const values = [
    'null',
    'true',
    '0',
    '-1',
    '1e999',
    '-2147024784',
    '99999999999999999999',
    '""',
    '"\\u0000\\u001b\\ud800"',
    '{}',
    '[]',
    '[null]',
    '[[]]',
    '[{}]',
    '[{"Message":[]}]',
    '[{"Message":"a\\nb"}]',
    '[{"Message":null,"x":{}}]',
    '[{"a":{"b":"c"}},{"d":1}]',
    '[{"a":"b"}]',
  ];
  const members = ['ErrorEvents', 'ErrorMessage', 'Error', 'ErrorRecords', 'Attribution', 'Status', 'Other'];
  for (const member of members) for (const value of values) yield `{"${member}":${value}}`;
  for (const value of values) yield value;
  const whole = `{"Error":-1,"ErrorEvents":[{"Message":"\\u00e9 \\"q\\"","EventId":1}],"Attribution":[{"A":{"D":"E"}}]}`;
  for (let end = 1; end < whole.length; end++) yield whole.slice(0, end);
  yield '['.repeat(100_000);
  yield `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
  yield `{"ErrorMessage":"${'\\u0001'.repeat(100_000)}"}`;
  yield `{"ErrorMessage":"${' '.repeat(1_000_000)}end"}`;
  yield `{"Attribution":[{"A":{${Array.from({ length: 5000 }, (_, index) => `"${index}":"w"`).join(',')}}}]}`;
  yield '\ufeff{"ErrorMessage":"after a byte order mark"}';
}
