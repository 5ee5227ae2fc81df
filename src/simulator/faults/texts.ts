/**
 * Faults of the texts that a host gives.
 *
 * @module
 */
import type { FaultScenario } from './fault.js';
import { resultDocument } from './fault.js';

const chinese = '虚拟硬盘文件必须是解压缩和未加密的文件，并且不能是稀疏文件。';

export const texts = [
  {
    name: 'localized-messages',
    does: 'A disk is refused, and the texts are Chinese.',
    report: 'anthropics/claude-code#66772',
    rules: [
      { function: 'vmcompute.HcsCreateComputeSystem', status: 0xc03a001a, result: resultDocument(0xc03a001a, chinese) },
      { function: 'vmcompute.HcsModifyComputeSystem', status: 0xc03a001a, result: resultDocument(0xc03a001a, chinese) },
    ],
  },
  {
    name: 'attribution-only',
    does: 'A create fails with a code of another facility, and its document has nothing but an attribution.',
    report: 'anthropics/claude-code#33040',
    rules: [
      {
        function: 'vmcompute.HcsCreateComputeSystem',
        status: 0x800707de,
        result: JSON.stringify({ Error: 0x800707de | 0, Attribution: [{ OperationFailure: { Detail: 'Construct' } }] }),
      },
    ],
  },
  {
    name: 'malformed-texts',
    does: 'Result documents and properties break off in the middle.',
    report: 'microsoft/hcsshim@8a9596f9e',
    rules: [
      { function: 'vmcompute.HcsCreateComputeSystem', status: 0x8007000d, result: '{"Error":-214702' },
      { function: 'vmcompute.HcsGetComputeSystemProperties', properties: '{"Id":"' },
      { function: 'vmcompute.HcsGetProcessProperties', properties: '[' },
      { function: 'vmcompute.HcsEnumerateComputeSystems', properties: '{}' },
    ],
  },
  {
    name: 'empty-texts',
    does: 'Result documents and answers of queries are empty.',
    report: 'microsoft/hcsshim@8a9596f9e',
    rules: [
      { function: 'vmcompute.HcsModifyComputeSystem', status: 0x80004005, result: '' },
      { function: 'vmcompute.HcsGetComputeSystemProperties', properties: '' },
      { function: 'vmcompute.HcsGetProcessProperties', properties: '' },
      { function: 'vmcompute.HcsEnumerateComputeSystems', properties: '' },
      { function: 'vmcompute.HcsGetServiceProperties', properties: '' },
    ],
  },
  {
    name: 'huge-texts',
    does: 'A result document and the data of a notification have four million characters.',
    report: 'microsoft/hcsshim@3a2ea8f47',
    // Made when it is asked for: whoever imports the catalogue does not want to wait for it.
    get rules() {
      const long = 'x'.repeat(4 * 1024 * 1024);
      return [
        { function: 'vmcompute.HcsModifyComputeSystem', status: 0x80004005, result: resultDocument(0x80004005, long) },
        { function: 'vmcompute.HcsStartComputeSystem', completionData: long },
      ] as const;
    },
  },
] as const satisfies readonly FaultScenario[];
