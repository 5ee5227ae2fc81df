/**
 * Terminates a process, through a second handle where another call hangs.
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
import { remaining } from '../host/waits/deadlines.js';

// How long the direct call may take before the second handle is used.
const directCallMs = 1000;

/**
 * Terminates a process; fulfils with the host's error, if it returned one, when the call completes.
 *
 * HCS runs the signals of one process one after the other on each handle of the system. If one of ours is pending
 * (`signalPending`), a second handle is used at once. `describe` is called before each direct call, because the handle may
 * have been closed meanwhile.
 */
export async function terminateProcess(
  describe: (options: OperationOptions) => Call<'HcsTerminateProcess'>,
  options: OperationOptions,
  signalPending: boolean,
): Promise<HcsError | undefined> {
  const begun = performance.now();
  const call = describe(options);
  if (signalPending) {
    const answer = await bySecondHandle(call, begun);
    return answer === undefined ? outcome(describe(remaining(options, begun))) : answer.refusal;
  }
  const direct = outcome(call);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, directCallMs, 'late');
  });
  const first = await Promise.race([direct, late]).finally(() => clearTimeout(timer));
  if (first !== 'late') return first;
  const second = bySecondHandle(call, begun).then((answer) => (answer === undefined ? direct : answer.refusal));
  return Promise.race([direct, second]);
}

// Undefined when the second handle cannot be used. A timeout or a cancellation counts for both.
async function bySecondHandle(
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

/** The error means that the process has ended. */
export function isGone(error: HcsError): boolean {
  return isAlreadyStopped(error) || isNotFound(error);
}

async function outcome(call: Call<'HcsTerminateProcess'>): Promise<HcsError | undefined> {
  return failureOf(call, await perform({ ...call, paired: false })); // the exit completes `exited`, and not this call
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
      releaseHandle(session, opened);
    }
  }
}

function releaseHandle(session: Session, opened: Opened): void {
  session.dispatcher.unsubscribe(opened.handle);
  if (!session.ended) session.closeUnowned(opened, false);
}
