import assert from 'node:assert/strict';

import { chainId, chainIds } from '../../src/oci/chain-id.js';
import { parseConfiguration } from '../../src/oci/configuration.js';
import { parseManifest } from '../../src/oci/manifest.js';
import { digestOf } from '../support/built-image.js';

const digest = digestOf(Buffer.from('a'));
const bytes = (value: unknown): Buffer => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const config = { mediaType: 'application/vnd.oci.image.config.v1+json', digest, size: 1 };
const layer = { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest, size: 2 };
const index = 'application/vnd.oci.image.index.v1+json';

describe('parseManifest()', () => {
  it('reads manifests of OCI and of Docker', () => {
    for (const [mediaType, of] of [
      ['application/vnd.oci.image.manifest.v1+json', 'application/vnd.oci.image.layer.v1.tar+zstd'],
      ['application/vnd.docker.distribution.manifest.v2+json', 'application/vnd.docker.image.rootfs.diff.tar.gzip'],
      [
        'application/vnd.docker.distribution.manifest.v2+json',
        'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
      ],
    ] as const) {
      const layers = [{ ...layer, mediaType: of, urls: ['https://example.test/a'] }];
      const manifest = parseManifest(bytes({ schemaVersion: 2, mediaType, config, layers }), digest, mediaType);
      assert.deepEqual(manifest, { kind: 'manifest', mediaType, configuration: config, layers, annotations: {} });
    }
  });

  it('reads indexes with their platforms', () => {
    const platform = { os: 'windows', architecture: 'amd64', 'os.version': '10.0.1.2', 'os.features': ['win32k'] };
    const manifests = [
      { ...config, platform, annotations: { a: 'b' } },
      { ...config, platform: { os: 'linux', architecture: 'arm', variant: 'v7' } },
    ];
    assert.deepEqual(parseManifest(bytes({ schemaVersion: 2, mediaType: index, manifests }), digest), {
      kind: 'index',
      mediaType: index,
      manifests: [
        {
          ...config,
          platform: { os: 'windows', architecture: 'amd64', osVersion: '10.0.1.2', osFeatures: ['win32k'] },
          annotations: { a: 'b' },
        },
        { ...config, platform: { os: 'linux', architecture: 'arm', variant: 'v7' } },
      ],
    });
  });

  it('takes what has no media type for what its members say, as old tools wrote it', () => {
    assert.equal(parseManifest(bytes({ schemaVersion: 2, manifests: [] }), digest).kind, 'index');
    const old = parseManifest(
      bytes({ schemaVersion: 2, config: { digest, size: 1 }, layers: [{ digest, size: 2 }] }),
      digest,
    );
    assert.equal(old.kind, 'manifest');
  });

  const wrong: readonly (readonly [what: string, document: unknown, message: RegExp, mediaType?: string])[] = [
    ['no JSON', '{', /is no JSON/],
    ['bytes that are not UTF-8', '\ud800', /is no JSON|must be/],
    ['a list', [], /must be an object/],
    ['schema 1', { schemaVersion: 1 }, /of schema 1.*push the image again/],
    ['another schema', { schemaVersion: 3 }, /schemaVersion must be 2/],
    ['an index and a manifest at once', { schemaVersion: 2, config, manifests: [] }, /both "manifests" and "config"/],
    [
      'another type than announced',
      { schemaVersion: 2, mediaType: index, manifests: [] },
      /announced as/,
      'application/vnd.oci.image.manifest.v1+json',
    ],
    ['another artefact', { schemaVersion: 2, mediaType: 'application/vnd.example+json' }, /which is no image/],
    [
      'a layer that is none',
      { schemaVersion: 2, config, layers: [{ ...layer, mediaType: 'application/vnd.in-toto+json' }] },
      /layers\[0\]\.mediaType is "application\/vnd\.in-toto\+json", which is no layer/,
    ],
    ['no configuration', { schemaVersion: 2, layers: [] }, /config must be an object/],
    [
      'another digest',
      { schemaVersion: 2, config: { ...config, digest: `sha512:${'0'.repeat(128)}` }, layers: [] },
      /config\.digest must be "sha256:"/,
    ],
    [
      'a digest with a path',
      { schemaVersion: 2, config: { ...config, digest: 'sha256:../../a' }, layers: [] },
      /config\.digest/,
    ],
    [
      'a digest in capitals',
      { schemaVersion: 2, config: { ...config, digest: digest.toUpperCase() }, layers: [] },
      /config\.digest/,
    ],
    [
      'a negative size',
      { schemaVersion: 2, config: { ...config, size: -1 }, layers: [] },
      /config\.size must be a number of bytes/,
    ],
    ['a size that is no number', { schemaVersion: 2, config: { ...config, size: 1.5 }, layers: [] }, /config\.size/],
    ['a size beyond numbers', { schemaVersion: 2, config: { ...config, size: 2 ** 60 }, layers: [] }, /config\.size/],
    ['layers that are no list', { schemaVersion: 2, config, layers: {} }, /layers must be a list/],
    [
      'too many layers',
      { schemaVersion: 2, config, layers: Array.from({ length: 501 }, () => layer) },
      /layers has 501 entries/,
    ],
    [
      'an annotation that is no text',
      { schemaVersion: 2, config, layers: [], annotations: { a: 1 } },
      /annotations\.a must be a text/,
    ],
    ['more than 4 MiB', `"${'a'.repeat(4 * 2 ** 20)}"`, /at most 4194304/],
  ];
  for (const [what, document, message, mediaType] of wrong) {
    it(`refuses ${what}`, () => {
      assert.throws(() => parseManifest(bytes(document), digest, mediaType), { code: 'ERR_HC_IMAGE_CONTENT', message });
    });
  }

  it('is not misled by members of all objects', () => {
    assert.throws(() => parseManifest(bytes('{"schemaVersion":2,"__proto__":{"config":{},"layers":[]}}'), digest), {
      message: /layers must be a list/,
    });
  });
});

