import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, relative } from 'node:path';
import { setImmediate as turnOfLoop } from 'node:timers/promises';

import { dockerCredentials } from '../../src/registry/docker-config.js';

const { signal } = new AbortController();
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const hub = 'https://index.docker.io/v1/';

describe('dockerCredentials()', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hc-docker-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  async function found(config: unknown, server: string, environment: Record<string, string> = {}): Promise<unknown> {
    const text = typeof config === 'string' ? config : JSON.stringify(config);
    await writeFile(join(folder, 'config.json'), text);
    return dockerCredentials(server, { folder, environment }, signal);
  }

  it('has none where there is no configuration, or nothing of the server', async () => {
    equal(
      await dockerCredentials('example.test', { folder: join(folder, 'none'), environment: {} }, signal),
      undefined,
    );
    equal(await found({}, 'example.test'), undefined);
    equal(await found({ auths: { 'other.test': { auth: base64('a:b') } } }, 'example.test'), undefined);
    equal(await found({ auths: { 'example.test': {} } }, 'example.test'), undefined);
  });

  it('reads a name and a password, which may have colons', async () => {
    const auths = { 'example.test:5000': { auth: base64('me:se:cret') } };
    deepEqual(await found({ auths }, 'example.test:5000'), { username: 'me', password: 'se:cret' });
    equal(await found({ auths }, 'example.test'), undefined);
  });

  it('reads an identity token before a password', async () => {
    const auths = { 'example.test': { auth: base64('me:'), identitytoken: 'token' } };
    deepEqual(await found({ auths }, 'example.test'), { identityToken: 'token' });
  });

  it('knows servers by urls, as older versions have written them', async () => {
    const me = { username: 'me', password: 'secret' };
    const auth = base64('me:secret');
    for (const key of ['https://example.test', 'http://example.test/v1/', 'example.test/v2']) {
      deepEqual(await found({ auths: { [key]: { auth } } }, 'example.test'), me, key);
    }
    deepEqual(await found({ auths: { [hub]: { auth } } }, hub), me);
    equal(await found({ auths: { 'https://notexample.test': { auth } } }, 'example.test'), undefined);
  });

  it('finds its folder by DOCKER_CONFIG, or that of the user', async () => {
    const config = JSON.stringify({ auths: { 'example.test': { auth: base64('me:secret') } } });
    await writeFile(join(folder, 'config.json'), config);
    const me = { username: 'me', password: 'secret' };
    deepEqual(await dockerCredentials('example.test', { environment: { DOCKER_CONFIG: folder } }, signal), me);
    await mkdir(join(folder, '.docker'));
    await writeFile(join(folder, '.docker', 'config.json'), config);
    const environment = { HOME: folder, USERPROFILE: folder };
    deepEqual(await dockerCredentials('example.test', { environment }, signal), me);
  });

  it('says which file is no JSON, without showing it', async () => {
    await rejects(found('{"auths":{"a":"secret"', 'example.test'), (error: Error) => {
      match(error.message, /config\.json is no JSON/);
      return !error.message.includes('secret');
    });
    await rejects(found(`"${'x'.repeat(2 ** 20)}"`, 'example.test'), /more than 1048576 bytes/);
    await rejects(
      found({ auths: { 'example.test': { auth: base64('nothing') } } }, 'example.test'),
      /no name and password for example\.test/,
    );
  });

  it('takes malformed members for none', async () => {
    for (const config of ['null', '5', '[]', { auths: 5 }, { auths: [] }, { auths: { 'example.test': 5 } }]) {
      equal(await found(config, 'example.test'), undefined);
    }
    equal(await found({ credHelpers: 'x', auths: { 'example.test': { auth: 7 } } }, 'example.test'), undefined);
    equal(await found({ auths: {} }, '__proto__'), undefined);
  });

  // Helpers are programs without a shell: those of the test are scripts.
  if (process.platform !== 'win32') {
    describe('with a credential helper', () => {
      const path = (): Record<string, string> => ({ PATH: ['relative', folder, '/usr/bin', '/bin'].join(delimiter) });

      async function helper(name: string, script: string): Promise<void> {
        await writeFile(join(folder, `docker-credential-${name}`), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      }

      it('asks it by the name of the server', async () => {
        await helper(
          'one',
          `echo "$@" >"${folder}/words"; cat >"${folder}/input"; echo '{"Username":"me","Secret":"s"}'`,
        );
        const asked = await found(
          { credHelpers: { 'example.test': 'one' }, credsStore: 'none' },
          'example.test',
          path(),
        );
        deepEqual(asked, { username: 'me', password: 's' });
        equal(await readFile(join(folder, 'words'), 'utf8'), 'get\n');
        equal(await readFile(join(folder, 'input'), 'utf8'), 'example.test');
      });

      it('asks the store of all servers where there is no helper of this one', async () => {
        await helper('all', `echo '{"ServerURL":"x","Username":"<token>","Secret":"identity"}'`);
        const config = { credHelpers: { 'other.test': 'none' }, credsStore: 'all' };
        deepEqual(await found(config, 'example.test', path()), { identityToken: 'identity' });
      });

      it('goes on with auths where the helper has nothing', async () => {
        await helper('empty', `echo 'credentials not found in native keychain'; exit 1`);
        const auths = { 'example.test': { auth: base64('me:secret') } };
        const config = { credsStore: 'empty', auths };
        deepEqual(await found(config, 'example.test', path()), { username: 'me', password: 'secret' });
      });

      const wrong: [script: string, message: RegExp][] = [
        ['echo locked; echo more; exit 3', /docker-credential-bad ended with 3: locked$/],
        ['exit 4', /ended with 4$/],
        ['kill -9 $$', /ended with SIGKILL/],
        ['echo secret', /^docker-credential-bad does not answer in JSON$/],
        ['echo null', /without Username and Secret/],
        [`echo '{"Username":5,"Secret":"s"}'`, /without Username and Secret/],
        ['exec cat /dev/zero', /prints more than 65536 bytes/],
      ];
      for (const [script, message] of wrong) {
        it(`says what is wrong with one that does "${script}"`, async () => {
          await helper('bad', script);
          await rejects(found({ credsStore: 'bad' }, 'example.test', path()), (error: Error) => {
            match(error.message, message);
            return !error.message.includes('secret');
          });
        });
      }

      it('says that there is none in PATH, and does not look into the working directory', async () => {
        await helper('here', 'echo');
        const without = { PATH: ['', '.', relative(process.cwd(), folder), '/none'].join(delimiter) };
        await rejects(found({ credsStore: 'here' }, 'example.test', without), /no docker-credential-here in PATH/);
      });

      it('starts nothing whose name leads elsewhere', async () => {
        for (const name of ['../x', 'a/b', '-x', 'a b', '..']) {
          await rejects(found({ credsStore: name }, 'example.test', path()), /no name of a credential helper/);
        }
      });

      it('ends one whose caller has gone', async () => {
        await helper('slow', `echo $$ >"${folder}/pid"; exec sleep 1000`);
        const stop = new AbortController();
        await writeFile(join(folder, 'config.json'), '{"credsStore":"slow"}');
        const asked = dockerCredentials('example.test', { folder, environment: path() }, stop.signal);
        const written = () => readFile(join(folder, 'pid'), 'utf8').catch(() => '');
        while ((await written()) === '') await turnOfLoop();
        stop.abort();
        await rejects(asked, { name: 'AbortError' });
        const pid = Number(await readFile(join(folder, 'pid'), 'utf8'));
        while (isRunning(pid)) await turnOfLoop();
        ok(!isRunning(pid));
      });

      it('does not wait for what it leaves behind', async () => {
        await helper('leaves', `(exec sleep 30) & echo $! >"${folder}/pid"; echo '{"Username":"me","Secret":"s"}'`);
        deepEqual(await found({ credsStore: 'leaves' }, 'example.test', path()), { username: 'me', password: 's' });
        process.kill(Number(await readFile(join(folder, 'pid'), 'utf8')), 'SIGKILL');
      });
    });
  }
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
