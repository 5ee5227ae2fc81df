/**
 * The end of a process by force, also past a call that hangs.
 *
 * @module
 */
import type { ProcessHandle, SystemHandle } from './backend/backend.js';
import type { HcsError } from './errors.js';
import { isAlreadyStopped, isNotFound } from './errors.js';
import type { Opened, OpeningCall, OpeningFunction } from './opening.js';
import { openHandle } from './opening.js';
import { failureOf, perform } from './operation.js';
import type { Session } from './session.js';
import type { Call } from './waiting.js';

// How long a terminate may take before another way is tried.
const patienceMs = 1000;

/**
 * Terminates a process; fulfilled with the host's refusal, if it is one, as soon as the host has answered.
 *
 * HCS lets the signals of one process wait for each other on each handle of the system. What is behind one that hangs
 * (`behind`: one of ours is known to be under way) goes through a second handle.
 */
export async function terminateProcess(
  call: Call<'HcsTerminateProcess'>,
  behind: boolean,
): Promise<HcsError | undefined> {
  if (behind) return throughSecondHandle(call);
  const direct = outcome(call);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, patienceMs, 'late');
  });
  const first = await Promise.race([direct, late]).finally(() => clearTimeout(timer));
  if (first !== 'late') return first;
  const detour = throughSecondHandle(call).then((error) => (error === undefined || isGone(error) ? error : direct));
  return Promise.race([direct, detour.catch(() => direct)]);
}

/** The host says that there is nothing left to end. */
export function isGone(error: HcsError): boolean {
  return isAlreadyStopped(error) || isNotFound(error);
}

async function outcome(call: Call<'HcsTerminateProcess'>): Promise<HcsError | undefined> {
  return failureOf(call, await perform({ ...call, paired: false })); // the exit is told to whoever waits for it
}

async function throughSecondHandle({
  session,
  subject = {},
  options,
}: Call<'HcsTerminateProcess'>): Promise<HcsError | undefined> {
  const { systemId = '', processId = 0 } = subject;
  try {
    return await withHandle('HcsOpenComputeSystem', { id: systemId }, (computeSystem) =>
      withHandle('HcsOpenProcess', { computeSystem: computeSystem as SystemHandle, processId }, (process) =>
        outcome({
          session,
          name: 'HcsTerminateProcess',
          input: { process: process as ProcessHandle },
          subject,
          options,
        }),
      ),
    );
  } catch (error) {
    if (isGone(error as HcsError)) return error as HcsError;
    throw error;
  }

  async function withHandle<F extends OpeningFunction, T>(
    name: F,
    input: OpeningCall<F, T>['input'],
    use: (handle: Opened['handle']) => Promise<T>,
  ): Promise<T> {
    const opened = await openHandle({
      session,
      name,
      input,
      subject,
      options,
      make: (made) => made,
    });
    try {
      return await use(opened.handle);
    } finally {
      giveBack(session, opened);
    }
  }
}

function giveBack(session: Session, opened: Opened): void {
  session.unsubscribe(opened.handle);
  if (!session.ended) session.giveBack(opened, false);
}
