/**
 * The GUID of a layer's name.
 *
 * @module
 */
import { checkedText } from '../documents/document-text.js';
import { defaultHost, sessionOf } from '../host/host.js';
import type { HostOptions } from '../host/open-handle.js';
import { run } from '../host/operation.js';
import { readOperationOptions, throwIfAborted } from '../host/operation-options.js';

/**
 * The GUID by which a host knows a layer of this name, which is the `Id` of the layer in documents: what Windows makes of a
 * name cannot be computed elsewhere.
 *
 * @param name - the last part of the path of the layer
 */
export async function nameToGuid(name: string, options: HostOptions = {}): Promise<string> {
  const operation = 'NameToGuid';
  checkedText(name, 'name');
  options = readOperationOptions(options, ['host']);
  throwIfAborted(operation, {}, options);
  const { host = await defaultHost() } = options;
  const session = sessionOf(host, operation);
  const { outputs } = await run({ session, name: operation, input: { name }, options });
  return outputs.guid!;
}
