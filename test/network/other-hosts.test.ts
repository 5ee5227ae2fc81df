import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Host, resultCodes } from 'hostcompute';
import { Endpoint, Namespace, Network, networkEvents, networkFeatures } from 'hostcompute/network';
import { record } from 'hostcompute/recorder';

import { simulatorLibraries } from '#dist/backend/load.js';
import { rules } from '#dist/documents/rules.js';
import { useSimulator } from '../support/host.js';

describe('Networks of a replay', () => {
  useSimulator();
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hostcompute-networks-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** What a program sees that makes its ids by chance. */
  async function seen(host: Host): Promise<unknown[]> {
    const events = networkEvents({ host });
    await events.ready;
    const network = await Network.create({ Name: 'web', Type: 'NAT' }, { host });
    const endpoint = await Endpoint.create(network, { Name: 'one' });
    const namespace = await Namespace.create({}, { host });
    await namespace.addEndpoint(endpoint);
    const isIn = (await endpoint.properties()).HostComputeNamespace === namespace.id;
    const { MacAddress } = await endpoint.properties();
    const refusal = await Network.create({ Name: 'web', Type: 'NAT' }, { host }).catch(
      (error: unknown) => (error as { code: string }).code,
    );
    const { version } = await networkFeatures({ host });
    const [listed] = await Network.list({ Name: 'web' }, { host });
    await network.delete();
    const { value } = (await events.next()) as { value: { type: string; id: string } };
    await events.close();
    return [isIn, MacAddress, refusal, version, listed?.ID === network.id, value.type, value.id === network.id];
  }

  it('are those of the recording', async () => {
    const file = join(folder, 'networks.jsonl');
    const recording = await record(file, { host: 'simulated' });
    const before = await seen(recording);
    await recording.close();
    const replay = await Host.open({ replay: file });
    const after = await seen(replay);
    await replay.close();
    assert.deepEqual(after, before);
    assert.deepEqual(before.slice(2, 4), ['HCN_E_NETWORK_ALREADY_EXISTS', { Major: 15, Minor: 4 }]);
  });
});

describe('A host without computenetwork', () => {
  const { vmcompute, simulator } = simulatorLibraries();
  const libraries = { vmcompute, ...(simulator !== undefined && { simulator }) };

  it('refuses calls of networks, naming the library, and has the older route', async () => {
    await using host = await Host.open({ libraries });
    await assert.rejects(Network.list({}, { host }), { code: 'ERR_HC_LIBRARY', message: /no computenetwork\.dll/ });
    assert.equal((await networkFeatures({ host })).version.Major, 15);
  });

  it('says why the library could not be opened, at the call', async () => {
    const computenetwork = join(tmpdir(), 'no-such-folder', 'computenetwork.dll');
    await using host = await Host.open({ libraries: { ...libraries, computenetwork } });
    await assert.rejects(Network.list({}, { host }), { code: 'ERR_HC_LIBRARY', message: /no computenetwork\.dll: \S/ });
  });
});

describe('The rules of documents', () => {
  it('name codes that are known', () => {
    const known = new Set(resultCodes.map(({ code }) => code));
    const named = Object.values(rules).flatMap(({ code }) => code ?? []);
    assert.ok(named.some((code) => code.startsWith('HCN_E_')));
    assert.deepEqual(
      named.filter((code) => !known.has(code) && !code.startsWith('0x')),
      [],
    );
  });
});
