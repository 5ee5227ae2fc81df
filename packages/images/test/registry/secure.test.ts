import { deepEqual, equal, rejects } from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';

import type { RegistryOptions } from '../../src/registry/registry-options.js';
import { makeAuthority } from '../support/authority.js';
import { startLyingRegistry } from '../support/lying-registry.js';
import { content } from '../support/made-image.js';
import { limits, withSource } from '../support/read-source.js';

const manifest = content('application/vnd.oci.image.manifest.v1+json', Buffer.from('{}'));
const resolved = (name: string, options: RegistryOptions) =>
  withSource(name, options, async (source) => (await source.resolve(limits)).bytes);
const code = 'ERR_HC_IMAGE_REGISTRY';

describe('openRegistry() by https', () => {
  const { certificate, key } = makeAuthority();
  const secure = { cert: certificate, key };
  const mirrorsOf = (host: string, tls: object): RegistryOptions => ({
    mirrors: { 'example.invalid': [{ url: `https://${host}`, tls }] },
  });

  it('trusts the authority that is named for a host', async () => {
    await using registry = await startLyingRegistry({ tags: { 1: manifest }, secure });
    deepEqual(await resolved('example.invalid/a:1', mirrorsOf(registry.host, { ca: [certificate] })), manifest.bytes);
    deepEqual(await resolved('example.invalid/a:1', mirrorsOf(registry.host, { skipVerify: true })), manifest.bytes);
  });

  it('trusts nobody else, and says what to do', async () => {
    await using registry = await startLyingRegistry({ tags: { 1: manifest }, secure });
    const plainHttp = false;
    const message = /cannot be trusted.*NODE_EXTRA_CA_CERTS/;
    await rejects(resolved(`${registry.host}/a:1`, { plainHttp }), { code, message });
    equal(registry.asked.length, 0);
  });

  it('says that a host speaks no https', async () => {
    await using registry = await startLyingRegistry({ tags: { 1: manifest } });
    await rejects(resolved(`${registry.host}/a:1`, { plainHttp: false }), { code, message: /does not speak https/ });
  });

  it('is not led to http, neither by a redirect nor for a token', async () => {
    await using elsewhere = await startLyingRegistry({ tags: { 1: manifest } });
    const place = `http://${elsewhere.host}/v2/a/manifests/1`;
    const lies = [
      { status: 307, headers: { location: place }, message: /redirects from https/ },
      { status: 401, headers: { 'www-authenticate': `Bearer realm="${place}"` }, message: /tokens come from http:/ },
    ];
    for (const { status, headers, message } of lies) {
      await using registry = await startLyingRegistry({
        lie: (_, response) => response.writeHead(status, headers).end(),
        secure,
      });
      const options = mirrorsOf(registry.host, { ca: [certificate] });
      await rejects(resolved('example.invalid/a:1', { ...options, plainHttp: true }), { message });
    }
    equal(elsewhere.asked.length, 0);
  });
});

describe('openRegistry() by a proxy of the environment', () => {
  it('tunnels to hosts elsewhere, and goes to this machine itself', async () => {
    await using registry = await startLyingRegistry({ tags: { 1: manifest } });
    const tunnels: (string | undefined)[] = [];
    const sockets = new Set<Socket>();
    const proxy = createServer((_, response) => response.writeHead(500).end());
    proxy.on('connect', (request, socket: Socket) => {
      tunnels.push(request.url);
      const target = connect(Number(registry.host.split(':')[1]), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.pipe(target).pipe(socket);
      });
      for (const each of [socket, target]) {
        sockets.add(each);
        each.on('error', () => undefined);
      }
    });
    await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
    try {
      const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
      const options = {
        plainHttp: true,
        environment: { HTTP_PROXY: url, HTTPS_PROXY: url, NO_PROXY: 'direct.invalid' },
      };
      deepEqual(await resolved('example.invalid/a:1', options), manifest.bytes);
      deepEqual(tunnels, ['example.invalid:80']);
      deepEqual(await resolved(`${registry.host}/a:1`, options), manifest.bytes);
      await rejects(resolved('direct.invalid/a:1', options), {
        code,
        message: /cannot be reached|breaks the connection/,
      });
      equal(tunnels.length, 1);
    } finally {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => proxy.close(done));
    }
  });
});
