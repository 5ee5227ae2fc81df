// The filter drivers that layers are put together by.
import type { Check } from '../check.js';
import { service, system } from '../questions.js';
import { askFor, valueOf } from '../read-answer.js';
import { isService, isSystem } from '../shapes.js';
import { enabling } from './features.js';
import { firstBuild } from './os.js';
import { disabled } from './svc.js';

/** wcifs on all, bindflt on builds that have it. */
export const drivers = ['wcifs', 'bindflt'] as const;

export const drvWcifs: Check = {
  id: 'drv.wcifs',
  title: 'layer filters',
  goals: ['process', 'layers'],
  blocks: ['process', 'layers'],
  rule: `The drivers wcifs and, from build ${firstBuild} on, bindflt are there and not disabled. They are loaded when they are needed.`,
  source: 'docker/for-win#3884; microsoft/hcsshim',
  date: '2026-08-20',
  async find(facts) {
    const { build } = valueOf(system, await facts.ask(system), isSystem);
    const names = build >= firstBuild ? drivers : drivers.slice(0, 1);
    const found = await Promise.all(names.map((name) => askFor(facts, service(name), isService)));
    const absent = names.filter((_, at) => found[at] === null);
    if (absent.length > 0) {
      const remedy = await enabling(facts, 'Containers');
      return { outcome: 'problem', cause: `There is no driver ${absent.join(', no ')}.`, remedy };
    }
    const off = names.filter((_, at) => found[at]?.startType === disabled);
    if (off.length === 0) return { outcome: 'ok', note: names.join(', ') };
    const commands = off.map((name) => `sc.exe config ${name} start= demand`).join('; ');
    const remedy = `Set the start type back in an elevated program, and restart: ${commands}`;
    return { outcome: 'problem', cause: `${off.join(' and ')} disabled: layers cannot be put together.`, remedy };
  },
};
