import assert from 'node:assert/strict';

import { documents } from 'hostcompute/documents';

import { hyperVConfig, windowsConfig } from '../../support/oci.js';

const image = 'C:\\layers\\base\\UtilityVM';
const scratchDisk = 'C:\\layers\\scratch\\vm\\sandbox.vhdx';
const layerFolders = ['C:\\layers\\base', 'C:\\layers\\scratch'];
const vm = 'io.microsoft.virtualmachine.';

function convert(annotations: object, windows: object = {}) {
  const { document, notExpressed } = documents.utilityVmFromOciSpec(
    hyperVConfig({ layerFolders, ...windows }, { annotations }),
  );
  return { document, told: notExpressed.map(({ path }) => path) };
}

describe('documents.utilityVmFromOciSpec() for Windows', () => {
  it('returns the default VM without annotations', () => {
    const { document, told } = convert({ 'io.microsoft.container.processor.count': '1' });
    assert.deepEqual(document, documents.windowsUtilityVm({ image, scratchDisk }));
    assert.deepEqual(told, []);
  });

  it('uses the limits of the container unless an annotation overrides them', () => {
    const resources = { cpu: { count: 1, maximum: 5000 }, memory: { limit: 3 * 2 ** 20 }, storage: { bps: 7 } };
    const { document, told } = convert({}, { resources });
    const options = { memoryMiB: 4, cpu: { count: 1, limit: 5000 }, storageQoS: { bandwidthMaximum: 7 } };
    assert.deepEqual(document, documents.windowsUtilityVm({ image, scratchDisk, ...options }));
    assert.deepEqual(told, ['windows.resources.memory.limit']);
  });

  it('applies annotations', () => {
    const Key = { Hive: 'Software', Name: 'Contoso' };
    const { document } = convert({
      [`${vm}disablecompartmentnamespace`]: 'true',
      'io.microsoft.disable-unsafe-operations': 'true',
      'io.microsoft.container.processdumplocation': 'C:\\dumps',
      [`${vm}wcow.additional-reg-keys`]: JSON.stringify([{ Key, Name: 'N', Type: 'DWord', DWordValue: 5 }]),
      [`${vm}computetopology.memory.allowovercommit`]: 'false',
    });
    const expected = documents.windowsUtilityVm({
      image,
      scratchDisk,
      compartmentNamespace: false,
      noDirectMap: true,
      allowOvercommit: false,
      registry: {
        set: [
          { hive: 'System', key: 'ControlSet001\\Services\\WerSvc', name: 'Start', value: 2 },
          { hive: 'Software', key: 'Microsoft\\Windows\\Windows Error Reporting', name: 'Disabled', value: 1 },
          { hive: 'Software', key: 'Contoso', name: 'N', value: 5 },
        ],
      },
    });
    assert.deepEqual(document, expected);
  });

  it('reports a socket service that is not JSON', () => {
    const name = `${vm}hv-socket.service-table.3d0b7c80-8f0e-4b7e-9c57-7a1c9a1e0f03`;
    assert.deepEqual(convert({ [name]: 'no' }).told, [`annotations["${name}"]`]);
  });

  it('refuses a configuration without a VM', () => {
    assert.throws(() => documents.utilityVmFromOciSpec(windowsConfig()), { field: 'config.windows.hyperv' });
    assert.throws(() => documents.utilityVmFromOciSpec(hyperVConfig()), { field: 'config.windows.layerFolders' });
    assert.throws(() => convert({}, { hyperv: {} }), { field: 'config.windows.hyperv.utilityVMPath' });
  });
});
