// Memory for virtual machines.
import type { Check } from '../check.js';
import { memory } from '../questions.js';
import { valueOf } from '../read-answer.js';
import { isMemory } from '../shapes.js';

const gibibyte = 2 ** 30;
/** What a virtual machine of Hyper-V isolation is given unless somebody says otherwise. */
const asked = gibibyte;

const pageFile =
  'Let Windows manage a page file, in an elevated PowerShell, and restart: ' +
  'Get-CimInstance Win32_ComputerSystem | Set-CimInstance -Property @{ AutomaticManagedPagefile = $true }';

export const memoryCheck: Check = {
  id: 'memory',
  title: 'memory',
  goals: ['hyperv', 'vm', 'lcow'],
  blocks: ['hyperv', 'vm', 'lcow'],
  rule:
    'GetPerformanceInfo and GlobalMemoryStatusEx: less than 1 GiB left of the commit limit, which is what a virtual machine asks for, ' +
    'is a problem (0x800705AF); no page file is a warning.',
  source: 'microsoft/hcsshim internal/uvm (1 GiB); Win32 ERROR_COMMITMENT_LIMIT',
  date: '2026-08-20',
  async find(facts) {
    const { totalBytes, commitLimitBytes, commitBytes } = valueOf(memory, await facts.ask(memory), isMemory);
    const left = Math.max(0, commitLimitBytes - commitBytes);
    const [free, of] = [left, totalBytes].map((bytes) => `${(bytes / gibibyte).toFixed(1)} GiB`);
    const hasPageFile = commitLimitBytes > totalBytes;
    if (left < asked) {
      const cause = `${free} can still be committed, and a virtual machine asks for 1 GiB: it fails with 0x800705AF.`;
      return { outcome: 'problem', cause, remedy: hasPageFile ? 'End programs, or enlarge the page file.' : pageFile };
    }
    const note = `${of} of memory, ${free} can be committed`;
    if (hasPageFile) return { outcome: 'ok', note };
    const cause = 'There is no page file: what can be committed ends with the memory of the machine.';
    return { outcome: 'warning', cause, remedy: pageFile, note };
  },
};
