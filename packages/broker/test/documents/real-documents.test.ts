// Documents that programs have sent to real hosts: a policy that names what they name lets them through, but for what is listed.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';

import type { PolicyFolder } from '../../src/policy/policy.js';
import { Bench, machine, policyOf } from '../support/broker.js';

const fixtures = new URL('../../../../../test/fixtures/real/', import.meta.url);

const refusals: Readonly<Record<string, RegExp>> = {
  'modify-nanabox-comport-add.json': /ResourcePath" must be one that clients may change/,
  'modify-nanabox-gpu-list.json': /ResourcePath" must be one that clients may change/,
  'modify-share-number.json': /ResourcePath" must be one that clients may change/,
  'modify-wsl-flexiov-remove.json': /ResourcePath" must be one that clients may change/,
  'modify-wsl-gpu.json': /ResourcePath" must be one that clients may change/,
  'modify-wsl-plan9-add.json': /Flags" must be of the bits/,
  'process-lcow-oci.json': /received "OCISpecification"/,
  'vm-appsandbox-windows.json': /AllowWildcardBinds" must be false for clients/,
  'vm-windows-uvm-zlayer.json': /AllowWildcardBinds" must be false for clients/,
  'vm-nanabox.json': /ExposeVirtualizationExtensions" must be false for clients/,
  // Hosts refuse these as well.
  's2-argon-layer-ID.json': /received "ID"/,
  's2-argon-namespace-as-array.json': /Namespace" must be a string/,
  'vm-shares-as-table.json': /must be a list/,
};

const calls: Readonly<Record<string, readonly [name: string, input: string]>> = {
  modify: ['HcsModifyComputeSystem', 'configuration'],
  process: ['HcsCreateProcess', 'processParameters'],
  'options-save': ['HcsSaveComputeSystem', 'options'],
  'options-shutdown': ['HcsShutdownComputeSystem', 'options'],
  query: ['HcsGetComputeSystemProperties', 'propertyQuery'],
  s1: ['HcsCreateComputeSystem', 'configuration'],
  s2: ['HcsCreateComputeSystem', 'configuration'],
  vm: ['HcsCreateComputeSystem', 'configuration'],
};

function* strings(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) yield* strings(one);
}

/** A bench whose policy names all that a document does, and which has mounted its volumes. */
async function benchFor(document: unknown): Promise<Bench> {
  const all = [...strings(document)];
  const names = all.flatMap((text) => /^[A-Za-z]:\\[^\\]+(?=\\|$)/.exec(text)?.[0] ?? []);
  const use: PolicyFolder['use'] = ['layers', 'shares', 'disks', 'state'];
  const folders = [...new Set(names), 'D:\\work'].map((path) => ({ path, use, access: 'write' }));
  const pipes = all.filter((text) => text.startsWith('\\\\.\\pipe\\'));
  const networks = all.flatMap((text) => /^\{?([\da-f]{8}-[\da-f-]{27})\}?$/i.exec(text)?.[1] ?? []);
  const bench = new Bench(policyOf({ folders, pipes, networks }));
  const client = bench.connect();
  const layer = { driver: { flavour: 1, homeDir: '' }, layer: 'D:\\work\\scratch' };
  await client.allowed('CreateSandboxLayer', { ...layer, parent: '', parents: [] });
  for (const mountPath of all.filter((text) => text.startsWith('\\\\?\\Volume{'))) {
    await client.allowed('GetLayerMountPath', layer, { outputs: { mountPath } });
  }
  for (const path of all.filter((text) => names.some((name) => text.startsWith(name)))) {
    await client.decide('CreateLayer', { ...layer, layer: path, parent: '' });
  }
  return bench;
}

describe('documents of real programs', () => {
  for (const file of readdirSync(fixtures)) {
    const call = Object.keys(calls).find((kind) => file.startsWith(`${kind}-`));
    // A status is an answer; the version of the service is another question than that for a system.
    if (call === undefined || ['process-status-42.json', 'query-basic.json'].includes(file)) continue;
    const [name, input] = calls[call]!;
    const { document } = JSON.parse(readFileSync(new URL(file, fixtures), 'utf8')) as { document: { Name?: string } };
    const refusal = refusals[file];
    it(`${refusal === undefined ? 'go' : 'do not go'} through: ${file}`, async () => {
      const client = (await benchFor(document)).connect();
      const { handle } = await client.create('made', machine());
      const inputs = { computeSystem: handle, id: document.Name ?? 'web', identity: null };
      const decision = await client.decide(name, { ...inputs, [input]: JSON.stringify(document) });
      if (refusal === undefined) assert.ok('allow' in decision, 'refuse' in decision ? decision.message : '');
      else assert.match('refuse' in decision ? decision.message : 'allowed', refusal);
    });
  }
});
