/**
 * One thing that is wrong with a document, as its author sees it.
 *
 * @module
 */
import type { RuleName } from './rules.js';
import { rules } from './rules.js';

/** One thing that is wrong with a document. */
export interface Issue {
  /** Such as `VirtualMachine.ComputeTopology.Memory.SizeInMB`; empty for the document itself. */
  readonly path: string;
  /** The name of the rule in docs/documents.md, such as `machine-memory`. */
  readonly rule: RuleName;
  /** `error`: the host would refuse it, or do something else than is written. `warning`: it may. */
  readonly severity: 'error' | 'warning';
  /** What is wrong, in one sentence that begins with the path. */
  readonly message: string;
  /** What to do. */
  readonly remedy: string;
  /** What the host would say, where that is known: `HCS_E_INVALID_JSON` ... */
  readonly code?: string;
}

/** Where in a document: the names of members, and the numbers of items. */
export type Path = readonly (string | number)[];

export function issueOf(rule: RuleName, problem: string, path: Path, severity?: Issue['severity']): Issue {
  const row = rules[rule];
  const text = pathText(path);
  const issue: Issue = {
    path: text,
    rule,
    severity: severity ?? row.severity ?? 'error',
    message: `${text === '' ? 'The document' : text} ${problem}`,
    remedy: row.remedy,
  };
  return row.code === undefined ? issue : { ...issue, code: row.code };
}

function pathText(steps: Path): string {
  let text = '';
  for (const step of steps) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (/^[\w$-]+$/.test(step)) text += text === '' ? step : `.${step}`;
    else text += `[${JSON.stringify(step)}]`;
  }
  return text;
}
