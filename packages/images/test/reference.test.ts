import { deepEqual, equal, match, throws } from 'node:assert/strict';

import { ImageError } from '../src/image-error.js';
import { familiarName, parseReference } from '../src/reference.js';

const hex = '0123456789abcdef'.repeat(4);
const digest = `sha256:${hex}` as const;

function errorOf(written: string): ImageError {
  try {
    parseReference(written);
  } catch (error) {
    if (error instanceof ImageError) return error;
  }
  throw new Error(`${written} is accepted`);
}

describe('parseReference()', () => {
  const names: Record<string, string> = {
    busybox: 'docker.io/library/busybox:latest',
    'nanoserver:ltsc2019-amd64': 'docker.io/library/nanoserver:ltsc2019-amd64',
    'me/app:1': 'docker.io/me/app:1',
    'docker.io/busybox': 'docker.io/library/busybox:latest',
    'index.docker.io/busybox': 'docker.io/library/busybox:latest',
    'mcr.microsoft.com/windows/nanoserver:ltsc2022': 'mcr.microsoft.com/windows/nanoserver:ltsc2022',
    'localhost/a': 'localhost/a:latest',
    'example:5000/a/b/c': 'example:5000/a/b/c:latest',
    'Example/a': 'Example/a:latest',
    '127.0.0.1:5000/a:b': '127.0.0.1:5000/a:b',
    '[::1]:5000/a': '[::1]:5000/a:latest',
    [`a@${digest}`]: `docker.io/library/a@${digest}`,
    [`example.test/a:1@${digest}`]: `example.test/a:1@${digest}`,
    'x/a.b_c__d--e/f:A_b.c-D': 'docker.io/x/a.b_c__d--e/f:A_b.c-D',
  };
  for (const [written, name] of Object.entries(names)) {
    it(`reads ${written} as ${name}`, () => equal(parseReference(written).name, name));
    it(`reads the whole name of ${written} as itself`, () => equal(parseReference(name).name, name));
  }

  it('takes a name apart', () => {
    deepEqual(parseReference(`example.test:5000/a/b:1@${digest}`), {
      written: `example.test:5000/a/b:1@${digest}`,
      name: `example.test:5000/a/b:1@${digest}`,
      registry: 'example.test:5000',
      repository: 'a/b',
      tag: '1',
      digest,
    });
  });

  it('gives a name with a digest no tag of its own', () => equal(parseReference(`a@${digest}`).tag, undefined));

  const wrong: Record<string, RegExp> = {
    '': /it is empty/,
    'https://example.test/a': /begins with https:\/\/.*Leave out https:\/\//s,
    'a b': /has a blank/,
    Busybox: /"Busybox" has capitals. Write "busybox"/,
    'example.test/A': /"A" has capitals/,
    'a/': /nothing between two slashes/,
    'a//b': /nothing between two slashes/,
    'example.test/': /has no repository/,
    'a:': /tag is empty/,
    'a:-b': /its tag is "-b"/,
    'a:b!': /its tag is "b!"/,
    [`a:${'b'.repeat(129)}`]: /tag has 129 characters/,
    'a@b': /no digest/,
    'a@sha256:12': /64 digits/,
    [`a@sha512:${hex}${hex}`]: /of the kind sha512/,
    [`a@${digest}@${digest}`]: /more than one @/,
    [hex]: /it is an id/,
    'a..b': /its repository has "a..b"/,
    '-a': /its repository has "-a"/,
    'example.test:99999/a': /its registry is "example.test:99999"/,
    'example.test:0/a': /its registry is/,
    '-example.test/a': /its registry is/,
    [`example.test/${'a/'.repeat(130)}a`]: /more than 255 characters/,
    ['a'.repeat(5000)]: /5000 characters/,
  };
  for (const [written, message] of Object.entries(wrong)) {
    it(`says what is wrong with ${JSON.stringify(written.slice(0, 60))}`, () => {
      const error = errorOf(written);
      equal(error.code, 'ERR_HC_IMAGE_REFERENCE');
      match(error.message, message);
    });
  }

  it('refuses what is no text', () => {
    throws(() => parseReference(5 as unknown as string), { code: 'ERR_HC_IMAGE_REFERENCE' });
  });
});

describe('familiarName()', () => {
  const names: Record<string, string> = {
    busybox: 'busybox:latest',
    'docker.io/me/app:1': 'me/app:1',
    'docker.io/library/a/b': 'library/a/b:latest',
    'example.test/library/a': 'example.test/library/a:latest',
  };
  for (const [written, familiar] of Object.entries(names)) {
    it(`shows ${written} as ${familiar}`, () => equal(familiarName(parseReference(written)), familiar));
  }
});
