// The shapes of a check and of what it finds.
import type { Answer } from './answer.js';

/** What somebody wants to do: isolated processes, Hyper-V isolation, a VM, Linux containers, layers, networks. */
export type Goal = 'process' | 'hyperv' | 'vm' | 'lcow' | 'layers' | 'network';

export const goals: readonly Goal[] = ['process', 'hyperv', 'vm', 'lcow', 'layers', 'network'];

export type Outcome = 'ok' | 'warning' | 'problem' | 'unknown' | 'skipped';

/** What was asked and what the answer was. */
export interface Evidence {
  readonly asked: string;
  readonly answer: Answer;
}

/** What a check says. `problem` is one for `blocks` (those of the check where it says nothing), a warning for other goals. */
export type Finding =
  | { readonly outcome: 'ok'; readonly note?: string }
  | { readonly outcome: 'skipped'; readonly cause: string }
  | { readonly outcome: 'unknown'; readonly cause: string; readonly remedy?: string }
  | { readonly outcome: 'warning'; readonly cause: string; readonly remedy: string; readonly note?: string }
  | {
      readonly outcome: 'problem';
      readonly cause: string;
      readonly remedy: string;
      readonly blocks?: readonly Goal[];
      readonly note?: string;
    };

/** What a check may look at. Each question is asked once for all checks, and stands in the evidence of who asked. */
export interface Facts {
  ask(question: string): Promise<Answer>;
  readonly goals: readonly Goal[];
  /** Where layers are to lie: an absolute path of the machine that is looked at. */
  readonly root: string;
  /** `os/architecture` and `os.version` of the image that is to run, if one is. */
  readonly image?: CheckedImage;
}

export interface CheckedImage {
  readonly os: string;
  readonly architecture?: string;
  readonly osVersion?: string;
  readonly name?: string;
}

export interface Check {
  /** Never renamed: programs choose by it. */
  readonly id: string;
  readonly title: string;
  /** Goals it matters to. */
  readonly goals: readonly Goal[];
  /** Goals that its problem stands in the way of. */
  readonly blocks: readonly Goal[];
  /** What it asks and how it decides: a sentence or two, for docs/doctor.md. */
  readonly rule: string;
  /** Where the rule comes from, and of which day that is (YYYY-MM-DD). */
  readonly source: string;
  readonly date: string;
  find(facts: Facts): Promise<Finding>;
}

/** A check and what it has found on a machine. */
export interface CheckResult {
  readonly id: string;
  readonly title: string;
  readonly outcome: Outcome;
  /** Goals of those that were asked for which this is a problem; empty where it is none. */
  readonly blocks: readonly Goal[];
  readonly goals: readonly Goal[];
  readonly evidence: readonly Evidence[];
  readonly note?: string;
  readonly cause?: string;
  readonly remedy?: string;
  readonly docs: string;
  /** Milliseconds. */
  readonly ms: number;
}
