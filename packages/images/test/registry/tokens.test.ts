import { deepEqual, equal, ok, rejects } from 'node:assert/strict';

import type { ImageSource } from '../../src/registry/image-source.js';
import type { RegistryOptions } from '../../src/registry/registry-options.js';
import type { Lie, LyingRegistry } from '../support/lying-registry.js';
import { startLyingRegistry } from '../support/lying-registry.js';
import { content, noise } from '../support/made-image.js';
import { limits, readBlob, withSource } from '../support/read-source.js';
import type { TokenServer, TokenServerOptions } from '../support/token-server.js';
import { startTokenServer } from '../support/token-server.js';

const manifest = content('application/vnd.oci.image.manifest.v1+json', Buffer.from('{}'));
const layer = content('application/vnd.oci.image.layer.v1.tar', noise('tokens', 100_000));
const me = { username: 'me', password: 'se:cret' };
const basicOfMe = `Basic ${Buffer.from('me:se:cret').toString('base64')}`;
const code = 'ERR_HC_IMAGE_DENIED';

interface Asking {
  readonly server?: Partial<TokenServerOptions>;
  readonly options?: RegistryOptions;
  /** Whether the registry takes what it is shown; otherwise it sends its challenge. */
  readonly takes?: (authorization: string | undefined, turn: number) => boolean;
  readonly challenge?: (realm: string) => string;
  readonly run: (source: ImageSource, registry: LyingRegistry, tokens: TokenServer) => Promise<unknown>;
}

/** Gives tokens `token 1`, `token 2` ... */
async function asking({ server, options = {}, takes, challenge, run }: Asking): Promise<void> {
  let given = 0;
  const give = (): object => ({ token: `token-${(given += 1)}` });
  await using tokens = await startTokenServer({ give, ...server });
  const lie: Lie = (request, response, turn) => {
    const { authorization } = request.headers;
    if (takes?.(authorization, turn) ?? authorization?.startsWith('Bearer ') === true) return 'usual';
    const wanted = challenge?.(tokens.realm) ?? `Bearer realm="${tokens.realm}",service="tests"`;
    return response.writeHead(401, { 'www-authenticate': wanted }).end();
  };
  await using registry = await startLyingRegistry({ tags: { 1: manifest }, contents: [layer], lie });
  await withSource(`${registry.host}/a/b:1`, options, (source) => run(source, registry, tokens));
}

const shown = ({ asked }: LyingRegistry): (string | undefined)[] => asked.map(({ headers }) => headers.authorization);
const resolve = (source: ImageSource) => source.resolve(limits);

