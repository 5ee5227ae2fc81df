// What a doctor says, whole: an object of JSON, whose names are never changed (`schema`).
import type { CheckedImage, CheckResult, Goal, Outcome } from './check.js';

/** What was looked at. Null where it did not say. */
export interface DoctorHost {
  /** For people, such as "Windows Server 2022 Standard" or "Linux". */
  readonly system: string;
  readonly build: number | null;
  /** The fourth number of its version, UBR. */
  readonly revision: number | null;
  /** EditionID, such as `ServerStandard` or `Professional`. */
  readonly edition: string | null;
  readonly arch: string | null;
  readonly elevated: boolean | null;
  /** Who made the machine and its model, as the firmware has them. */
  readonly machine: string | null;
  /** Whether systems and networks are those of the simulated host. */
  readonly simulated: boolean;
  /** Whether a recording was looked at: when it was made. */
  readonly recorded: string | null;
}

/** How many checks had each outcome. */
export type DoctorSummary = Readonly<Record<Outcome, number>> & {
  /** No check is a problem for the goals. What could not be asked is in `unknown`. */
  readonly healthy: boolean;
};

/** The report of {@link doctor}. */
export interface DoctorReport {
  readonly schema: 1;
  readonly host: DoctorHost;
  readonly goals: readonly Goal[];
  /** Where layers are to lie. */
  readonly root: string;
  readonly image?: CheckedImage;
  /** In one order always, all of them. */
  readonly checks: readonly CheckResult[];
  readonly summary: DoctorSummary;
}

export function summaryOf(checks: readonly CheckResult[]): DoctorSummary {
  const count = (outcome: Outcome): number => checks.filter((check) => check.outcome === outcome).length;
  const problem = count('problem');
  return {
    ok: count('ok'),
    warning: count('warning'),
    problem,
    unknown: count('unknown'),
    skipped: count('skipped'),
    healthy: problem === 0,
  };
}
