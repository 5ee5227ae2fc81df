import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate as turnOfLoop } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

import type { Descriptor } from '../../src/oci/descriptor.js';
import type { ImageSource } from '../../src/registry/image-source.js';
import type { RegistryOptions } from '../../src/registry/registry-options.js';
import type { Lie, LyingRegistry } from '../support/lying-registry.js';
import { send, startLyingRegistry } from '../support/lying-registry.js';
import { content, noise } from '../support/made-image.js';
import { limits, readBlob, withSource } from '../support/read-source.js';

const layer = content('application/vnd.oci.image.layer.v1.tar+gzip', noise('blob', 300_000));
const { bytes, descriptor } = layer;

interface Reading<T> {
  readonly lie?: Lie;
  readonly options?: RegistryOptions;
  readonly read?: (source: ImageSource, registry: LyingRegistry) => Promise<T>;
}

async function reading<T = Buffer>({ lie, options = {}, read }: Reading<T>): Promise<T> {
  await using registry = await startLyingRegistry({ contents: [layer], ...(lie && { lie }) });
  const run = read ?? ((source: ImageSource) => readBlob(source, descriptor) as Promise<T>);
  const result = await withSource(`${registry.host}/a:1`, options, (source) => run(source, registry));
  return result;
}

function startOf(request: IncomingMessage): number {
  return Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
}

/** Sends so many bytes of what it promises, then breaks the connection. */
function breakAfter(count: number, request: IncomingMessage, response: ServerResponse): void {
  const at = startOf(request);
  const range = { 'content-range': `bytes ${at}-${bytes.length - 1}/${bytes.length}` };
  response.writeHead(at === 0 ? 200 : 206, { 'content-length': bytes.length - at, ...(at === 0 ? {} : range) });
  response.write(bytes.subarray(at, at + count), () => response.destroy());
}

const ofContent = 'ERR_HC_IMAGE_CONTENT';
const ofRegistry = 'ERR_HC_IMAGE_REGISTRY';