describe('openRegistry() where tokens are wanted', () => {
  it('makes up the scope where the challenge has none', async () => {
    await asking({
      run: async (source, registry, tokens) => {
        await resolve(source);
        deepEqual(shown(registry), [undefined, 'Bearer token-1']);
        deepEqual(
          [...tokens.asked[0]!.form.entries()],
          [
            ['service', 'tests'],
            ['scope', 'repository:a/b:pull'],
          ],
        );
      },
    });
  });

  it('asks for each scope of the challenge by a parameter of its own', async () => {
    await asking({
      challenge: (realm) => `Bearer realm="${realm}?x=1",scope="repository:a/b:pull repository:c:pull"`,
      run: async (source, _, tokens) => {
        await resolve(source);
        const [{ form }] = tokens.asked as [TokenServer['asked'][number]];
        deepEqual(form.getAll('scope'), ['repository:a/b:pull', 'repository:c:pull']);
        equal(form.get('x'), '1');
        equal(form.has('service'), false);
      },
    });
  });

  it('takes access_token as well', async () => {
    await asking({
      server: { give: () => ({ access_token: 'other' }) },
      run: async (source, registry) => {
        await resolve(source);
        equal(shown(registry)[1], 'Bearer other');
      },
    });
  });

  it('asks for one token where several requests want one', async () => {
    await asking({
      run: async (source, _, tokens) => {
        await Promise.all([resolve(source), resolve(source), readBlob(source, layer.descriptor)]);
        equal(tokens.asked.length, 1);
      },
    });
  });

  it('gets another one before the token ends', async () => {
    let now = 1000;
    Object.defineProperty(performance, 'now', { value: () => now, configurable: true });
    try {
      let given = 0;
      await asking({
        server: { give: () => ({ token: `token-${(given += 1)}`, ...(given > 1 ? { expires_in: 300 } : {}) }) },
        run: async (source, registry) => {
          // Of the usual 60 s the last 10 are not used, and of 300 s neither.
          for (const passed of [0, 49_000, 2000, 289_000, 2000]) {
            now += passed;
            await resolve(source);
          }
          const used = ['token-1', 'token-1', 'token-2', 'token-2', 'token-3'];
          deepEqual(shown(registry), [undefined, ...used.map((token) => `Bearer ${token}`)]);
        },
      });
    } finally {
      delete (performance as { now?: unknown }).now;
    }
  });

  it('gets another one where a token ends in the middle of a blob', async () => {
    let good = 1;
    await using tokens = await startTokenServer({ give: () => ({ token: `token-${good}` }) });
    await using registry = await startLyingRegistry({
      contents: [layer],
      lie: (request, response) => {
        if (request.headers.authorization !== `Bearer token-${good}`) {
          return response.writeHead(401, { 'www-authenticate': `Bearer realm="${tokens.realm}"` }).end();
        }
        if (good === 3) return 'usual';
        good += 1;
        const at = Number(/\d+/.exec(request.headers.range ?? '')?.[0] ?? 0);
        const range = { 'content-range': `bytes ${at}-99999/100000` };
        response.writeHead(at === 0 ? 200 : 206, at === 0 ? { 'content-length': 100_000 } : range);
        return response.write(layer.bytes.subarray(at, at + 30_000), () => response.destroy());
      },
    });
    await withSource(`${registry.host}/a:1`, {}, async (source) => {
      deepEqual(await readBlob(source, layer.descriptor), layer.bytes);
    });
    equal(tokens.asked.length, 3);
  });

  it('gives up where no token is taken', async () => {
    await asking({
      takes: () => false,
      run: async (source, registry) => {
        await rejects(resolve(source), {
          code,
          message: /does not take a token without credentials.*docker login 127/,
        });
        deepEqual(shown(registry), [undefined, 'Bearer token-1']);
      },
    });
  });

  it('gives up where the challenge is another one each time', async () => {
    let scope = 0;
    await asking({
      takes: () => false,
      challenge: (realm) => `Bearer realm="${realm}",scope="repository:${(scope += 1)}:pull"`,
      run: async (source, { asked }) => {
        await rejects(resolve(source), { code, message: /refuses/ });
        ok(asked.length <= 4);
      },
    });
  });

  it('gets another token where each is taken once', async () => {
    await asking({
      takes: (_, turn) => turn % 2 === 1,
      run: async (source) => {
        for (let times = 0; times < 5; times += 1) deepEqual((await resolve(source)).bytes, manifest.bytes);
      },
    });
  });

  it('posts a password where the server knows how, and gets otherwise', async () => {
    await asking({
      options: { credentials: me },
      run: async (source, _, { asked }) => {
        await resolve(source);
        equal(asked.length, 1);
        const [{ method, authorization, form }] = asked as [TokenServer['asked'][number]];
        deepEqual([method, authorization], ['POST', undefined]);
        equal(form.get('grant_type'), 'password');
        equal(form.get('username'), 'me');
        equal(form.get('password'), 'se:cret');
        equal(form.get('scope'), 'repository:a/b:pull');
      },
    });
    await asking({
      options: { credentials: me },
      server: { oauth: false },
      run: async (source, _, { asked }) => {
        await resolve(source);
        deepEqual(
          asked.map(({ method, authorization }) => [method, authorization]),
          [
            ['POST', undefined],
            ['GET', basicOfMe],
          ],
        );
      },
    });
  });

  it('posts an identity token', async () => {
    await asking({
      options: { credentials: { identityToken: 'identity' } },
      run: async (source, _, { asked }) => {
        await resolve(source);
        const { form } = asked[0]!;
        equal(form.get('grant_type'), 'refresh_token');
        equal(form.get('refresh_token'), 'identity');
      },
    });
  });

  it('says that credentials are refused, without showing them', async () => {
    await asking({
      options: { credentials: me },
      server: { allows: () => false },
      run: (source) =>
        rejects(resolve(source), (error: Error & { code: string }) => {
          equal(error.code, code);
          ok(
            error.message.includes(
              'gives no token for the credentials of registry.credentials. Log in by "docker login 127',
            ),
          );
          return !error.message.includes('cret');
        }),
    });
  });

  it('shows a name and a password where the registry wants them, once it has asked', async () => {
    await asking({
      options: { credentials: me },
      challenge: () => 'Basic realm="x"',
      takes: (authorization) => authorization === basicOfMe,
      run: async (source, registry) => {
        await resolve(source);
        await resolve(source);
        deepEqual(shown(registry), [undefined, basicOfMe, basicOfMe]);
      },
    });
  });

  it('denies where a name and a password are missing, or wrong', async () => {
    const challenge = (): string => 'Basic realm="x"';
    await asking({
      challenge,
      run: (source) => rejects(resolve(source), { code, message: /wants a name and a password\. Log in/ }),
    });
    await asking({
      challenge,
      options: { credentials: me },
      run: async (source, registry) => {
        await rejects(resolve(source), { code, message: /does not take the credentials of registry\.credentials/ });
        equal(registry.asked.length, 2);
      },
    });
  });

  it('names the kind of login that it does not know', async () => {
    for (const [challenge, kinds] of [
      ['Negotiate, NTLM', 'negotiate, ntlm'],
      ['', 'none'],
    ] as const) {
      await asking({
        challenge: () => challenge,
        run: (source) => rejects(resolve(source), { code, message: new RegExp(`not known: ${kinds}`) }),
      });
    }
  });

  it('refuses tokens that are none', async () => {
    const wrong: [object, RegExp][] = [
      [{}, /answers without a token/],
      [{ token: 5 }, /answers without a token/],
      [{ token: 'a\r\nb: c' }, /answers without a token/],
      [{ token: '' }, /answers without a token/],
      [[], /answers without a token/],
      [{ token: 'a', more: 'x'.repeat(300_000) }, /more than 262144 bytes for the token/],
    ];
    for (const [answer, message] of wrong) {
      await asking({ server: { give: () => answer }, run: (source) => rejects(resolve(source), { message }) });
    }
  });

  it('asks for no token where the realm is no url of the web', async () => {
    for (const realm of ['file:///etc/passwd', 'ftp://example.invalid', 'data:,x']) {
      await asking({
        challenge: () => `Bearer realm="${realm}"`,
        run: (source) => rejects(resolve(source), { code: 'ERR_HC_IMAGE_REGISTRY', message: /tokens come from/ }),
      });
    }
  });

  it('rejects for the caller alone that gives up while several wait for a token', async () => {
    let arrived!: () => void;
    const asked = new Promise<void>((done) => (arrived = done));
    const stop = new AbortController();
    let free!: () => void;
    const freed = new Promise<void>((done) => (free = done));
    await using tokens = await startTokenServer({
      give: async () => {
        arrived();
        await freed;
        return { token: 'late' };
      },
    });
    const challenge = { 'www-authenticate': `Bearer realm="${tokens.realm}"` };
    await using registry = await startLyingRegistry({
      tags: { 1: manifest },
      lie: ({ headers }, response) =>
        headers.authorization === undefined ? response.writeHead(401, challenge).end() : 'usual',
    });
    await withSource(`${registry.host}/a:1`, {}, async (source) => {
      const gaveUp = rejects(source.resolve({ signal: stop.signal }), /enough/);
      const others = [resolve(source), resolve(source)];
      await asked;
      stop.abort(new Error('enough'));
      await gaveUp;
      free();
      for (const { bytes } of await Promise.all(others)) deepEqual(bytes, manifest.bytes);
    });
    equal(tokens.asked.length, 1);
  });
});
