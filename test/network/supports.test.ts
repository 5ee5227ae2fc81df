import assert from 'node:assert/strict';

import type { NetworkHostFacts } from 'hostcompute/network';
import { supportsNetwork } from 'hostcompute/network';

type Answer = boolean | undefined;

describe('supportsNetwork()', () => {
  const answers: readonly (readonly [feature: string, host: NetworkHostFacts, answer: Answer])[] = [
    ['TierAcl', { hnsVersion: '13.2' }, false],
    ['TierAcl', { hnsVersion: { Major: 14, Minor: 0 } }, true],
    ['TierAcl', { osBuild: 26100 }, undefined],
    ['V2', { hnsVersion: '7.1' }, false],
    ['V2', { hnsVersion: '9.2' }, true],
    ['DSR', { hnsVersion: '9.2' }, false],
    ['DSR', { hnsVersion: '9.3' }, true],
    ['DSR', { hnsVersion: '10.1' }, false],
    ['DSR', { hnsVersion: '10.2' }, true],
    ['L4Proxy', { hnsVersion: '9.5' }, true],
    ['L4Proxy', { hnsVersion: '10.4' }, false],
    ['L4Proxy', { hnsVersion: '11.11' }, true],
    ['L4Proxy', { hnsVersion: '13.0' }, false],
    ['IPv6DualStack', { hnsVersion: '11.9' }, false],
    ['IPv6DualStack', { hnsVersion: '11.10' }, true],
    ['ModifyLoadbalancer', { hnsVersion: '15.3' }, false],
    ['Accelnet', { hnsVersion: '15.4' }, true],
    ['Subnet.Flags', { osBuild: 17763 }, false],
    ['Subnet.Flags', { osBuild: 20348 }, true],
    ['HostComputeNetwork.Ipams.Subnets.Flags', { schemaVersion: '2.6' }, false],
    ['NetworkMode.Mirrored', { schemaVersion: { Major: 2, Minor: 4 } }, true],
    ['NetworkMode.Mirrored', { osBuild: 26100 }, true],
    ['EndpointPolicyType.Firewall', { osBuild: 22000 }, false],
    ['OutboundNatPolicySetting.MaxPortPoolUsage', { osBuild: 20348 }, undefined],
    ['HostComputeNetwork.Ipams', { osBuild: 17134 }, false],
  ];
  for (const [feature, host, answer] of answers) {
    it(`returns ${answer} for ${feature} on ${JSON.stringify(host)}`, () =>
      assert.equal(supportsNetwork(feature, host), answer));
  }

  it('suggests the known name for a misspelled one', () => {
    assert.throws(() => supportsNetwork('TierAkl', { hnsVersion: '15.4' }), { remedy: 'Pass TierAcl.' });
    assert.throws(() => supportsNetwork('Subnet.Flag', { osBuild: 20348 }), { remedy: 'Pass Flags.' });
    assert.throws(() => supportsNetwork('constructor.name', { osBuild: 20348 }), { field: 'feature' });
  });

  it('requires a version or a build of the host', () => {
    assert.throws(() => supportsNetwork('TierAcl', {}), { field: 'host' });
    assert.throws(() => supportsNetwork('TierAcl', { hnsVersion: '15' }), { field: 'options.hnsVersion' });
    assert.throws(() => supportsNetwork(1 as never, { hnsVersion: '15.4' }), { field: 'feature' });
  });
});
