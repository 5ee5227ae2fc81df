/**
 * `explain`: what codes mean, and what helps.
 *
 * @module
 */
import type { StatusDescription } from 'hostcompute';
import { describeStatus, resultCodes } from 'hostcompute';

import type { Action } from '../command-line/declare.js';
import type { ExitMeaning } from '../explain/exit-codes.js';
import { exitMeaning } from '../explain/exit-codes.js';
import { statusOf } from '../explain/given-code.js';
import type { Printed } from '../output/output.js';
import { Output } from '../output/output.js';

/** Explains codes of hosts and exit codes of processes. */
// eslint-disable-next-line @typescript-eslint/require-await -- as all commands
export const explain: Action<object> = async ({ words, globals }) => {
  const output = new Output(globals);
  const explained = words.map((word) => ({ word, status: statusOf(word) }));
  for (const [index, { word, status }] of explained.entries()) {
    const { printed, lines } = explanation(word, status);
    output.one(printed, index === 0 ? lines : ['', ...lines]);
  }
};

function explanation(given: string, status: number): { printed: Printed; lines: readonly string[] } {
  const asStatus = status === 0 ? null : describeStatus(status);
  const asExit = exitMeaning(status);
  const row = resultCodes.find(({ code }) => code === asStatus?.code);
  const spellings = (row?.statuses ?? []).map(hexOf);
  const isNamed = status === 0 || row !== undefined || !/_0x/i.test(asStatus!.code);
  const printed = {
    kind: 'explanation',
    given,
    status: hexOf(status),
    unsigned: status,
    signed: status | 0,
    known: isNamed || asExit !== null,
    code: asStatus?.code ?? null,
    class: asStatus?.class ?? null,
    message: asStatus?.message ?? 'Nothing failed.',
    remedy: asStatus?.remedy ?? null,
    spellings,
    exit: asExit,
  };
  return { printed, lines: [headOf(status), ...indented(linesOf(status, asStatus, asExit, spellings))] };
}

function headOf(status: number): string {
  const numbers = status > 0x7fffffff ? `${status}, ${status | 0}` : String(status);
  return `${hexOf(status)} (${numbers})`;
}

function linesOf(
  status: number,
  asStatus: StatusDescription | null,
  asExit: ExitMeaning | null,
  spellings: readonly string[],
): string[] {
  if (asStatus === null) return ['As a status and as the exit code of a process: nothing failed.'];
  const others = spellings.filter((each) => each !== hexOf(status));
  // A number that a kernel says of a process is more to the point than the same number as a failure of a call.
  const ofProcess = asExit === null ? [] : [`Exit code ${asExit.name}: ${asExit.message}`, ...cure(asExit.remedy)];
  const isOfProcessAlone = asExit !== null && spellings.length === 0;
  const ofHost = isOfProcessAlone
    ? []
    : [
        `${asStatus.code}: ${asStatus.message}`,
        ...cure(asStatus.remedy ?? null),
        ...(others.length > 0 ? [`Also written ${others.join(', ')}.`] : []),
      ];
  const ofNobody =
    asExit === null && status <= 0xffff
      ? ['As the exit code of a process it is the number that the program chose: its own documentation has it.']
      : [];
  return [...ofHost, ...ofProcess, ...ofNobody];
}

const cure = (remedy: string | null): readonly string[] => (remedy === null ? [] : [`What helps: ${remedy}`]);
const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);
const hexOf = (status: number): string => `0x${status.toString(16).toUpperCase().padStart(8, '0')}`;
