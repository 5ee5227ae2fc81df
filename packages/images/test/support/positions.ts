// Where something is broken off: at some steps, spread over all, or with HOSTCOMPUTE_EVERY_STEP (`npm run test:steps`) at each.
import { countSteps } from './steps.js';

const isEach = process.env.HOSTCOMPUTE_EVERY_STEP !== undefined;

/** From one position to the next: `normally`, or one. */
export function stride(normally: number): number {
  return isEach ? 1 : normally;
}

/**
 * @param names - of the calls, in their order
 * @returns numbers of steps from 1 on: every nth, and the first of each name. Where each counts also some after the last, since one run
 *   may have more steps than another.
 */
export function positions(names: readonly string[], nth: number): number[] {
  if (isEach) return Array.from({ length: names.length + 5 }, (_, i) => i + 1);
  return names.flatMap((name, i) => (i % nth === 0 || names.indexOf(name) === i ? [i + 1] : []));
}

/** The names of the calls of a run that nothing breaks off. */
export async function namesOf(
  run: () => Promise<unknown>,
  isStep: (name: string) => boolean = () => true,
): Promise<string[]> {
  const names: string[] = [];
  const undo = countSteps((_, name) => {
    if (isStep(name)) names.push(name);
  });
  try {
    await run();
  } finally {
    undo();
  }
  return names;
}
