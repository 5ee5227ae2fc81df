/**
 * What the network service notifies of: the names of its notifications, and what they look like to listeners.
 *
 * @module
 */
import { isMembers } from '../documents/check.js';
import { parseDocument } from '../documents/document-text.js';
import { isGuid } from '../guid.js';
import type { AnyNotification } from '../host/notification.js';
import { memberOf } from './network-document.js';

/** `HCN_NOTIFICATIONS`, by their numbers. */
const names = {
  0x00000001: 'NetworkPreCreate',
  0x00000002: 'NetworkCreate',
  0x00000003: 'NetworkPreDelete',
  0x00000004: 'NetworkDelete',
  0x00000005: 'NamespaceCreate',
  0x00000006: 'NamespaceDelete',
  0x00000007: 'GuestNetworkServiceCreate',
  0x00000008: 'GuestNetworkServiceDelete',
  0x00000009: 'NetworkEndpointAttached',
  0x00000010: 'NetworkEndpointDetached',
  0x00000011: 'GuestNetworkServiceStateChanged',
  0x00000012: 'GuestNetworkServiceInterfaceStateChanged',
  0x01000000: 'ServiceDisconnect',
} as const;

/** The name of a notification. Hosts are newer than this list: what it lacks is `Unknown`, with its number. */
export type NetworkEventType = (typeof names)[keyof typeof names] | 'Overflow' | 'Unknown';

/** A notification of the network service. */
export interface NetworkEvent {
  readonly type: NetworkEventType;
  /** The host's own number, flags included; for `Overflow`, how many were lost here. */
  readonly number: number;
  /** An HRESULT, unsigned. */
  readonly status: number;
  /** The id of what it is about, in lower case. */
  readonly id?: string;
  /** What came with it, parsed: the `Data` of the notification. */
  readonly data?: unknown;
  /** The text that came with it, whole. */
  readonly text?: string;
}

// The top four bits of a notification number are flags.
const flags = 0xf0000000;

const types: ReadonlySet<unknown> = new Set([...Object.values(names), 'Overflow', 'Unknown']);

/** Whether this is the name of a notification. */
export function isNetworkEventType(type: unknown): type is NetworkEventType {
  return types.has(type);
}

/** The name of a notification with this number, flags included. */
export function networkEventType(number: number): NetworkEventType {
  return (names as Record<number, NetworkEventType>)[(number & ~flags) >>> 0] ?? 'Unknown';
}

/** A notification as it was dispatched, as listeners get it. */
export function toNetworkEvent({ type, number, status, data }: AnyNotification): NetworkEvent {
  const event = { type: type as NetworkEventType, number, status };
  if (data === undefined) return event;
  const parsed = parseDocument(data);
  if (!isMembers(parsed)) return { ...event, text: data };
  const id = memberOf(parsed, 'ID');
  const own = memberOf(parsed, 'Data');
  return {
    ...event,
    ...(isGuid(id) && { id: id.toLowerCase() }),
    ...(own !== undefined && { data: own }),
    text: data,
  };
}
