// An authority with a certificate of its own making, and tokens that it signs.
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

const sequence = (...parts: Buffer[]): Buffer => der(0x30, ...parts);
const objectId = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
const integer = (value: number): Buffer => der(0x02, Buffer.from([value]));
const time = (text: string): Buffer => der(0x17, Buffer.from(text));
const bits = (bytes: Buffer): Buffer => der(0x03, Buffer.from([0]), bytes);
const ecdsaWithSha256 = sequence(objectId('2a8648ce3d040302'));

function nameOf(commonName: string): Buffer {
  return sequence(der(0x31, sequence(objectId('550403'), der(0x0c, Buffer.from(commonName)))));
}

// That it is an authority, and for which hosts it is: localhost and 127.0.0.1.
function extensions(): Buffer {
  const authority = sequence(
    objectId('551d13'),
    der(0x01, Buffer.from([0xff])),
    der(0x04, sequence(der(0x01, Buffer.from([0xff])))),
  );
  const hosts = sequence(der(0x82, Buffer.from('localhost')), der(0x87, Buffer.from([127, 0, 0, 1])));
  return der(0xa3, sequence(authority, sequence(objectId('551d11'), der(0x04, hosts))));
}

export interface Authority {
  /** PEM */
  readonly certificate: string;
  /** PEM */
  readonly key: string;
  /** A token that lets whoever has it do so with a repository. */
  token(claims: { issuer: string; service: string; repository: string; actions: readonly string[] }): string;
}

export function makeAuthority(): Authority {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = nameOf('an authority of tests');
  const body = sequence(
    der(0xa0, integer(2)),
    integer(1),
    ecdsaWithSha256,
    name,
    sequence(time('200101000000Z'), time('491231235959Z')),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    extensions(),
  );
  const certificate = sequence(body, ecdsaWithSha256, bits(sign('sha256', body, privateKey)));
  const base64 = certificate.toString('base64');
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    token: (claims) => tokenOf(claims, base64, privateKey),
  };
}

function tokenOf(
  { issuer, service, repository, actions }: Parameters<Authority['token']>[0],
  certificate: string,
  key: KeyObject,
): string {
  const now = Math.floor(Date.now() / 1000);
  const header = { typ: 'JWT', alg: 'ES256', x5c: [certificate] };
  const payload = {
    iss: issuer,
    sub: '',
    aud: service,
    iat: now,
    nbf: now - 10,
    exp: now + 300,
    jti: createHash('sha256').update(repository).digest('hex'),
    access: [{ type: 'repository', name: repository, actions }],
  };
  const text = [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${text}.${sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}
