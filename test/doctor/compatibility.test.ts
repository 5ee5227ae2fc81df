import assert from 'node:assert/strict';

import type { ComparedImage, Verdict } from 'hostcompute/doctor';
import { compatibility, knownPairs } from 'hostcompute/doctor';

const version = (build: number, revision = 1): string => `10.0.${build}.${revision}`;

describe('compatibility()', () => {
  // Host and image; what decides comes from another source in the last column.
  const table: [host: string, image: string, verdict: Verdict, source: RegExp][] = [
    [version(14393, 7), version(14393, 7), 'process', /hcsshim/],
    [version(14393, 7), version(14393, 6), 'hyperv', /version-compatibility/],
    [version(14393, 7), version(14393, 8), 'hyperv', /version-compatibility/],
    [version(17763), version(17763, 0), 'process', /hcsshim/],
    [version(17763), version(14393), 'hyperv', /hcsshim/],
    [version(17763), version(20348), 'refused', /version-compatibility/],
    [version(19045), version(19041), 'hyperv', /hcsshim/],
    [version(19045), version(20348), 'refused', /version-compatibility/],
    [version(20348), version(20348), 'process', /hcsshim/],
    [version(20348), version(20347), 'hyperv', /hcsshim/],
    [version(22000), version(20348), 'process', /hcsshim/],
    [version(22631), version(22631), 'process', /hcsshim/],
    [version(22631), version(22621), 'process', /hcsshim/],
    [version(22631), version(17763), 'hyperv', /hcsshim/],
    [version(26100), version(20348), 'process', /hcsshim/],
    [version(26100), version(26100), 'process', /hcsshim/],
    [version(26100), version(26101), 'refused', /version-compatibility/],
    [version(26200), version(26200), 'process', /hcsshim/],
    [version(26200), version(20348), 'hyperv', /hcsshim/],
    [version(26200), version(26100), 'refused', /hcsshim#2566/],
    [version(27000), version(26100), 'process', /hcsshim/],
    [version(20348), '6.3.9600.1', 'refused', /hcsshim/],
    [version(20348), '10.1.20348.1', 'refused', /hcsshim/],
  ];
  for (const [host, image, verdict, source] of table) {
    it(`says ${verdict} of ${image} on ${host}`, () => {
      const found = compatibility(image, host);
      assert.equal(found.verdict, verdict);
      assert.match(found.rule.source, source);
      assert.match(found.rule.date, /^\d{4}-\d\d-\d\d$/);
      assert.equal(found.cause === undefined, verdict === 'process');
      assert.equal(found.remedy === undefined, verdict === 'process');
      assert.deepEqual(found.entries, verdict === 'refused' ? [] : [{ index: 0, verdict, osVersion: image }]);
      assert.deepEqual([found.host, found.image], [host, image]);
    });
  }

  it('names the tags that run', () => {
    const tags = (build: number): readonly string[] => compatibility(version(17763), version(build)).tags;
    assert.deepEqual(tags(14393), ['ltsc2016']);
    assert.deepEqual(tags(17763), ['ltsc2019']);
    assert.deepEqual(tags(19045), []);
    assert.deepEqual(tags(20348), ['ltsc2022']);
    assert.deepEqual(tags(26100), ['ltsc2025', 'ltsc2022']);
    assert.deepEqual(tags(26200), []);
    assert.match(compatibility(version(17763), version(20348)).remedy ?? '', /Hyper-V isolation.*ltsc2022/);
    assert.match(compatibility(version(26100), version(20348)).remedy ?? '', /^Take the tag ltsc2022/);
  });

  it('warns of a newer revision of one build only', () => {
    const warnings = (image: string, host: string) => compatibility(image, host).warnings.map(({ cause }) => cause);
    const [cause, ...more] = warnings('10.0.20348.2966', '10.0.20348.2700');
    assert.match(cause ?? '', /0xC0370106/);
    assert.deepEqual(more, []);
    assert.deepEqual(warnings('10.0.20348.2700', '10.0.20348.2966'), []);
    assert.deepEqual(warnings('10.0.20348.2966', '10.0.20348'), []);
    assert.deepEqual(warnings('10.0.20348.2966', '10.0.22631.1'), []);
    assert.match(warnings('10.0.14393', '10.0.14393.1')[0] ?? '', /has to be|have to be/);
  });

  it('has the pairs that are known to fail above the rules, and takes others', () => {
    const [pair] = knownPairs;
    assert.equal(compatibility(version(26100), version(26200), { pairs: [] }).verdict, 'process');
    const own = { ...pair!, image: [20348, 20348], host: [22000, 22631], cause: 'It fails.' } as const;
    const found = compatibility(version(20348), version(22621), { pairs: [own] });
    assert.deepEqual([found.verdict, found.cause, found.remedy], ['refused', 'It fails.', own.remedy]);
    assert.deepEqual(found.tags, []);
    assert.equal(compatibility(version(20348), version(22632), { pairs: [own] }).verdict, 'process');
  });

  const entry = (osVersion: string, more = {}) => ({
    platform: { os: 'windows', architecture: 'amd64', 'os.version': osVersion, ...more },
  });

  it('chooses of an index what runs best', () => {
    const manifests = [
      entry(version(17763)),
      entry(version(20348, 9)),
      entry(version(20348, 2)),
      entry(version(26100)),
      { platform: { os: 'linux', architecture: 'amd64' } },
      { platform: { os: 'unknown', architecture: 'unknown' } },
      {},
    ];
    const found = compatibility({ manifests }, version(20348, 5));
    assert.equal(found.verdict, 'process');
    assert.equal(found.image, version(20348, 2), 'the newest that is not newer than the host');
    assert.deepEqual(
      found.entries.map(({ index, verdict }) => [index, verdict]),
      [
        [2, 'process'],
        [1, 'process'],
        [0, 'hyperv'],
        [4, 'hyperv'],
      ],
    );
    const list = manifests.map(({ platform = { os: 'unknown' } }) => platform);
    assert.deepEqual(compatibility(list, version(20348, 5)), found);
  });

  it('refuses an index of which nothing runs, and names what it has', () => {
    const found = compatibility({ manifests: [entry(version(26100)), entry('bad\u0007')] }, version(20348));
    assert.equal(found.verdict, 'refused');
    assert.equal(found.cause, 'None of its images runs here: windows 10.0.26100.1, windows bad?.');
    assert.equal(found.image, '');
    assert.equal(found.remedy, 'Take the tag ltsc2022.');
  });

  it('compares processors by the names of images and of Windows', () => {
    const on = (architecture: string) =>
      compatibility(entry(version(20348)).platform, { osVersion: version(20348), architecture }).verdict;
    assert.deepEqual(['x64', 'amd64', 'arm64'].map(on), ['process', 'process', 'refused']);
  });

  it('says of Linux, of other systems and of no version what they need', () => {
    const linux = compatibility({ os: 'linux', architecture: 'amd64' }, version(20348));
    assert.deepEqual([linux.verdict, (linux.remedy ?? '').includes('lcow.files')], ['hyperv', true]);
    assert.equal(compatibility({ os: 'darwin' }, version(20348)).verdict, 'refused');
    assert.equal(compatibility({ os: 'windows', osVersion: 'soon' }, version(20348)).verdict, 'refused');
    const without = compatibility({ os: 'windows' }, version(20348));
    assert.deepEqual([without.verdict, without.warnings.length, without.image], ['process', 1, '']);
  });

  const ok = version(20348);
  const refused: [name: string, image: unknown, host: unknown, options: unknown, field: string][] = [
    ['an image that is no version', 'ltsc2022', ok, {}, 'image'],
    ['an image that is a number', 1, ok, {}, 'image'],
    ['an empty list', [], ok, {}, 'image'],
    ['a list of numbers', [1], ok, {}, 'image[0]'],
    ['manifests that are no array', { manifests: {} }, ok, {}, 'image.manifests'],
    ['an entry that is no object', { manifests: [null] }, ok, {}, 'image.manifests[0]'],
    ['a platform that is no object', { manifests: [{ platform: 1 }] }, ok, {}, 'image.manifests[0].platform'],
    ['more entries than there can be', { manifests: Array(4097).fill({}) }, ok, {}, 'image.manifests'],
    ['a version that is no text', { os: 'windows', 'os.version': 1 }, ok, {}, 'image.os.version'],
    ['a host without a version', ok, {}, {}, 'host.osVersion'],
    ['a host that is no version', ok, '10.0', {}, 'host'],
    ['a misspelt member of a host', ok, { osVersion: ok, arch: 'x64' }, {}, 'host.arch'],
    ['an architecture that is no text', ok, { osVersion: ok, architecture: 1 }, {}, 'host.architecture'],
    ['a misspelt option', ok, ok, { pair: [] }, 'options.pair'],
    ['pairs that are no array', ok, ok, { pairs: {} }, 'options.pairs'],
    ['a pair without builds', ok, ok, { pairs: [{ ...knownPairs[0], host: 1 }] }, 'options.pairs[0]'],
  ];
  for (const [name, image, host, options, field] of refused) {
    it(`refuses ${name}`, () => {
      assert.throws(() => compatibility(image as ComparedImage, host as string, options as object), {
        code: 'ERR_HC_ARGUMENT',
        field,
      });
    });
  }
});
