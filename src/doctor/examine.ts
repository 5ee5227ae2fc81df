// Runs checks on answers, side by side. One that throws could not ask, and the others are right without it. That a question is
// asked once is up to the answers (bound-answers.ts).
import { shortened } from '../shortened.js';
import type { Answer, Answers } from './answer.js';
import type { Check, CheckedImage, CheckResult, Evidence, Facts, Finding, Goal } from './check.js';
import { CannotTell } from './read-answer.js';

export interface ExamineOptions {
  readonly goals: readonly Goal[];
  readonly root: string;
  readonly image?: CheckedImage;
}

/** @returns the results in the order of the checks. Rejects with the reason of the signal only. */
export async function examine(
  checks: readonly Check[],
  answers: Answers,
  options: ExamineOptions,
  signal: AbortSignal,
): Promise<CheckResult[]> {
  const ask = (question: string): Promise<Answer> => answers.ask(question, signal);
  return Promise.all(checks.map((check) => examineOne(check, ask, options, signal)));
}

async function examineOne(
  check: Check,
  ask: (question: string) => Promise<Answer>,
  options: ExamineOptions,
  signal: AbortSignal,
): Promise<CheckResult> {
  const begun = performance.now();
  const evidence: Evidence[] = [];
  const facts: Facts = {
    ...options,
    ask: async (question) => {
      const answer = await ask(question);
      if (!evidence.some(({ asked }) => asked === question)) evidence.push({ asked: question, answer });
      return answer;
    },
  };
  const wanted = check.goals.filter((goal) => options.goals.includes(goal));
  const finding = readable(wanted.length === 0 ? notWanted(check) : await findingOf(check, facts, signal));
  const result = { id: check.id, title: check.title, goals: check.goals, docs: `docs/doctor.md#${check.id}` };
  const ms = Math.round((performance.now() - begun) * 10) / 10;
  if (finding.outcome !== 'problem') return { ...result, ...finding, blocks: [], evidence, ms };
  const blocks = (finding.blocks ?? check.blocks).filter((goal) => options.goals.includes(goal));
  return { ...result, ...finding, outcome: blocks.length === 0 ? 'warning' : 'problem', blocks, evidence, ms };
}

/** Longer, a text that quotes what a machine says of itself is no help. */
const longestText = 2000;

function readable(finding: Finding): Finding {
  const texts = Object.entries(finding).map(([name, value]): [string, unknown] => [
    name,
    typeof value === 'string' ? shortened(value, longestText) : value,
  ]);
  return Object.fromEntries(texts) as unknown as Finding;
}

const notWanted = (check: Check): Finding => ({
  outcome: 'skipped',
  cause: `It matters to ${check.goals.join(', ')} only.`,
});

async function findingOf(check: Check, facts: Facts, signal: AbortSignal): Promise<Finding> {
  try {
    return await check.find(facts);
  } catch (error) {
    signal.throwIfAborted();
    const cause = error instanceof Error ? error.message : String(error);
    const remedy = error instanceof CannotTell ? error.remedy : undefined;
    return { outcome: 'unknown', cause, ...(remedy !== undefined && { remedy }) };
  }
}
