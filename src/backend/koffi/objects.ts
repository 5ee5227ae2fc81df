/**
 * What is done with an object of HCN around a call: its handle is opened, it is asked for its properties, the handle is
 * closed. What `native/core/network-objects.h` is for the addon.
 *
 * @module
 */
import type { FunctionKey, KindName } from '../backend.js';
import { makeOutput } from './abi.js';
import type { Library } from './library.js';

// As Microsoft's own client asks.
const objectQuery = '{"SchemaVersion":{"Major":2,"Minor":0}}';

const key = (before: string, kind: KindName, after = ''): FunctionKey =>
  `computenetwork.Hcn${before}${kind}${after}` as FunctionKey;

interface Answer {
  readonly status: number;
  /** The handle, or the properties. */
  readonly value: unknown;
  readonly record: unknown;
}

/** Opens a handle. `id` is a GUID in parts. */
export async function openObject(library: Library, kind: KindName, id: unknown): Promise<Answer> {
  const handle = makeOutput(kind);
  const record = makeOutput('ErrorRecord');
  const status = await library.call(key('Open', kind), [id, ...handle.values, ...record.values]);
  return { status, value: handle.read!(false), record: record.read!(false) };
}

export async function queryObject(library: Library, kind: KindName, handle: unknown): Promise<Answer> {
  const properties = makeOutput('Text');
  const record = makeOutput('ErrorRecord');
  const values = [handle, objectQuery, ...properties.values, ...record.values];
  const status = await library.call(key('Query', kind, 'Properties'), values);
  return { status, value: properties.read!(false), record: record.read!(false) };
}

/** What the host answers does not matter: nothing of the object depends on it. */
export async function closeObject(library: Library, kind: KindName, handle: unknown): Promise<void> {
  if (handle !== null) await library.call(key('Close', kind), [handle]);
}
