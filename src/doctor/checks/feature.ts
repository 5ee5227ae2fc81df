// The optional features, by what they bring: a feature may read "off" while all that it brings is there, and the other way round.
import type { Answer } from '../answer.js';
import { isAbsent } from '../answer.js';
import type { Check, Facts, Finding } from '../check.js';
import { feature, processor, service, token } from '../questions.js';
import { unknown } from '../read-answer.js';
import { isFeature, isLibrary, isProcessor, isService, isToken } from '../shapes.js';
import { enabling, isChosen } from './features.js';
import { vmcompute } from './lib.js';

const installed = 4;
const pendingStates: readonly number[] = [1, 5];

interface Pieces {
  /** Of one feature all, of several any that is complete. */
  readonly features: readonly { readonly name: string; readonly questions: readonly string[] }[];
  /** What is said where none is there. */
  readonly cause: string;
}

const isThere = (question: string, answer: Answer): boolean =>
  'value' in answer && (question === vmcompute ? isLibrary : isService)(answer.value);

async function byPieces(facts: Facts, { features, cause }: Pieces): Promise<Finding> {
  const answers = await Promise.all(
    features.map(({ questions }) => Promise.all(questions.map((question) => facts.ask(question)))),
  );
  const complete = features.find(({ questions }, at) =>
    questions.every((question, each) => isThere(question, answers[at]![each]!)),
  );
  if (complete !== undefined) return { outcome: 'ok', note: `what ${complete.name} brings is there` };
  const couldBe = features.filter((_, at) => !answers[at]!.some(isAbsent));
  if (couldBe.length > 0) return byDism(facts, couldBe[0]!, answers[features.indexOf(couldBe[0]!)]!);
  for (const { name } of features) {
    if (!(await isChosen(facts, name))) continue;
    const late = `The feature ${name} was enabled, and what it brings is not there: it is not yet in force.`;
    return { outcome: 'problem', cause: late, remedy: 'Restart Windows.' };
  }
  return { outcome: 'problem', cause, remedy: await enabling(facts, features[0]!.name) };
}

/** The services did not tell. DISM takes seconds, and answers to an elevated program only. */
async function byDism(
  facts: Facts,
  { name, questions }: Pieces['features'][number],
  answers: readonly Answer[],
): Promise<Finding> {
  const at = questions.findIndex((question, each) => !isThere(question, answers[each]!));
  const cannotTell = unknown(questions[at]!, answers[at]!);
  const whose = await facts.ask(token);
  if (!('value' in whose) || !isToken(whose.value) || !whose.value.elevated) return cannotTell;
  const answer = await facts.ask(feature(name));
  if (!('value' in answer) || !isFeature(answer.value)) return cannotTell;
  const { state } = answer.value;
  if (state === installed) return { outcome: 'ok', note: `${name} is installed` };
  if (pendingStates.includes(state)) {
    return { outcome: 'problem', cause: `The feature ${name} waits for a restart.`, remedy: 'Restart Windows.' };
  }
  return { outcome: 'problem', cause: `The feature ${name} is off.`, remedy: await enabling(facts, name) };
}

const containers: Pieces = {
  features: [{ name: 'Containers', questions: [service('vmcompute'), service('hns'), vmcompute] }],
  cause: 'The feature Containers is off: what it brings is not there.',
};

export const featureContainers: Check = {
  id: 'feature.containers',
  title: 'feature Containers',
  goals: ['process', 'hyperv', 'layers'],
  blocks: ['process', 'hyperv', 'layers'],
  rule:
    'The services vmcompute and hns and vmcompute.dll are there, whichever feature has brought them. Where that cannot be asked, DISM ' +
    'says whether the feature is installed, if the program is elevated. Whether it was chosen (Selection) tells "off" from "after a restart".',
  source: 'moby/moby daemon checkSystem; microsoft/mxc docs/backend-support-probe-api-plan.md; Debug-ContainerHost.ps1',
  date: '2026-08-23',
  find: (facts) => byPieces(facts, containers),
};

const hyperV: Pieces = {
  features: [
    { name: 'Microsoft-Hyper-V', questions: [service('vmms')] },
    { name: 'VirtualMachinePlatform', questions: [service('vmcompute'), service('vfpext')] },
  ],
  cause: 'Both Hyper-V and Virtual Machine Platform are off: what they bring is not there.',
};

export const featureHyperV: Check = {
  id: 'feature.hyperv',
  title: 'feature Hyper-V',
  goals: ['hyperv', 'vm', 'lcow'],
  blocks: ['hyperv', 'vm', 'lcow'],
  rule:
    'A hypervisor runs whose root this Windows is, or vmms is there (Hyper-V), or vmcompute and vfpext (Virtual Machine Platform). What is ' +
    'not told so is asked as for Containers.',
  source:
    'MicrosoftDocs/Virtualization-Documentation; A3S-Lab/Box#250; microsoft/WSL src/windows/common/wslutil.cpp 1347',
  date: '2026-08-08',
  async find(facts) {
    const answer = await facts.ask(processor);
    const isRoot = 'value' in answer && isProcessor(answer.value) && answer.value.createPartitions === true;
    return isRoot ? { outcome: 'ok', note: 'its hypervisor runs' } : byPieces(facts, hyperV);
  },
};
