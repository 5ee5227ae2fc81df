// Texts of a megabyte that make a parser or a quoting function slow which looks at anything twice.

export const size = 2 ** 20;

const fill = (text: string): string => text.repeat(Math.ceil(size / text.length)).slice(0, size);

const repeated = [
  ...[
    '\\',
    '"',
    '"\\',
    "'",
    ' ',
    '\r\n',
    '\0',
    '/',
    '../',
    '.',
    '=',
    '[',
    '{"a":',
    '0',
    'a',
    'A=',
    '\ud800',
    '--a ',
    'a://',
  ],
  ...[
    '--password ',
    'eyJaaaaaaaa.',
    'Cookie: ',
    '-----BEGIN PRIVATE KEY-----',
    '\\\\.\\pipe\\',
    '1234567890123456789,',
  ],
] as const;

/** By what is repeated. With something else at the end: an expression that wants the end looks for it again and again. */
export const texts: ReadonlyMap<string, string> = new Map([
  ...repeated.map((text) => [`${JSON.stringify(text)} and "x"`, `${fill(text)}x`] as const),
  ...['\\', '"', ' ', '/', '[', '1'].map((text) => [JSON.stringify(text), fill(text)] as const),
]);

const count = 30_000;
const list = (item: (index: number) => string): string => Array.from({ length: count }, (_, i) => item(i)).join(',');

/** JSON, and what is nearly JSON. */
export const documents: ReadonlyMap<string, string> = new Map([
  ['deep arrays', `${'['.repeat(size / 2)}${']'.repeat(size / 2)}`],
  ['deep objects', `${'{"a":'.repeat(size / 6)}1${'}'.repeat(size / 6)}`],
  ['deep arrays that do not end', '['.repeat(size)],
  ['deep with a large number', `${'['.repeat(size / 2)}12345678901234567890${']'.repeat(size / 2)}`],
  ['499 deep', `{"a":${'['.repeat(498)}${list(() => '1')}${']'.repeat(498)}}`],
  ['many members', `{${list((i) => `"member${i}":${i}`)}}`],
  ['many members that are nearly known', `{"Container":{${list((i) => `"Memor${i}":${i}`)}}}`],
  ['many members in an environment', `{"Environment":{${list((i) => `"N${i}":"value-${i}"`)}}}`],
  [
    'many subnets',
    `{"Ipams":[{"Subnets":[${list((i) => `{"IpAddressPrefix":"10.${(i >> 8) & 255}.${i & 255}.0/2${i % 5}"}`)}]}]}`,
  ],
  [
    'many ports',
    `{"HostComputeNetwork":"","Policies":[${list((i) => `{"Type":0,"Settings":{"ExternalPort":${i % 9}}}`)}]}`,
  ],
  ['many secrets', `{"env":[${list((i) => `"PASS_${i}=secret-${i}"`)}]}`],
  ['one member many times', `{${list((i) => `"Owner":"${i}"`)}}`],
  ['a very long key', `{"${'a'.repeat(size)}":{"env":[${list(() => '"a=b"')}]}}`],
  ['a very long key in an environment', `{"env":{"${'a'.repeat(size)}":[${list(() => '"a=b"')}]}}`],
  ['a very long text', `{"Owner":"${'a\\\\'.repeat(size / 3)}"}`],
  ['many escapes', `{"Owner":"${'\\u0022'.repeat(size / 6)}"}`],
  ['a text that does not end', `{"Owner":12345678901234567890,"a":"${'\\"'.repeat(size / 2)}`],
  ['many texts and a large number', `[12345678901234567890,${list(() => '"\\\\"')}]`],
  ['many texts followed by space', `[12345678901234567890,${list(() => `"a"${' '.repeat(15)}`)}]`],
  ['large numbers', `[${list(() => '12345678901234567890')}]`],
  ['a number of a hundred thousand digits', `[${'7'.repeat(100_000)}]`],
  ['digits in words', `[${'1234567890123456a'.repeat(size / 17)}]`],
  ['error records', `{"ErrorEvents":[${list(() => '{"Message":" \\t "}')}],"Attribution":[${list(() => '{}')}]}`],
  ['mounts', `{"mounts":[{"destination":"${'/'.repeat(size)}x","source":"${'\\\\'.repeat(size / 2)}x"}]}`],
]);
