import assert from 'node:assert/strict';

import { ComputeSystem } from 'hostcompute';
import { attachContainer, Endpoint, hns, Namespace, Network, networks } from 'hostcompute/network';

import { containerDocument, containerDocumentV1, machineDocument } from '../support/documents.js';
import { useSimulator } from '../support/host.js';

describe('attachContainer()', () => {
  const bench = useSimulator();
  const on = () => ({ host: bench.simulator.host });

  async function twoEndpoints(): Promise<[Endpoint, Endpoint]> {
    const network = await Network.create(networks.nat({ name: 'web', subnet: '192.168.100.0/24' }), on());
    return Promise.all([
      Endpoint.create(network, { Name: 'one_eth1' }),
      Endpoint.create(network, { Name: 'one_eth0' }),
    ]);
  }
  async function system(document: object): Promise<ComputeSystem> {
    return bench.keep(await ComputeSystem.create(bench.id(), document as never, on()));
  }
  const inNamespace = ({ id: Namespace }: Namespace) => {
    const { Container, ...document } = containerDocument();
    return { ...document, Container: { ...Container, Networking: { Namespace } } };
  };
  const idsIn = async (namespace: Namespace): Promise<string[]> =>
    (await namespace.endpoints()).map(({ ID }) => ID).sort();
  const ids = (endpoints: readonly Endpoint[]): string[] => endpoints.map(({ id }) => id).sort();

  it('adds the endpoints to the namespace of a container, and takes them out again', async () => {
    const endpoints = await twoEndpoints();
    const namespace = await Namespace.create({}, on());
    const container = await system(inNamespace(namespace));
    const attachment = await attachContainer(container, namespace, endpoints);
    await container.start();
    assert.deepEqual(await idsIn(namespace), ids(endpoints));
    assert.deepEqual(await namespace.containers(), [container.id]);
    await container.terminate();
    await attachment.detach();
    await attachment.detach();
    assert.deepEqual([await idsIn(namespace), await namespace.containers()], [[], []]);
    await namespace.delete();
  });

  it('leaves an endpoint in the namespace that was in it before', async () => {
    const [one, other] = await twoEndpoints();
    const namespace = await Namespace.create({}, on());
    await namespace.addEndpoint(one);
    const container = await system(inNamespace(namespace));
    await (await attachContainer(container, namespace, [one, other])).detach();
    assert.deepEqual(await idsIn(namespace), [one.id]);
  });

  it('adds the endpoints to a container of schema 1 that runs', async () => {
    const endpoints = await twoEndpoints();
    const id = bench.id();
    const container = bench.keep(await ComputeSystem.create(id, containerDocumentV1(id), on()));
    await container.start();
    const sharers = async (): Promise<unknown[]> =>
      Promise.all(
        endpoints.map(async (endpoint) => (await hns.endpoints.get(endpoint.id, on())).SharedContainers ?? []),
      );
    const attachment = await attachContainer(container, undefined, endpoints);
    assert.deepEqual(await sharers(), [[id], [id]]);
    await attachment.detach();
    assert.deepEqual(await sharers(), [[], []]);
  });

  it('gives a virtual machine an adapter for each endpoint, eth0 first, and its namespace', async () => {
    const endpoints = await twoEndpoints();
    const namespace = await Namespace.create({}, on());
    const machine = await system(machineDocument());
    await machine.start();
    await bench.simulator.startTrace();
    const attachment = await attachContainer(machine, namespace, endpoints);
    const sharers = async () => (await hns.endpoints.get(endpoints[1].id, on())).SharedContainers ?? [];
    assert.deepEqual(await sharers(), [machine.id]);
    await attachment.detach();
    assert.deepEqual(await idsIn(namespace), []);
    assert.deepEqual(await sharers(), []);
    await machine.terminate();
  });

  for (const failing of [1, 2]) {
    it(`undoes what it did when endpoint ${failing} of 2 is refused`, async () => {
      const endpoints = await twoEndpoints();
      const namespace = await Namespace.create({}, on());
      const container = await system(inNamespace(namespace));
      await bench.simulator.inject({
        function: 'computenetwork.HcnModifyNamespace',
        status: 0x803b002e,
        nth: failing,
        count: 1,
      });
      await assert.rejects(attachContainer(container, namespace, endpoints), { code: 'HCN_E_NAMESPACE_ATTACH_FAILED' });
      assert.deepEqual(await idsIn(namespace), []);
    });
  }

  it('counts what is gone as undone', async () => {
    const endpoints = await twoEndpoints();
    const namespace = await Namespace.create({}, on());
    const container = await system(inNamespace(namespace));
    const attachment = await attachContainer(container, namespace, endpoints);
    await container.close();
    await endpoints[0].delete();
    await namespace.removeEndpoint(endpoints[1]);
    await namespace.delete();
    await attachment.detach();
  });

  it('is tried again where a step failed', async () => {
    const endpoints = await twoEndpoints();
    const namespace = await Namespace.create({}, on());
    const container = await system(inNamespace(namespace));
    const attachment = await attachContainer(container, namespace, endpoints);
    await bench.simulator.inject({ function: 'computenetwork.HcnModifyNamespace', status: 0x80070005, count: 1 });
    await assert.rejects(attachment.detach(), { code: 'E_ACCESSDENIED' });
    assert.equal((await idsIn(namespace)).length, 1);
    await attachment.detach();
    assert.deepEqual(await idsIn(namespace), []);
  });
});
