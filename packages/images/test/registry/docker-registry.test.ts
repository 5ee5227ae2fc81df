import { deepEqual, equal, ok, rejects } from 'node:assert/strict';

import { choosePlatform } from '../../src/oci/platform.js';
import type { Authority } from '../support/authority.js';
import { makeAuthority } from '../support/authority.js';
import { has } from '../support/capabilities.js';
import type { MadeIndex } from '../support/made-image.js';
import { makeUsualIndex } from '../support/made-image.js';
import { pushIndex } from '../support/push.js';
import { limits, readBlob, withSource } from '../support/read-source.js';
import type { RunningRegistry } from '../support/registry-program.js';
import { startRegistry } from '../support/registry-program.js';
import type { TokenServer } from '../support/token-server.js';
import { startTokenServer } from '../support/token-server.js';

const repository = 'windows/nanoserver';

if (has('docker-registry', 'what a registry has')) {
  describe("openRegistry() on Debian's docker-registry", () => {
    let registry: RunningRegistry;
    let made: MadeIndex;

    before(async () => {
      registry = await startRegistry();
      made = await makeUsualIndex();
      await pushIndex(made, 'ltsc', { host: registry.host, repository });
    });

    after(() => registry[Symbol.asyncDispose]());

    const named = (tag: string): string => `${registry.host}/${repository}${tag}`;

    it('resolves a tag to the index, and the digest to the same', async () => {
      const { descriptor, bytes } = made.index;
      for (const name of [':ltsc', `@${descriptor.digest}`, `:none@${descriptor.digest}`]) {
        const resolved = await withSource(named(name), {}, (source) => source.resolve(limits));
        deepEqual(resolved.descriptor, descriptor);
        deepEqual(resolved.bytes, bytes);
      }
    });

    it('has the manifest, the configuration and the layers of the build that is chosen', async () => {
      const entries = made.images.map(({ manifest }) => manifest.descriptor);
      const platform = { os: 'windows', architecture: 'amd64', osVersion: '10.0.20348' };
      const chosen = choosePlatform(entries, { platform, isolation: 'process' }, 'a');
      const image = made.images.find(({ manifest }) => manifest.descriptor === chosen)!;
      equal(chosen.platform?.osVersion, '10.0.20348.3091');
      await withSource(named(':ltsc'), {}, async (source) => {
        deepEqual(await source.document(chosen, limits), image.manifest.bytes);
        deepEqual(await source.document(image.configuration.descriptor, limits), image.configuration.bytes);
        for (const { descriptor, bytes } of image.layers) deepEqual(await readBlob(source, descriptor), bytes);
      });
    });

    it('has a blob from any byte on, and nothing after the last', async () => {
      const { descriptor, bytes } = made.images[0]!.layers[0]!;
      await withSource(named(':ltsc'), {}, async (source) => {
        for (const at of [1, 70_000, bytes.length - 1, bytes.length]) {
          deepEqual(await readBlob(source, descriptor, at), bytes.subarray(at));
        }
        await rejects(readBlob(source, descriptor, bytes.length + 1), RangeError);
      });
    });

    it('says that there is no such tag, repository or blob', async () => {
      const code = 'ERR_HC_IMAGE_NOT_FOUND';
      const resolve = (name: string) => withSource(name, {}, (source) => source.resolve(limits));
      await rejects(resolve(named(':none')), {
        code,
        message: /has no .*:none \(MANIFEST_UNKNOWN: manifest unknown\)/,
      });
      await rejects(resolve(`${registry.host}/none`), { code, message: /none:latest/ });
      const digest = `sha256:${'0'.repeat(64)}` as const;
      const blob = { ...made.images[0]!.layers[0]!.descriptor, digest };
      await rejects(
        withSource(named(':ltsc'), {}, (source) => readBlob(source, blob)),
        { code },
      );
    });
  });

  describe("openRegistry() on Debian's docker-registry with tokens", () => {
    const issuer = 'tests';
    const service = 'the registry of tests';
    let authority: Authority;
    let tokens: TokenServer;
    let registry: RunningRegistry;
    let made: MadeIndex;
    const basic = `Basic ${Buffer.from('me:secret').toString('base64')}`;

    before(async () => {
      authority = makeAuthority();
      tokens = await startTokenServer({
        oauth: false,
        allows: ({ authorization }) => authorization === undefined || authorization === basic,
        give: (form) => ({ token: tokenFor(form) }),
      });
      const { realm } = tokens;
      registry = await startRegistry({ realm, service, issuer, certificate: authority.certificate });
      made = await makeUsualIndex();
      const authorization = `Bearer ${authority.token({ issuer, service, repository, actions: ['pull', 'push'] })}`;
      await pushIndex(made, 'ltsc', { host: registry.host, repository, authorization });
    });

    after(async () => {
      await registry[Symbol.asyncDispose]();
      await tokens[Symbol.asyncDispose]();
    });

    beforeEach(() => void tokens.asked.splice(0));

    function tokenFor(form: URLSearchParams): string {
      const [, name = '', actions = ''] = form.get('scope')!.split(':');
      return authority.token({ issuer, service: form.get('service')!, repository: name, actions: actions.split(',') });
    }

    it('gets one token for all that one image needs', async () => {
      const { layers, configuration } = made.images[0]!;
      await withSource(`${registry.host}/${repository}:ltsc`, {}, async (source) => {
        deepEqual((await source.resolve(limits)).bytes, made.index.bytes);
        deepEqual(await source.document(configuration.descriptor, limits), configuration.bytes);
        const blobs = await Promise.all(layers.map(({ descriptor }) => readBlob(source, descriptor, 5)));
        deepEqual(
          blobs,
          layers.map(({ bytes }) => bytes.subarray(5)),
        );
      });
      equal(tokens.asked.length, 1);
      const [{ authorization, form }] = tokens.asked as [TokenServer['asked'][number]];
      equal(authorization, undefined);
      deepEqual(
        [...form.entries()],
        [
          ['service', service],
          ['scope', `repository:${repository}:pull`],
        ],
      );
    });

    it('asks in both ways with credentials', async () => {
      const credentials = { username: 'me', password: 'secret' };
      await withSource(`${registry.host}/${repository}:ltsc`, { credentials }, (source) => source.resolve(limits));
      deepEqual(
        tokens.asked.map(({ method, authorization }) => [method, authorization]),
        [
          ['POST', undefined],
          ['GET', basic],
        ],
      );
      equal(tokens.asked[0]!.form.get('grant_type'), 'password');
    });

    it('says how to log in where credentials are wrong', async () => {
      const credentials = { username: 'me', password: 'other' };
      const resolve = withSource(`${registry.host}/${repository}:ltsc`, { credentials }, (source) =>
        source.resolve(limits),
      );
      await rejects(resolve, (error: Error & { code: string; reference: string }) => {
        equal(error.code, 'ERR_HC_IMAGE_DENIED');
        equal(error.reference, `${registry.host}/${repository}:ltsc`);
        ok(error.message.includes(`docker login ${registry.host}`), error.message);
        ok(!error.message.includes('other'), error.message);
        return true;
      });
    });
  });
}
