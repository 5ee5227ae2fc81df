import assert from 'node:assert/strict';

import { documents } from 'hostcompute/documents';

import { golden, options } from '../../support/oci.js';

const schemas = [1, 2] as const;

describe('documents.fromOciSpec(), compared with hcsshim', () => {
  for (const name of ['annotations', 'limits', 'minimal', 'network']) {
    for (const schema of schemas) {
      it(`returns the same document for ${name} in schema ${schema}`, () => {
        const { document } = documents.fromOciSpec(golden(`${name}.spec`), options(schema));
        assert.deepEqual(document, golden(`${name}.v${schema}`));
      });
    }
  }

  // hcsshim looks for symbolic links in schema 2, and found the volume of drive C on the machine where the golden documents
  // were made: the GUID in them is that machine's. Here the caller looks.
  const resolvePath = ({ source }: documents.OciMount): string =>
    source.replace(/^C:/, '\\\\?\\Volume{00000000-0000-0000-0000-000000000043}');

  // The golden documents lack the pipe: hcsshim collects pipes while it sets up the resources of a container, which was
  // not done where they were made. A container that asked for a pipe gets it.
  const pipes = [{ HostPath: '\\\\.\\pipe\\docker_engine', ContainerPipeName: 'docker_engine' }];

  it('returns the same schema 1 document for mounts and a pipe', () => {
    const { document } = documents.fromOciSpec(golden('mounts.spec'), options(1));
    assert.deepEqual(document, { ...golden('mounts.v1'), MappedPipes: pipes });
  });

  it('returns the same schema 2 document for mounts and a pipe', () => {
    const { document } = documents.fromOciSpec(golden('mounts.spec'), { ...options(2), resolvePath });
    const expected = golden('mounts.v2');
    const container = expected.Container as object;
    assert.deepEqual(document, { ...expected, Container: { ...container, MappedPipes: pipes } });
  });

  it('uses a host path unchanged when there is no volume information', () => {
    const { document } = documents.fromOciSpec(golden('mounts.spec'), { ...options(2), schema: 2 });
    assert.deepEqual(
      document.Container?.MappedDirectories?.map(({ HostPath }) => HostPath),
      ['C:\\windows', 'C:\\users'],
    );
  });

  for (const schema of schemas) {
    it(`refuses a path that is not a volume in schema ${schema}`, () => {
      assert.match(String(golden(`bad-root.v${schema}`).error), /must be a volume GUID path/);
      assert.throws(() => documents.fromOciSpec(golden('bad-root.spec'), options(schema)), {
        name: 'HcsArgumentError',
        field: 'config.root.path',
        problem: 'must be the volume of the mounted writable layer, \\\\?\\Volume{GUID}\\; received "C:\\\\rootfs"',
      });
    });
  }

  for (const [name, schema, paths] of [
    ['minimal', 1, ['process']],
    ['minimal', 2, ['process']],
    ['limits', 1, ['process', 'windows.resources.storage.sandboxSize']],
    ['network', 1, ['windows.network.networkNamespace', 'process']],
    ['network', 2, ['windows.network.endpointList', 'process']],
    ['annotations', 2, ['process']],
    ['mounts', 2, ['process']],
  ] as const) {
    it(`reports what of ${name} has no equivalent in schema ${schema}`, () => {
      const { notExpressed } = documents.fromOciSpec(golden(`${name}.spec`), options(schema));
      assert.deepEqual(
        notExpressed.map(({ path }) => path),
        paths,
      );
      for (const { reason } of notExpressed) assert.ok(reason);
    });
  }
});
