import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { setImmediate as turnOfLoop } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

import type { ImageSource } from '../../src/registry/image-source.js';
import type { RegistryOptions } from '../../src/registry/registry-options.js';
import type { Lie, LyingRegistry } from '../support/lying-registry.js';
import { send, startLyingRegistry } from '../support/lying-registry.js';
import type { Content } from '../support/made-image.js';
import { content, digestOf } from '../support/made-image.js';
import { limits, withSource } from '../support/read-source.js';

const type = 'application/vnd.oci.image.manifest.v1+json';
const manifest = content(type, Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: type })));
const other = content(type, Buffer.from('{"schemaVersion":2}'));

interface Asking<T> {
  readonly lie?: Lie;
  readonly tag?: Content;
  readonly options?: RegistryOptions;
  readonly ask: (source: ImageSource, registry: LyingRegistry) => Promise<T>;
  readonly name?: string;
}

async function asking<T>({ lie, tag = manifest, options = {}, ask, name = ':1' }: Asking<T>): Promise<T> {
  await using registry = await startLyingRegistry({ tags: { 1: tag }, ...(lie && { lie }) });
  const result = await withSource(`${registry.host}/a${name}`, options, (source) => ask(source, registry));
  return result;
}

const resolve = (source: ImageSource) => source.resolve(limits);
const byDigest = (source: ImageSource) => source.document(manifest.descriptor, limits);

/** Sends until nobody listens. */
function sendForever(response: ServerResponse): void {
  const piece = Buffer.alloc(65_536, 0x20);
  const more = (): void => {
    while (!response.destroyed && response.write(piece));
  };
  response.on('drain', more);
  more();
}

