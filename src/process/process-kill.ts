/**
 * The end of a process by force, also past a call that hangs.
 *
 * @module
 */
import type { ProcessHandle, SystemHandle } from '../backend/backend.js';
import type { HcsError } from '../errors/errors.js';
import { HcsAbortError, HcsTimeoutError, isAlreadyStopped, isNotFound } from '../errors/errors.js';
import type { Opened, OpeningCall, OpeningFunction } from '../host/open-handle.js';
import { openHandle } from '../host/open-handle.js';
import { failureOf, perform } from '../host/operation.js';
import type { Session } from '../host/session.js';
import type { Call } from '../host/pending-call.js';
import type { OperationOptions } from '../host/operation-options.js';
import { remaining } from '../host/deadlines.js';

// How long a terminate may take before another way is tried.
const patienceMs = 1000;

/**
 * Terminates a process; fulfilled with the host's refusal, if it is one, as soon as the host has answered.
 *
 * HCS lets the signals of one process wait for each other on each handle of the system. What is behind one that hangs
 * (`behind`: one of ours is known to be under way) goes through a second handle. `describe` is asked for each call on the
 * handle at hand, which may have been closed meanwhile.
 */
export async function terminateProcess(
  describe: (options: OperationOptions) => Call<'HcsTerminateProcess'>,
  options: OperationOptions,
  behind: boolean,
): Promise<HcsError | undefined> {
  const begun = performance.now();
  const call = describe(options);
  if (behind) {
    const answer = await detour(call, begun);
    return answer === undefined ? outcome(describe(remaining(options, begun))) : answer.refusal;
  }
  const direct = outcome(call);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, patienceMs, 'late');
  });
  const first = await Promise.race([direct, late]).finally(() => clearTimeout(timer));
  if (first !== 'late') return first;
  const second = detour(call, begun).then((answer) => (answer === undefined ? direct : answer.refusal));
  return Promise.race([direct, second]);
}

// Undefined when this way is barred; a wait that is given up is given up on every way.
async function detour(
  call: Call<'HcsTerminateProcess'>,
  begun: number,
): Promise<{ readonly refusal: HcsError | undefined } | undefined> {
  try {
    const refusal = await throughSecondHandle(call, begun);
    return refusal === undefined || isGone(refusal) ? { refusal } : undefined;
  } catch (error) {
    if (error instanceof HcsTimeoutError || error instanceof HcsAbortError) throw error;
    return isGone(error as HcsError) ? { refusal: error as HcsError } : undefined;
  }
}

/** The host says that there is nothing left to end. */
export function isGone(error: HcsError): boolean {
  return isAlreadyStopped(error) || isNotFound(error);
}

async function outcome(call: Call<'HcsTerminateProcess'>): Promise<HcsError | undefined> {
  return failureOf(call, await perform({ ...call, paired: false })); // the exit is told to whoever waits for it
}

async function throughSecondHandle(
  { session, subject = {}, options }: Call<'HcsTerminateProcess'>,
  begun: number,
): Promise<HcsError | undefined> {
  const { systemId = '', processId = 0 } = subject;
  return withHandle('HcsOpenComputeSystem', { id: systemId }, (computeSystem) =>
    withHandle('HcsOpenProcess', { computeSystem: computeSystem as SystemHandle, processId }, (process) =>
      outcome({
        session,
        name: 'HcsTerminateProcess',
        input: { process: process as ProcessHandle },
        subject,
        options: remaining(options, begun),
      }),
    ),
  );

  async function withHandle<F extends OpeningFunction, T>(
    name: F,
    input: OpeningCall<F, T>['input'],
    use: (handle: Opened['handle']) => Promise<T>,
  ): Promise<T> {
    const rest = remaining(options, begun);
    const opened = await openHandle({ session, name, input, subject, options: rest, make: (made) => made });
    try {
      return await use(opened.handle);
    } finally {
      giveBack(session, opened);
    }
  }
}

function giveBack(session: Session, opened: Opened): void {
  session.unsubscribe(opened.handle);
  if (!session.ended) session.closeUnowned(opened, false);
}
