import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parseReference } from '../../src/reference.js';
import { endpointsOf } from '../../src/registry/endpoints.js';
import type { RegistryOptions } from '../../src/registry/registry-options.js';
import type { Lie } from '../support/lying-registry.js';
import { startLyingRegistry } from '../support/lying-registry.js';
import { content, noise } from '../support/made-image.js';
import { limits, readBlob, withSource } from '../support/read-source.js';

const manifest = content('application/vnd.oci.image.manifest.v1+json', Buffer.from('{}'));
const other = content('application/vnd.oci.image.manifest.v1+json', Buffer.from('{ }'));
const layer = content('application/vnd.oci.image.layer.v1.tar', noise('mirrors', 50_000));
const all = { tags: { 1: manifest }, contents: [layer] };
const nothing: Lie = (_, response) => response.writeHead(404).end();

describe('openRegistry() with mirrors', () => {
  it('asks a mirror first, and says what it stands for', async () => {
    await using mirror = await startLyingRegistry(all);
    const mirrors = { 'example.invalid': [`http://${mirror.host}/some/path/`] };
    await withSource('example.invalid/a:1', { mirrors }, async (source) => {
      deepEqual((await source.resolve(limits)).bytes, manifest.bytes);
      deepEqual(await readBlob(source, layer.descriptor), layer.bytes);
    });
    deepEqual(
      mirror.asked.map(({ path }) => path),
      [
        '/some/path/v2/a/manifests/1?ns=example.invalid',
        `/some/path/v2/a/blobs/${layer.descriptor.digest}?ns=example.invalid`,
      ],
    );
  });

  it('goes on with the next where one does not have it, lies, or is not there', async () => {
    await using empty = await startLyingRegistry({ lie: nothing });
    await using lying = await startLyingRegistry({
      lie: (_, response) => response.writeHead(200, { 'content-length': 1 }).end('x'),
    });
    await using registry = await startLyingRegistry(all);
    const gone = await startLyingRegistry({});
    await gone[Symbol.asyncDispose]();
    const mirrors = { [registry.host]: [empty, lying, gone].map(({ host }) => `http://${host}`) };
    await withSource(`${registry.host}/a:1`, { mirrors }, async (source) => {
      deepEqual(await source.document(manifest.descriptor, limits), manifest.bytes);
      deepEqual(await readBlob(source, layer.descriptor), layer.bytes);
    });
    ok(empty.asked.length === 2 && lying.asked.length === 2);
    ok(registry.asked.every(({ path }) => !path.includes('ns=')));
  });

  it('names a variable of a proxy that is no URL', async () => {
    await using registry = await startLyingRegistry(all);
    const options = { environment: { HTTP_PROXY: 'no url' } };
    await rejects(
      withSource(`${registry.host}/a:1`, options, (source) => source.resolve(limits)),
      { code: 'ERR_HC_IMAGE_REGISTRY', message: /HTTP_PROXY is no URL/ },
    );
  });

  it('goes on with a blob where a mirror has broken off', async () => {
    await using mirror = await startLyingRegistry({
      lie: (_, response, turn) => {
        if (turn > 0) return nothing(_, response, turn);
        response.writeHead(200, { 'content-length': 50_000 });
        return response.write(layer.bytes.subarray(0, 12_345), () => response.destroy());
      },
    });
    await using registry = await startLyingRegistry(all);
    const mirrors = { [registry.host]: [`http://${mirror.host}`] };
    await withSource(`${registry.host}/a:1`, { mirrors }, async (source) => {
      deepEqual(await readBlob(source, layer.descriptor), layer.bytes);
    });
    deepEqual(
      registry.asked.map(({ headers }) => headers.range),
      ['bytes=12345-'],
    );
  });

  it('tells what the registry says where nobody has it, and what the mirrors', async () => {
    await using mirror = await startLyingRegistry({ lie: (_, response) => response.writeHead(403).end() });
    await using registry = await startLyingRegistry({ lie: nothing });
    const mirrors = { [registry.host]: [`http://${mirror.host}`] };
    await rejects(
      withSource(`${registry.host}/a:1`, { mirrors }, (source) => source.resolve(limits)),
      { code: 'ERR_HC_IMAGE_NOT_FOUND', message: new RegExp(`elsewhere: ${mirror.host} refuses`) },
    );
  });

  it('shows the credentials of the registry to no mirror', async () => {
    const wanted: Lie = ({ headers }, response) =>
      headers.authorization === undefined
        ? response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end()
        : 'usual';
    await using mirror = await startLyingRegistry({ ...all, lie: wanted });
    await using registry = await startLyingRegistry({ ...all, lie: wanted });
    const options: RegistryOptions = {
      mirrors: { [registry.host]: [`http://${mirror.host}`] },
      credentials: { username: 'me', password: 'secret' },
    };
    await withSource(`${registry.host}/a:1`, options, (source) => source.resolve(limits));
    deepEqual(
      mirror.asked.map(({ headers }) => headers.authorization),
      [undefined],
    );
    equal(registry.asked.length, 2);
  });

  it('asks a mirror that may not resolve for content alone, with its headers', async () => {
    await using mirror = await startLyingRegistry({ tags: { 1: other }, contents: [layer] });
    await using registry = await startLyingRegistry({ tags: { 1: manifest } });
    const url = `http://${mirror.host}/base`;
    const mirrors = { [registry.host]: [{ url, capabilities: ['pull'], overridePath: true, headers: { 'x-a': 'b' } }] };
    await withSource(`${registry.host}/a:1`, { mirrors } as RegistryOptions, async (source) => {
      deepEqual((await source.resolve(limits)).bytes, manifest.bytes);
      const override = await readBlob(source, layer.descriptor).catch((error: unknown) => error);
      ok(override instanceof Error);
    });
    const [{ path, headers }] = mirror.asked as [(typeof mirror.asked)[number]];
    ok(path.startsWith('/base/a/blobs/sha256:'), path);
    equal(headers['x-a'], 'b');
  });

  it('refuses mirrors that are no urls of the web', async () => {
    for (const url of ['example.test', 'ftp://example.test', '']) {
      const options = { mirrors: { 'example.test': [url] } };
      await rejects(
        withSource('example.test/a', options, (source) => source.resolve(limits)),
        { code: 'ERR_HC_ARGUMENT', message: /registry\.mirrors/ },
      );
    }
  });
});

