// The image that is to run.
import type { Check, CheckedImage, Facts, Finding } from '../check.js';
import type { Compatibility } from '../compatibility.js';
import { compatibility } from '../compatibility.js';
import { revision } from '../describe-host.js';
import { system } from '../questions.js';
import { CannotTell, valueOf } from '../read-answer.js';
import { isRegistry, isSystem } from '../shapes.js';

export const imageCheck: Check = {
  id: 'image',
  title: 'image against host',
  goals: ['process', 'hyperv', 'lcow'],
  blocks: ['process', 'hyperv', 'lcow'],
  rule:
    'os.version of the image against RtlGetVersion and UBR, by the rules of compatibility(): an image that needs a kernel of its own is a ' +
    'problem for process isolation, and one that runs in neither for all. One of a newer revision than the host is a warning.',
  source: 'microsoft/hcsshim osversion/platform_compat_windows.go; actions/runner-images#11582; microsoft/hcsshim#2566',
  date: '2026-08-20',
  async find(facts) {
    const { image } = facts;
    if (image === undefined) return { outcome: 'skipped', cause: 'No image was named.' };
    const { os, architecture, osVersion } = image;
    const found = compatibility(
      { os, ...(architecture !== undefined && { architecture }), ...(osVersion !== undefined && { osVersion }) },
      await hostOf(facts),
    );
    // A kernel of its own is what these goals have in mind.
    const isMeant = os === 'linux' ? facts.goals.includes('lcow') : !facts.goals.includes('process');
    if (found.verdict === 'hyperv' && isMeant) return { outcome: 'ok', note: 'with a kernel of its own' };
    return findingOf(image, found);
  },
};

async function hostOf(facts: Facts): Promise<{ readonly osVersion: string; readonly architecture?: string }> {
  const [is, ubr] = await Promise.all([facts.ask(system), facts.ask(revision)]);
  const { major, minor, build, architecture } = valueOf(system, is, isSystem);
  const { value } = valueOf(revision, ubr, isRegistry);
  if (typeof value !== 'number') throw new CannotTell(`"${revision}" is no number.`);
  return { osVersion: [major, minor, build, value].join('.'), ...(architecture !== 'unknown' && { architecture }) };
}

function findingOf({ name, os }: CheckedImage, found: Compatibility): Finding {
  const { verdict, cause, remedy, warnings, host, image, rule } = found;
  const by = `${rule.source}, ${rule.date}`;
  if (cause !== undefined && remedy !== undefined) {
    const blocks = verdict === 'refused' ? imageCheck.blocks : os === 'linux' ? processAndHyperv : processOnly;
    return { outcome: 'problem', cause: name === undefined ? cause : `${name}: ${cause}`, remedy, blocks, note: by };
  }
  const [warning] = warnings;
  if (warning === undefined) return { outcome: 'ok', note: `${image} on ${host} (${by})` };
  return {
    outcome: 'warning',
    cause: warning.cause,
    remedy: warning.remedy,
    note: `${warning.source}, ${warning.date}`,
  };
}

const processOnly = ['process'] as const;
const processAndHyperv = ['process', 'hyperv'] as const;