describe('parseConfiguration()', () => {
  const document = { os: 'windows', architecture: 'amd64', rootfs: { type: 'layers', diff_ids: [digest] } };

  it('reads platform, layers and time', () => {
    const created = '2024-05-01T12:00:00.123456789Z';
    const read = parseConfiguration(
      bytes({ ...document, 'os.version': '10.0.1.2', created, config: { Cmd: ['a'] } }),
      digest,
    );
    assert.deepEqual(read.platform, { os: 'windows', architecture: 'amd64', osVersion: '10.0.1.2' });
    assert.deepEqual(read.diffIds, [digest]);
    assert.equal(read.created?.toISOString(), '2024-05-01T12:00:00.123Z');
    assert.deepEqual(read.document.config, { Cmd: ['a'] });
  });

  it('has no time where there is none, or one that Go writes for none', () => {
    for (const created of [undefined, null, '0001-01-01T00:00:00Z', 'never']) {
      assert.equal(parseConfiguration(bytes({ ...document, created }), digest).created, null);
    }
  });

  it('refuses what is none', () => {
    for (const [rootfs, message] of [
      [undefined, /no image of a container/],
      [{ type: 'other' }, /rootfs\.type must be "layers"/],
      [{ type: 'layers', diff_ids: ['a'] }, /rootfs\.diff_ids\[0\] must be "sha256:"/],
    ] as const) {
      assert.throws(() => parseConfiguration(bytes({ ...document, rootfs }), digest), {
        code: 'ERR_HC_IMAGE_CONTENT',
        message,
      });
    }
  });
});

describe('chainIds()', () => {
  it('are of each layer with all below it', () => {
    const [a, b] = [digestOf(Buffer.from('a')), digestOf(Buffer.from('b'))];
    const both = digestOf(Buffer.from(`${a} ${b}`));
    assert.deepEqual(chainIds([a, b, a]), [a, both, digestOf(Buffer.from(`${both} ${a}`))]);
    assert.equal(chainId(undefined, a), a);
    assert.deepEqual(chainIds([]), []);
  });
});