describe('openRegistry() on registries that lie about documents', () => {
  it('refuses a manifest that the tag or the digest does not promise', async () => {
    const lie: Lie = (_, response) => {
      response.writeHead(200, { 'content-type': type, 'docker-content-digest': manifest.descriptor.digest });
      response.end(other.bytes);
      return undefined;
    };
    const wanted = { code: 'ERR_HC_IMAGE_CONTENT', message: new RegExp(`must have ${manifest.descriptor.digest}`) };
    await rejects(asking({ lie, ask: resolve }), wanted);
    await rejects(asking({ lie, ask: resolve, name: `@${manifest.descriptor.digest}` }), wanted);
    const sameSize = { ...manifest.descriptor, size: other.bytes.length };
    await rejects(asking({ lie, ask: (source) => source.document(sameSize, limits) }), {
      code: 'ERR_HC_IMAGE_CONTENT',
      message: new RegExp(`has ${other.descriptor.digest}`),
    });
  });

  it('refuses a document that is longer or shorter than promised', async () => {
    for (const difference of [-1, 1]) {
      const descriptor = { ...manifest.descriptor, size: manifest.bytes.length + difference };
      await rejects(asking({ ask: (source) => source.document(descriptor, limits) }), {
        code: 'ERR_HC_IMAGE_CONTENT',
        message: /bytes for the manifest/,
      });
    }
  });

  it('hashes the bytes as received', async () => {
    const spaced = content(type, Buffer.from(`{ "mediaType" :\n "${type}" }\n`));
    const { descriptor, bytes } = await asking({ tag: spaced, ask: resolve });
    deepEqual(bytes, spaced.bytes);
    equal(descriptor.digest, digestOf(spaced.bytes));
  });

  it('takes the media type of the document where the head has none of an image', async () => {
    const lie: Lie = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(manifest.bytes);
      return undefined;
    };
    equal((await asking({ lie, ask: resolve })).descriptor.mediaType, type);
  });

  it('reads 4 MiB of a manifest and no more', async () => {
    const limit = 4 * 2 ** 20;
    const code = 'ERR_HC_IMAGE_CONTENT';
    const most = content(type, Buffer.alloc(limit, 0x20));
    equal((await asking({ tag: most, ask: resolve })).bytes.length, limit);
    const huge = content(type, Buffer.alloc(limit + 1, 0x20));
    await rejects(asking({ tag: huge, ask: resolve }), { code, message: /more than 4194304 bytes/ });
    const lie: Lie = (_, response) => {
      response.writeHead(200, { 'content-type': type });
      return sendForever(response);
    };
    await rejects(asking({ lie, ask: resolve }), { code, message: /more than 4194304 bytes/ });
    await asking({
      ask: async (source, registry) => {
        await rejects(source.document(huge.descriptor, limits), { code, message: /at most 4194304 are read/ });
        equal(registry.asked.length, 0);
      },
    });
  });

  it('refuses a document that a proxy has compressed, and asks for none', async () => {
    await asking({
      lie: (request, response) => {
        equal(request.headers['accept-encoding'], 'identity');
        const headers = { 'content-type': type, 'content-encoding': 'gzip' };
        response.writeHead(200, headers).end(gzipSync(manifest.bytes));
        return undefined;
      },
      ask: async (source) => {
        const code = 'ERR_HC_IMAGE_REGISTRY';
        await rejects(resolve(source), { code, message: /by gzip.*proxy/ });
        await rejects(byDigest(source), { code, message: /by gzip/ });
      },
    });
  });

  it('asks again where the connection breaks, five times in all', async () => {
    const breaks =
      (times: number): Lie =>
      (_, response, turn) => {
        if (turn >= times) return 'usual';
        response.socket!.destroy();
        return undefined;
      };
    deepEqual((await asking({ lie: breaks(4), ask: resolve })).bytes, manifest.bytes);
    await asking({
      lie: breaks(Infinity),
      ask: async (source, { asked }) => {
        await rejects(resolve(source), { code: 'ERR_HC_IMAGE_REGISTRY', message: /breaks the connection/ });
        equal(asked.length, 5);
      },
    });
  });

  it('asks again after an answer 5xx', async () => {
    const lie: Lie = (_, response, turn) => {
      if (turn >= 4) return 'usual';
      response.writeHead(500 + turn).end('busy');
      return undefined;
    };
    deepEqual((await asking({ lie, ask: resolve })).bytes, manifest.bytes);
    await rejects(asking({ lie: (_, response) => void response.writeHead(503).end(), ask: resolve }), {
      code: 'ERR_HC_IMAGE_REGISTRY',
      message: /answers 503/,
    });
  });

  it('waits as long as a limit of the registry says, if that is not long', async () => {
    const soon =
      (after: string): Lie =>
      (_, response, turn) => {
        if (turn >= 2) return 'usual';
        response.writeHead(429, { 'retry-after': after }).end();
        return undefined;
      };
    const slow = { retryMs: 100_000 };
    deepEqual((await asking({ lie: soon('0'), options: slow, ask: resolve })).bytes, manifest.bytes);
    const past = 'Wed, 21 Oct 2015 07:28:00 GMT';
    deepEqual((await asking({ lie: soon(past), options: slow, ask: resolve })).bytes, manifest.bytes);
    await asking({
      lie: soon('61'),
      ask: async (source, { asked }) => {
        await rejects(resolve(source), { code: 'ERR_HC_IMAGE_REGISTRY', message: /asks to wait for 61 s/ });
        equal(asked.length, 1);
      },
    });
    await rejects(
      asking({ lie: (_, response) => void response.writeHead(429, { 'retry-after': '0' }).end(), ask: resolve }),
      { code: 'ERR_HC_IMAGE_REGISTRY', message: /limits how much is pulled/ },
    );
  });

  it('gives up on a registry that says nothing, or nothing more', async () => {
    const options = { idleMs: 20 };
    const code = 'ERR_HC_IMAGE_REGISTRY';
    await rejects(asking({ options, lie: () => undefined, ask: resolve }), { code, message: /sends nothing any more/ });
    const lie: Lie = (_, response) => {
      response.writeHead(200, { 'content-type': type, 'content-length': 100 }).flushHeaders();
      response.write('{');
      return undefined;
    };
    await rejects(asking({ options, lie, ask: resolve }), { code, message: /sends nothing any more/ });
  });

  it('says at once that nobody is there', async () => {
    const { host } = await startLyingRegistry({}).then(async (registry) => {
      await registry[Symbol.asyncDispose]();
      return registry;
    });
    const ask = withSource(`${host}/a`, { retryMs: 100_000 }, resolve);
    await rejects(ask, { code: 'ERR_HC_IMAGE_REGISTRY', message: /cannot be reached.*Check that it runs/ });
  });

  it('shows what a registry says, but nothing that a terminal would obey', async () => {
    const message = `no\u001b[2Jthing${'x'.repeat(1000)}`;
    const lie: Lie = (_, response) => {
      response.writeHead(404).end(JSON.stringify({ errors: [{ code: 'NAME_UNKNOWN', message }] }));
      return undefined;
    };
    await rejects(asking({ lie, ask: resolve }), (error: Error) => {
      match(error.message, /NAME_UNKNOWN: no\?\[2Jthing/);
      ok(error.message.length < 500);
      return true;
    });
  });

  it('understands answers that are no errors of a registry', async () => {
    for (const text of ['', '<html>', 'null', '{"errors":5}', '{"errors":[null]}', '{"errors":[{"code":1}]}']) {
      const lie: Lie = (_, response) => void response.writeHead(404).end(text);
      await rejects(asking({ lie, ask: resolve }), { code: 'ERR_HC_IMAGE_NOT_FOUND', message: /has no .*a:1\. Check/ });
    }
    const lie: Lie = (_, response) => void response.writeHead(418).end();
    await rejects(asking({ lie, ask: resolve }), { code: 'ERR_HC_IMAGE_REGISTRY', message: /answers 418/ });
  });

  it('follows redirects, but not for ever, and to no other scheme', async () => {
    const to =
      (location: string | undefined): Lie =>
      (_, response) => {
        response.writeHead(307, location === undefined ? {} : { location }).end();
        return undefined;
      };
    const code = 'ERR_HC_IMAGE_REGISTRY';
    await asking({
      lie: to('/v2/a/manifests/1'),
      ask: async (source, { asked }) => {
        await rejects(resolve(source), { code, message: /redirects more than 5 times/ });
        equal(asked.length, 6);
      },
    });
    for (const location of ['ftp://example.test/', 'file:///etc/passwd', 'http://', undefined]) {
      await rejects(asking({ lie: to(location), ask: resolve }), { code, message: /redirects/ });
    }
    await using storage = await startLyingRegistry({
      lie: (request, response) => send(request, response, manifest),
    });
    deepEqual((await asking({ lie: to(`http://${storage.host}/x`), ask: resolve })).bytes, manifest.bytes);
  });

  it('rejects with the reason of its signal, before, during and between the requests', async () => {
    const reason = new Error('enough');
    const stopped = (source: ImageSource, signal: AbortSignal) =>
      rejects(source.resolve({ signal }), (error) => error === reason);
    await asking({ ask: (source) => stopped(source, AbortSignal.abort(reason)) });
    const stop = new AbortController();
    await asking({
      lie: () => stop.abort(reason),
      ask: (source) => stopped(source, stop.signal),
    });
    const between = new AbortController();
    await asking({
      options: { retryMs: 100_000 },
      lie: (_, response) => {
        response.writeHead(500).end(() => setImmediate(() => between.abort(reason)));
        return undefined;
      },
      ask: (source) => stopped(source, between.signal),
    });
  });

  it('ends what is under way when it is closed, and its connections', async () => {
    let begun!: () => void;
    const asked = new Promise<void>((resolved) => (begun = resolved));
    await asking({
      lie: () => begun(),
      ask: async (source, registry) => {
        const under = rejects(resolve(source), { code: 'ERR_HC_IMAGE_REGISTRY', message: /is closed/ });
        await asked;
        await source.close();
        await under;
        await rejects(resolve(source), { message: /is closed/ });
        equal(registry.asked.length, 1);
      },
    });
  });

  it('has no connection left when it is closed', async () => {
    await asking({
      ask: async (source, registry) => {
        await resolve(source);
        ok((await registry.connections()) > 0);
        await source.close();
        // It would end by itself, but much later.
        for (let turn = 0; turn < 100; turn += 1) await turnOfLoop();
        equal(await registry.connections(), 0);
      },
    });
  });
});
