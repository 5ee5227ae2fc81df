import assert from 'node:assert/strict';

import { ComputeSystem } from 'hostcompute';
import { documents, validateDocument } from 'hostcompute/documents';

import { hyperV, linux, standalone } from '../../support/built-documents.js';
import { foreignDocuments, useSimulator } from '../../support/host.js';
import { golden, options } from '../../support/oci.js';

describe('Built documents', () => {
  const bench = useSimulator(foreignDocuments);

  for (const [what, schema, build] of standalone) {
    it(`create ${what} on the simulated host`, async () => {
      const id = bench.id();
      await using system = await ComputeSystem.create(id, build(id), { host: bench.simulator.host });
      assert.equal((await system.properties()).Owner, 'hostcompute');
    });

    it(`pass validation: ${what}`, () => {
      assert.deepEqual(validateDocument(build('web'), { schemaVersion: schema, known: { id: 'web' } }), []);
    });
  }

  it('create a Hyper-V isolated Windows container on the simulated host', async () => {
    const { host } = bench.simulator;
    const id = bench.id();
    const { vmId, vm, attach, container } = hyperV(id);
    await using machine = await ComputeSystem.create(vmId, vm, { host });
    await machine.start();
    for (const request of attach) await machine.modify(request);
    await using system = await ComputeSystem.create(id, container, { host });
    assert.equal((await system.properties()).Owner, 'hostcompute');
    await system.start();
  });

  it('pass validation: a Hyper-V isolated Windows container', () => {
    const { vm, attach, container } = hyperV('web');
    for (const document of [vm, ...attach, container]) {
      assert.deepEqual(validateDocument(document, { schemaVersion: '2.1', known: { guestOs: 'Windows' } }), []);
    }
  });

  it('create a Linux container on the simulated host', async () => {
    const { host } = bench.simulator;
    const id = bench.id();
    const { vm, container } = linux(id);
    await using machine = await ComputeSystem.create(`${id}@vm`, vm, { host });
    await machine.start();
    await using system = await ComputeSystem.create(id, container, { host });
    await system.start();
    assert.equal((await system.properties()).Owner, 'hostcompute');
  });

  it('pass validation: a Linux container', () => {
    const { container } = linux('web');
    assert.deepEqual(validateDocument(container, { schemaVersion: '2.1', known: { guestOs: 'Linux' } }), []);
  });

  for (const name of ['annotations', 'limits', 'minimal', 'mounts', 'network']) {
    for (const schema of [1, 2] as const) {
      it(`create a container from the OCI configuration ${name} in schema ${schema}`, async () => {
        const id = bench.id();
        const { document } = documents.fromOciSpec(golden(`${name}.spec`), { ...options(schema), id });
        await using system = await ComputeSystem.create(id, document, { host: bench.simulator.host });
        assert.equal((await system.properties()).Owner, 'golden');
      });

      it(`pass validation: the OCI configuration ${name} in schema ${schema}`, () => {
        const { document } = documents.fromOciSpec(golden(`${name}.spec`), options(schema));
        const issues = validateDocument(document, { schemaVersion: `${schema}.1` }).map(({ path }) => path);
        // It names both a network namespace and a container whose network to share, which hcsshim passes on.
        assert.deepEqual(
          issues,
          name === 'network' && schema === 2 ? ['Container.Networking.NetworkSharedContainerName'] : [],
        );
      });
    }
  }
});
