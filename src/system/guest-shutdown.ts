/**
 * Which options the shutdown of a system needs, by its kind. A container, and a virtual machine with a guest connection, is
 * shut down without any. The guest of another virtual machine is reached only by the integration service of Hyper-V.
 *
 * @module
 */
import type * as Schema2 from '../../types/schema2/index.js';
import { isMembers } from '../documents/check.js';
import { parseDocument } from '../documents/document-text.js';
import { HcsDocumentError, HcsError, HcsSymbolError } from '../errors/errors.js';
import type { OperationOptions } from '../host/operation-options.js';
import { remaining } from '../host/waits/deadlines.js';
import type { BasicProperties } from './system-options.js';

/** The options document of a shutdown; undefined for none. */
export type ShutdownDocument = Schema2.ShutdownOptions | undefined;

const byIntegrationService: Schema2.ShutdownOptions = { Mechanism: 'IntegrationService', Type: 'Shutdown' };

type Answer = BasicProperties & { readonly GuestConnectionInfo?: unknown };

/** A system as what is asked for its properties. */
export interface Asked {
  properties(types: readonly 'GuestConnection'[], options: OperationOptions): Promise<Answer>;
}

/** What the shutdown of a system needs that was created from a document of this text. */
export function shutdownOfCreated(document: string): ShutdownDocument {
  if (!document.includes('"VirtualMachine"')) return undefined;
  const root = parseDocument(document);
  const machine = isMembers(root) ? root.VirtualMachine : undefined;
  return isMembers(machine) ? shutdownOfMachine(machine.GuestConnection) : undefined;
}

/**
 * What the shutdown of a system needs of which no document is known. A host that does not answer is sent no options; a wait
 * that times out or is cancelled rejects.
 */
export async function shutdownOfOpened(system: Asked, options: OperationOptions): Promise<ShutdownDocument> {
  const begun = performance.now();
  // A host may refuse to tell of a guest connection where there is none.
  const properties =
    (await answered(system.properties(['GuestConnection'], options))) ??
    (await answered(system.properties([], remaining(options, begun))));
  return properties?.SystemType === 'VirtualMachine' ? shutdownOfMachine(properties.GuestConnectionInfo) : undefined;
}

async function answered(asked: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asked;
  } catch (error) {
    const refused = error instanceof HcsError && error.status !== 0;
    if (refused || error instanceof HcsSymbolError || error instanceof HcsDocumentError) return undefined;
    throw error;
  }
}

function shutdownOfMachine(guestConnection: unknown): ShutdownDocument {
  return guestConnection === undefined || guestConnection === null ? byIntegrationService : undefined;
}
