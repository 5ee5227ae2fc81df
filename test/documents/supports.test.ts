import assert from 'node:assert/strict';

import type { HostFacts } from 'hostcompute/documents';
import { supports, validateDocument } from 'hostcompute/documents';

describe('supports()', () => {
  const answers: readonly (readonly [feature: string, host: HostFacts, answer: boolean | undefined])[] = [
    ['Container.FilterType', { osBuild: 20348 }, false],
    ['Container.FilterType', { osBuild: 26100 }, true],
    ['Chipset.LinuxKernelDirect', { osBuild: 17763 }, false],
    ['Chipset.LinuxKernelDirect', { osBuild: 18285, schemaVersion: '2.2' }, false],
    ['Chipset.LinuxKernelDirect', { osBuild: 18362 }, true],
    ['VirtualMachine.Chipset.LinuxKernelDirect', { schemaVersion: { Major: 2, Minor: 2 } }, true],
    ['VirtualMachine.Devices.ComPorts.NamedPipe', { schemaVersion: '2.0' }, false],
    ['VirtualMachine.Devices.Scsi.Attachments.CachingMode.Cached', { osBuild: 17763 }, true],
    ['UefiBootDevice.File', { schemaVersion: '2.0' }, false],
    ['UefiBootDevice.File', { schemaVersion: '2.1' }, true],
    ['VirtualPciDevice.PropagateNumaAffinity', { schemaVersion: '2.9' }, false],
    ['Container/Processor', { osBuild: 19041 }, false],
    ['Container/Processor', { osBuild: 19042 }, true],
    ['ProcessorGroupAffinity', { osBuild: 19041 }, false],
    ['Container.Storage', { osBuild: 16299 }, false],
    ['Topology.Numa', { osBuild: 22000 }, false],
    ['Topology.Numa', { osBuild: 26100 }, true],
    ['Topology.Numa', { schemaVersion: '2.6' }, undefined],
    ['VirtualMachine.DebugOptions', { osBuild: 26100 }, undefined],
    ['VirtualMachine_Memory.FaultClusterSizeShift', { osBuild: 18362 }, false],
    ['VirtualMachine_Memory.FaultClusterSizeShift', { osBuild: 19045 }, true],
    ['VirtualMachine_Memory.FaultClusterSizeShift', { schemaVersion: '2.3' }, undefined],
    ['VirtualMachine_Memory.FaultClusterSizeShift', { schemaVersion: '2.4' }, true],
  ];
  for (const [feature, host, answer] of answers) {
    it(`returns ${answer} for ${feature} on ${JSON.stringify(host)}`, () =>
      assert.equal(supports(feature, host), answer));
  }

  it('suggests the known member for a misspelled one', () => {
    assert.throws(() => supports('Chipset.LinuxKernel', { osBuild: 20348 }), { field: 'feature' });
    assert.throws(() => supports('Chipset.LinuxKernelDirekt', { osBuild: 20348 }), {
      remedy: 'Pass LinuxKernelDirect.',
    });
    assert.throws(() => supports('UefiBootDevice.Fil', { osBuild: 20348 }), { remedy: 'Pass File.' });
    assert.throws(() => supports('Chipset', { osBuild: 20348 }), { field: 'feature' });
    assert.throws(() => supports('constructor.name', { osBuild: 20348 }), { field: 'feature' });
  });

  it('requires a build or schema version of the host', () => {
    assert.throws(() => supports('Chipset.Uefi', {}), { field: 'host' });
    assert.throws(() => supports('Chipset.Uefi', { schemaVersion: '2' }), { field: 'options.schemaVersion' });
    assert.throws(() => supports('Chipset.Uefi', { osBuild: 1.5 }), { field: 'options.osBuild' });
  });
});

describe('validateDocument()', () => {
  it('suggests the known member for a misspelled one', () => {
    const [issue] = validateDocument({ Handel: 'StdIn' }, { kind: 'CloseHandle' });
    assert.equal(issue?.message, '"Handel" must be a member of CloseHandle, such as Handle');
  });

  it('uses a schema 1 type when schema 2 has none of that name', () => {
    assert.deepEqual(
      validateDocument({ ImagePath: 1 }, { kind: 'HvRuntime' }).map(({ path }) => path),
      ['ImagePath'],
    );
  });

  it('throws for an unknown kind, and for a value that is not an object', () => {
    assert.throws(() => validateDocument({}, { kind: 'ComputeSytem' }), { remedy: 'Pass ComputeSystem.' });
    assert.throws(() => validateDocument({}, { kind: 'uint64' }), { field: 'options.kind' });
    assert.throws(() => validateDocument({}, { kind: 'toString' }), { field: 'options.kind' });
    assert.throws(() => validateDocument([] as object), { field: 'document' });
  });

  it('validates the result of toJSON()', () => {
    const CreateTimestamp = new Date(0);
    assert.deepEqual(validateDocument({ CreateTimestamp }, { kind: 'ProcessDetails' }), []);
  });

  it('ignores inherited members, as JSON does', () => {
    const inherited = { Handle: 'x', Zqx9: 1 };
    const document = Object.assign(Object.create(inherited) as object, { Handle: 'StdIn' });
    assert.deepEqual(validateDocument(document, { kind: 'CloseHandle' }), []);
    const devices = Object.create({ none: 1 }) as object;
    assert.deepEqual(validateDocument({ Devices: devices }, { kind: 'VirtualPMemController' }), []);
  });

  it('requires canonical unsigned integers as the keys of a numeric table', () => {
    const wrong = ['', '01', '-1', '1.5', '1e1', ' 1', '18446744073709551616', '99999999999999999999'];
    const right = ['0', '7', '9007199254740993', '18446744073709551615'];
    const table = (keys: readonly string[]): object => Object.fromEntries(keys.map((key) => [key, {}]));
    const issues = validateDocument({ Mappings: table([...wrong, ...right]) }, { kind: 'VirtualPMemDevice' });
    assert.deepEqual(
      issues.map(({ path }) => path).sort(),
      wrong.map((key) => (/^[\w-]+$/.test(key) ? `Mappings.${key}` : `Mappings[${JSON.stringify(key)}]`)).sort(),
    );
  });

  it('reports members called __proto__ and constructor as unknown', () => {
    const document = JSON.parse('{"Handle":"StdIn","__proto__":1,"constructor":2}') as object;
    assert.deepEqual(
      validateDocument(document, { kind: 'CloseHandle' }).map(({ rule }) => rule),
      ['unknown-member', 'unknown-member'],
    );
  });
});
