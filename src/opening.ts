/**
 * How a system comes to be open here: by create or by open, watched from before anyone can hear of it, and given back
 * whenever the caller does not get it.
 *
 * @module
 */
import type { Completion, SystemHandle } from './backend/backend.js';
import { checkedText } from './documents.js';
import { HcsArgumentError, HcsError, hostError } from './errors.js';
import { Subscription } from './events.js';
import type { Host } from './host.js';
import { defaultHost, sessionOf } from './host.js';
import { failed, failureOf, perform } from './operation.js';
import type { Session } from './session.js';
import type { OperationOptions } from './waiting.js';
import { checkOptions } from './waiting.js';

/** Options of the calls that find or make a system. */
export interface HostOptions extends OperationOptions {
  /** The host to ask; default {@link defaultHost}. */
  readonly host?: Host;
}

/** What a system is made of. */
export interface Opened {
  readonly session: Session;
  readonly handle: SystemHandle;
  readonly subscription: Subscription;
}

export type OpeningFunction = 'HcsCreateComputeSystem' | 'HcsOpenComputeSystem';

// The system comes into being in the same turn as its completion, so that what the host says next finds it.
export async function openSystem<T>(
  name: OpeningFunction,
  input: { readonly id: string; readonly configuration: string },
  options: HostOptions,
  make: (opened: Opened) => T,
): Promise<T> {
  checkOptions(options);
  const session = sessionOf(options.host ?? (await defaultHost()), name);
  const systemId = input.id;
  let watch = 0;
  const told = new Subscription();
  let system: T | undefined;
  const giveBack = ({ outputs }: Completion<OpeningFunction>): void => {
    session.unsubscribe(watch);
    const handle = outputs.computeSystem;
    if (handle === null) return;
    session.giveBack(handle, name === 'HcsCreateComputeSystem');
  };
  const completion = await perform<OpeningFunction>({
    session,
    name,
    input,
    systemId,
    options,
    subscription: told,
    begun(id) {
      watch = id;
      session.subscribe(id, told);
    },
    opening: {
      ended(completion) {
        const handle = completion.outputs.computeSystem;
        if (handle === null || openFailure(name, systemId, completion) !== undefined) {
          giveBack(completion);
          return;
        }
        system = make({ session, handle, subscription: told });
        session.openLater(told);
      },
      late: giveBack,
    },
  });
  if (system !== undefined) return system;
  throw openFailure(name, systemId, completion)!;
}

function openFailure(
  name: OpeningFunction,
  systemId: string,
  completion: Completion<OpeningFunction>,
): HcsError | undefined {
  const { registration, outputs } = completion;
  const failure = failureOf({ name, systemId }, completion);
  if (failure !== undefined) return failure;
  if (failed(registration)) {
    return hostError({ operation: 'HcsRegisterComputeSystemCallback', systemId, status: registration });
  }
  if (outputs.computeSystem !== null) return undefined;
  const message = `${name} of system "${systemId}": the host reported success but gave no handle`;
  return new HcsError(message, {
    code: 'ERR_HC_HANDLE',
    operation: name,
    systemId,
    remedy: 'Restart the host service.',
  });
}

export function checkId(id: unknown): string {
  const text = checkedText(id, 'id');
  if (text === '') throw new HcsArgumentError('id', 'is empty', 'Pass the id of a compute system.');
  return text;
}

// The id becomes part of the names of jobs, pipes, files and accounts.
export function checkNewId(id: unknown): string {
  const text = checkId(id);
  if (/^\.+$/.test(text))
    throw new HcsArgumentError('id', `is "${text}"`, 'It becomes a file name: use letters or digits.');
  const wrong = /[^\p{L}\p{N}._@-]/u.exec(text);
  if (wrong !== null) {
    const what = `contains ${JSON.stringify(wrong[0])} at index ${wrong.index}`;
    throw new HcsArgumentError('id', what, 'Use letters, digits and - _ . @ only.');
  }
  if (text === '00000000-0000-0000-0000-000000000000') {
    throw new HcsArgumentError(
      'id',
      'is the zero GUID, which stands for the virtual machine itself',
      'Use another id.',
    );
  }
  return text;
}
