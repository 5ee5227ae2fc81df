/**
 * One thing that is wrong with a document, as its author sees it.
 *
 * @module
 */
import type { Requirement } from '../errors/errors.js';
import { problemOf } from '../errors/errors.js';
import { shortened } from '../shortened.js';
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
  /** The path, what it must be, and what was received, without a full stop. */
  readonly message: string;
  /** What to do. */
  readonly remedy: string;
  /** What the host would say, where that is known: `HCS_E_INVALID_JSON` ... */
  readonly code?: string;
}

/** Where in a document: the names of members, and the numbers of items. */
export type Path = readonly (string | number)[];

/** What breaks a rule, and where. */
export interface Breach {
  readonly requirement: Requirement;
  readonly received: unknown;
  readonly path: Path;
  readonly severity?: Issue['severity'] | undefined;
}

/** How a message begins. */
export function subjectOf(path: string): string {
  return path === '' ? 'The document' : `"${shortened(path)}"`;
}

export function issueOf(rule: RuleName, { requirement, received, path, severity }: Breach): Issue {
  const row = rules[rule];
  const text = pathText(path);
  const issue: Issue = {
    path: text,
    rule,
    severity: severity ?? row.severity ?? 'error',
    message: `${subjectOf(text)} ${problemOf(requirement, received)}`,
    remedy: row.remedy,
  };
  return row.code === undefined ? issue : { ...issue, code: row.code };
}

/** The path as text. */
export function pathText(steps: Path): string {
  let text = '';
  for (const step of steps) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (/^[\w$-]+$/.test(step)) text += text === '' ? step : `.${step}`;
    else text += `[${JSON.stringify(step)}]`;
  }
  return text;
}
