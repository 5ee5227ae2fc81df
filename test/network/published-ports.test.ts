import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';

import { sessionOf } from '#dist/host/host.js';
import { run } from '#dist/host/operation.js';
import { ComputeSystem } from 'hostcompute';

import { containerDocument } from '../support/documents.js';
import { useSimulator } from '../support/host.js';

// fetch() of Node for Windows connects to nothing under Wine.
async function answerOf(url: string, body?: string): Promise<string> {
  const sent = request(url, { method: body === undefined ? 'GET' : 'POST', agent: false });
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return text(answer);
}

describe('A port that an endpoint of the simulated host publishes', () => {
  const bench = useSimulator();

  async function hns(method: string, path: string, body?: object): Promise<{ ID: string }> {
    const session = sessionOf(bench.simulator.host, 'test');
    const object = body === undefined ? '' : JSON.stringify(body);
    const { outputs } = await run({ session, name: 'HNSCall', input: { method, path, object }, options: {} });
    const { Success, Output } = JSON.parse(outputs.response!) as { Success: boolean; Output: { ID: string } };
    assert.equal(Success, true);
    return Output;
  }

  // The container of a namespace with an endpoint that publishes port 80.
  async function published(): Promise<{ container: ComputeSystem; endpoint: string }> {
    const { ID: network } = await hns('POST', '/networks/', {
      Name: 'nat',
      Type: 'NAT',
      Subnets: [{ AddressPrefix: '192.168.100.0/24', GatewayAddress: '192.168.100.1' }],
    });
    const mapping = { Type: 'NAT', Protocol: 'TCP', InternalPort: 8888, ExternalPort: 80 };
    const { ID: endpoint } = await hns('POST', '/endpoints/', { VirtualNetwork: network, Policies: [mapping] });
    const { ID: space } = await hns('POST', '/namespaces/', {});
    await hns('POST', `/namespaces/${space}/addresource`, { Type: 'Endpoint', Data: { Id: endpoint } });
    const document = containerDocument();
    const container = await ComputeSystem.create(
      bench.id(),
      { ...document, Container: { ...document.Container, Networking: { Namespace: space } } },
      { host: bench.simulator.host },
    );
    await container.start();
    return { container, endpoint };
  }

  const address = async (): Promise<string> => {
    const { PublishedPorts: ports } = await bench.simulator.state();
    const [port] = ports.filter(({ ExternalPort, Protocol }) => ExternalPort === 80 && Protocol === 'TCP');
    return `http://${port!.Address}:${String(port!.HostPort)}/`;
  };

  it('is answered by the program that listens in the container, and refused when that has ended', async () => {
    const { container } = await published();
    await using system = container;
    await using server = await system.createProcess({ command: 'sim-http 8888 hello' });
    assert.ok(await bench.simulator.reached({ publishedPorts: 1 }));
    const url = await address();
    assert.equal(await answerOf(url), 'hello');
    assert.equal(await answerOf(url, 'x'.repeat(100_000)), 'hello');
    await server.kill();
    await server.exited;
    await assert.rejects(answerOf(url), { code: 'ECONNREFUSED' });
    assert.ok(await bench.simulator.reached({ publishedPorts: 0 }, 0));
    await system.terminate();
  });

  it('is refused when the endpoint is gone, or the container has ended', async () => {
    const { container, endpoint } = await published();
    await using system = container;
    await using server = await system.createProcess({ command: 'sim-http 8888 hello' });
    assert.ok(await bench.simulator.reached({ publishedPorts: 1 }));
    const url = await address();
    await hns('DELETE', `/endpoints/${endpoint}`);
    await assert.rejects(answerOf(url), { code: 'ECONNREFUSED' });
    await system.terminate();
    await server.exited;
    assert.deepEqual((await bench.simulator.state()).PublishedPorts, []);
  });
});