describe('endpointsOf()', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hc-hosts-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  async function hosts(registry: string, text: string): Promise<void> {
    await mkdir(join(folder, registry), { recursive: true });
    await writeFile(join(folder, registry, 'hosts.toml'), text);
  }

  const endpoints = (name: string, options: RegistryOptions = { hostsFolder: folder }) =>
    endpointsOf(parseReference(name), options);

  const urls: Record<string, string> = {
    'a/b': 'https://registry-1.docker.io/v2',
    'example.test/a': 'https://example.test/v2',
    'example.test:5000/a': 'https://example.test:5000/v2',
    'localhost:5000/a': 'http://localhost:5000/v2',
    'localhost:443/a': 'https://localhost/v2',
    '127.0.0.1:5000/a': 'http://127.0.0.1:5000/v2',
    '127.9.9.9/a': 'http://127.9.9.9/v2',
    '[::1]:5000/a': 'http://[::1]:5000/v2',
    '127.0.0.1.example.test/a': 'https://127.0.0.1.example.test/v2',
  };
  for (const [name, url] of Object.entries(urls)) {
    it(`asks ${url} for ${name}`, async () => {
      deepEqual(
        (await endpoints(name, {})).map((endpoint) => endpoint.url),
        [url],
      );
    });
  }

  it('asks by http, or by https, where that is wanted', async () => {
    equal((await endpoints('example.test/a', { plainHttp: true }))[0]?.url, 'http://example.test/v2');
    equal((await endpoints('localhost:5000/a', { plainHttp: false }))[0]?.url, 'https://localhost:5000/v2');
    equal((await endpoints('a/b', { plainHttp: true }))[0]?.url, 'https://registry-1.docker.io/v2');
  });

  it('names Docker Hub as docker login does', async () => {
    const [endpoint] = await endpoints('busybox', {});
    deepEqual([endpoint?.host, endpoint?.server], ['docker.io', 'https://index.docker.io/v1/']);
  });

  it('reads the hosts of containerd in their order, and what is known of the registry itself', async () => {
    await hosts(
      'docker.io',
      `
server = "https://server.test"
skip_verify = true
[host."https://z.test"]
  capabilities = ["pull", "resolve", "push"]
[host."http://a.test:8080/base"]
  capabilities = ["pull"]
  override_path = true
  skip_verify = true
  [host."http://a.test:8080/base".header]
    X-One = "1"
    x-two = ["2", "3"]
[host."b.test"]
`,
    );
    const [z, a, b, server, ...more] = await endpoints('a/b');
    deepEqual(more, []);
    deepEqual(z, {
      url: 'https://z.test/v2',
      host: 'z.test',
      server: 'z.test',
      isMirror: true,
      namespace: 'docker.io',
      resolves: true,
      pulls: true,
      headers: {},
    });
    deepEqual(
      [a?.url, a?.resolves, a?.pulls, a?.headers, a?.tls],
      ['http://a.test:8080/base', false, true, { 'x-one': '1', 'x-two': '2, 3' }, { skipVerify: true }],
    );
    equal(b?.url, 'https://b.test/v2');
    // Credentials of Docker Hub are not for the server that stands in its place.
    deepEqual(
      [server?.url, server?.server, server?.tls],
      ['https://server.test/v2', 'server.test', { skipVerify: true }],
    );
  });

  it('reads the certificates that are named, from the folder of the file', async () => {
    await hosts('example.test', 'ca = ["a.crt", "b.crt"]\nclient = [["c.crt", "c.key"]]\n');
    for (const name of ['a.crt', 'b.crt', 'c.crt', 'c.key']) await writeFile(join(folder, 'example.test', name), name);
    const [endpoint] = await endpoints('example.test/a');
    deepEqual(endpoint?.tls, { ca: ['a.crt', 'b.crt'], cert: 'c.crt', key: 'c.key' });
    await hosts('example.test', 'ca = "a.crt"\nclient = "c.crt"\n');
    const [single] = await endpoints('example.test/a');
    deepEqual(single?.tls, { ca: ['a.crt'], cert: 'c.crt', key: 'c.crt' });
  });

  it('finds the folder of a registry with a port, and the one for all', async () => {
    await hosts('_default', '[host."https://default.test"]\n');
    await hosts('example.test_5000_', '[host."https://own.test"]\n');
    const first = async (name: string) => (await endpoints(name))[0]?.url;
    equal(await first('example.test:5000/a'), 'https://own.test/v2');
    equal(await first('example.test/a'), 'https://default.test/v2');
  });

  const wrong: Record<string, RegExp> = {
    'server = ': /hosts\.toml cannot be used: /,
    'host = 5': /host must be a table/,
    '[host."https://a.test"]\ncapabilities = "pull"': /capabilities must be a list/,
    '[host."https://a.test"]\nca = "none.crt"': /none\.crt/,
    '[host."https://"]\n': /"https:\/\/" is no url/,
    'client = [["a"]]': /pair/,
    'header = { a = 5 }': /header\.a must be a text/,
  };
  for (const [text, message] of Object.entries(wrong)) {
    it(`says what is wrong with ${JSON.stringify(text)}`, async () => {
      await hosts('example.test', text);
      await rejects(endpoints('example.test/a'), { code: 'ERR_HC_IMAGE_REGISTRY', message });
    });
  }
});