describe('openRegistry() on registries that lie about blobs', () => {
  it('goes on where the connection has broken', async () => {
    const ranges: (string | undefined)[] = [];
    const lie: Lie = (request, response, turn) => {
      ranges.push(request.headers.range);
      if (turn === 3) return 'usual';
      return breakAfter(70_000, request, response);
    };
    deepEqual(await reading({ lie }), bytes);
    deepEqual(ranges, [undefined, 'bytes=70000-', 'bytes=140000-', 'bytes=210000-']);
  });

  it('sends the tag of what it has, so that nothing else becomes the rest', async () => {
    const tags: unknown[] = [];
    const lie: Lie = (request, response, turn) => {
      tags.push(request.headers['if-range']);
      if (turn > 0) return 'usual';
      response.writeHead(200, { 'content-length': bytes.length, etag: '"one"' });
      return void response.write(bytes.subarray(0, 1000), () => response.destroy());
    };
    deepEqual(await reading({ lie }), bytes);
    deepEqual(tags, [undefined, '"one"']);
  });

  it('gives up where nothing comes, five tries after the last progress', async () => {
    await reading({
      lie: (request, response) => breakAfter(0, request, response),
      read: async (source, { asked }) => {
        await rejects(readBlob(source, descriptor), { code: ofRegistry, message: /breaks the connection/ });
        equal(asked.length, 5);
      },
    });
  });

  it('takes no byte at a time for progress', async () => {
    await reading({
      lie: (request, response) => breakAfter(1, request, response),
      read: async (source, { asked }) => {
        await rejects(readBlob(source, descriptor), { code: ofRegistry });
        equal(asked.length, 5);
      },
    });
  });

  it('has tries again after a MiB', async () => {
    const big = content(descriptor.mediaType, Buffer.alloc(12 * 2 ** 20, 'some twelve MiB'));
    const lie: Lie = (request, response) => {
      const at = startOf(request);
      const headers = { 'content-range': `bytes ${at}-${big.bytes.length - 1}/${big.bytes.length}` };
      response.writeHead(at === 0 ? 200 : 206, at === 0 ? {} : headers);
      return void response.write(big.bytes.subarray(at, at + 1.5 * 2 ** 20), () => response.destroy());
    };
    const read = (source: ImageSource) => readBlob(source, big.descriptor);
    ok(big.bytes.equals(await reading({ lie, read })));
  });

  it('goes on where a body ends early without an error', async () => {
    const lie: Lie = (_, response, turn) => {
      if (turn > 0) return 'usual';
      // Chunked, with its end.
      return void response.writeHead(200).end(bytes.subarray(0, 1234));
    };
    deepEqual(await reading({ lie }), bytes);
    const short: Lie = (_, response) => void response.writeHead(200).end(bytes.subarray(0, 1234));
    await rejects(reading({ lie: short }), { code: ofContent, message: /ends the blob .* after 1234 of 300000 bytes/ });
  });

  it('breaks off and goes on where a connection is idle', async () => {
    const lie: Lie = (_, response, turn) => {
      if (turn > 0) return 'usual';
      response.writeHead(200, { 'content-length': bytes.length });
      return void response.write(bytes.subarray(0, 5000));
    };
    deepEqual(await reading({ lie, options: { idleMs: 30 } }), bytes);
  });

  it('does not take a reader that rests for a connection that is idle', async () => {
    await reading({
      options: { idleMs: 30 },
      read: async (source, { asked }) => {
        const blob = source.blob(descriptor, 0, limits)[Symbol.asyncIterator]();
        const pieces = [(await blob.next()).value as Uint8Array];
        const rested = Date.now() + 100;
        while (Date.now() < rested) await turnOfLoop();
        for (let next = await blob.next(); next.done !== true; next = await blob.next()) pieces.push(next.value);
        deepEqual(Buffer.concat(pieces), bytes);
        equal(asked.length, 1);
      },
    });
  });

  it('skips what it has where the registry ignores ranges', async () => {
    const lie: Lie = (request, response, turn) => {
      if (turn === 0) return breakAfter(100_001, request, response);
      return void response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
    };
    deepEqual(await reading({ lie }), bytes);
    deepEqual(await reading({ lie, read: (source) => readBlob(source, descriptor, 7) }), bytes.subarray(7));
  });

  const ranges: Record<string, RegExp> = {
    'bytes 0-299999/300000': /the range "bytes 0-/,
    'bytes 101-299999/300000': /the range "bytes 101-/,
    'bytes 100-300000/300000': /the range "bytes 100-300000/,
    'bytes 100-99/300000': /the range/,
    'bytes 100-299998/299999': /has 299999 bytes .* which has 300000/,
    'bytes 100-299999/': /the range/,
    'bytes */300000': /the range/,
    nonsense: /the range "nonsense"/,
    '': /sends no range for bytes 100-/,
  };
  for (const [range, message] of Object.entries(ranges)) {
    it(`refuses the range ${JSON.stringify(range)} for bytes from 100 on`, async () => {
      const lie: Lie = (_, response) => {
        response.writeHead(206, range === '' ? {} : { 'content-range': range });
        return void response.end(bytes.subarray(100));
      };
      await rejects(reading({ lie, read: (source) => readBlob(source, descriptor, 100) }), { message });
    });
  }

  it('takes a part of the range, and asks for the rest', async () => {
    const lie: Lie = (request, response, turn) => {
      const at = startOf(request);
      if (turn > 1) return 'usual';
      response.writeHead(206, { 'content-range': `bytes ${at}-${at + 99}/*`, 'content-length': 100 });
      return void response.end(bytes.subarray(at, at + 100));
    };
    deepEqual(await reading({ lie, read: (source) => readBlob(source, descriptor, 9) }), bytes.subarray(9));
  });

  it('refuses a part that nobody has asked for', async () => {
    const lie: Lie = (_, response) => {
      response.writeHead(206, { 'content-range': `bytes 0-299999/300000` });
      return void response.end(bytes);
    };
    await rejects(reading({ lie }), { code: ofRegistry, message: /for bytes 0-/ });
  });

  it('refuses a blob that is shorter or longer than promised', async () => {
    for (const size of [bytes.length - 1, bytes.length + 1]) {
      const promised: Descriptor = { ...descriptor, size };
      await rejects(reading({ read: (source) => readBlob(source, promised) }), {
        code: ofContent,
        message: new RegExp(`sends 300000 bytes for the blob .* which has ${size}`),
      });
    }
    const longer: Descriptor = { ...descriptor, size: bytes.length + 1 };
    await rejects(reading({ read: (source) => readBlob(source, longer, bytes.length) }), {
      code: ofContent,
      message: /has no more than 300000 bytes/,
    });
  });

  it('ends a blob that does not end, with the bytes that it should have or an error', async () => {
    const lie: Lie = (_, response) => {
      response.writeHead(200);
      response.write(bytes);
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.on('drain', more);
      return more();
    };
    await reading({
      lie,
      read: async (source) => {
        let received = 0;
        try {
          for await (const piece of source.blob(descriptor, 0, limits)) received += piece.length;
        } catch (error) {
          equal((error as { code: string }).code, ofContent);
        }
        ok(received <= bytes.length);
        ok(received > 0);
      },
    });
  });

  it('is done where the end of the body does not come after the last byte', async () => {
    const lie: Lie = (_, response) => void response.writeHead(200).write(bytes);
    deepEqual(await reading({ lie }), bytes);
  });

  it('refuses a blob that a proxy has compressed, and takes one that storage only says to be', async () => {
    const zipped = gzipSync(Buffer.alloc(300_000));
    const compressed: Lie = (_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(zipped);
    await rejects(reading({ lie: compressed }), { code: ofRegistry, message: /by gzip/ });
    const said: Lie = (_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': bytes.length }).end(bytes);
      return undefined;
    };
    deepEqual(await reading({ lie: said }), bytes);
  });

  it('does not ask where everything is there', async () => {
    await reading({
      read: async (source, { asked }) => {
        deepEqual(await readBlob(source, descriptor, bytes.length), Buffer.alloc(0));
        equal(asked.length, 0);
      },
    });
  });

  it('shows its token to the registry alone, and asks the registry again after a break', async () => {
    const seen: (string | undefined)[] = [];
    await using storage = await startLyingRegistry({
      lie: (request, response, turn) => {
        seen.push(request.headers.authorization, request.headers.range);
        if (turn === 0) return breakAfter(50_000, request, response);
        return send(request, response, layer);
      },
    });
    await reading({
      options: { credentials: { username: 'me', password: 'secret' } },
      lie: (request, response) => {
        if (request.headers.authorization === undefined) {
          return void response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
        }
        return void response.writeHead(307, { location: `http://${storage.host}/x?signed=1` }).end();
      },
      read: async (source, { asked }) => {
        deepEqual(await readBlob(source, descriptor), bytes);
        equal(asked.length, 3);
      },
    });
    deepEqual(seen, [undefined, undefined, undefined, 'bytes=50000-']);
  });

  it('does not log in at the place where a registry redirects', async () => {
    await using storage = await startLyingRegistry({
      lie: (_, response) => void response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end(),
    });
    await rejects(
      reading({
        options: { credentials: { username: 'me', password: 'secret' } },
        lie: (_, response) => void response.writeHead(302, { location: `http://${storage.host}/` }).end(),
      }),
      { code: ofRegistry, message: /where 127.0.0.1:\d+ redirects, answers 401/ },
    );
    deepEqual(
      storage.asked.map(({ headers }) => headers.authorization),
      [undefined],
    );
  });

  it('stops when its signal fires between two pieces', async () => {
    const stop = new AbortController();
    const reason = new Error('enough');
    const read = async (source: ImageSource): Promise<void> => {
      for await (const piece of source.blob(descriptor, 0, { signal: stop.signal })) {
        ok(piece.length > 0);
        stop.abort(reason);
      }
    };
    const lie: Lie = (_, response) => {
      response.writeHead(200, { 'content-length': bytes.length });
      return void response.write(bytes.subarray(0, 1000));
    };
    await reading({ lie, read: (source) => rejects(read(source), (error) => error === reason) });
  });

  it('leaves no connection of a reader that has had enough', async () => {
    const lie: Lie = (_, response) => {
      response.writeHead(200, { 'content-length': bytes.length });
      return void response.write(bytes.subarray(0, 1000));
    };
    await reading({
      lie,
      read: async (source, registry) => {
        for await (const piece of source.blob(descriptor, 0, limits)) {
          ok(piece.length > 0);
          break;
        }
        while ((await registry.connections()) > 0) await turnOfLoop();
        equal(await registry.connections(), 0);
      },
    });
  });

  it('reads several blobs of one source at once', async () => {
    await reading({
      read: async (source) => {
        const all = await Promise.all([0, 1, 2, 3, 4].map((at) => readBlob(source, descriptor, at)));
        all.forEach((blob, at) => deepEqual(blob, bytes.subarray(at)));
      },
    });
  });
});

describe('openRegistry() and layers that are elsewhere', () => {
  const foreign = (url: string, more: string[] = []): Descriptor => ({ ...descriptor, urls: [url, ...more] });

  it('asks the registry first', async () => {
    await using elsewhere = await startLyingRegistry({ contents: [layer] });
    const urls = foreign(`http://${elsewhere.host}/v2/a/blobs/${descriptor.digest}`);
    deepEqual(await reading({ read: (source) => readBlob(source, urls) }), bytes);
    equal(elsewhere.asked.length, 0);
  });

  it('goes on at a url where the registry does not have it, without credentials', async () => {
    await using elsewhere = await startLyingRegistry({
      lie: (request, response, turn) => {
        if (turn === 0) return void response.writeHead(404).end();
        return send(request, response, layer);
      },
    });
    const place = `http://${elsewhere.host}/layer`;
    const credentials = { username: 'me', password: 'secret' };
    const lie: Lie = (request, response) => {
      if (request.headers.authorization === undefined) {
        return void response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
      }
      return void response.writeHead(404).end();
    };
    const read = (source: ImageSource) => readBlob(source, foreign(place, [place]));
    deepEqual(await reading({ lie, options: { credentials }, read }), bytes);
    deepEqual(
      elsewhere.asked.map(({ headers }) => headers.authorization),
      [undefined, undefined],
    );
  });

  it('asks nobody by http, and nothing that is no url', async () => {
    const urls = foreign('http://example.invalid/layer', ['file:///etc/passwd', 'nonsense', 'ftp://example.invalid/']);
    const lie: Lie = (_, response) => void response.writeHead(404).end();
    await rejects(
      reading({ lie, read: (source) => readBlob(source, urls) }),
      (error: Error & { code: string }) =>
        error.code === 'ERR_HC_IMAGE_NOT_FOUND' && !error.message.includes('elsewhere'),
    );
  });

  it('tells what the registry has said, and what the others', async () => {
    await using elsewhere = await startLyingRegistry({ lie: (_, response) => void response.writeHead(403).end() });
    const lie: Lie = (_, response) => void response.writeHead(404).end();
    await rejects(reading({ lie, read: (source) => readBlob(source, foreign(`http://${elsewhere.host}/layer`)) }), {
      code: 'ERR_HC_IMAGE_NOT_FOUND',
      message: /has no .*elsewhere: 127\.0\.0\.1:\d+ answers 403/,
    });
  });
});
