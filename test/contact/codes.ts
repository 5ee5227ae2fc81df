// Statuses as texts.
import { describeStatus } from 'hostcompute';

import type { CompletionLine } from '#dist/recorder/format.js';

/** A status in hexadecimal, with its name if it has one. */
export function statusText(status: number): string {
  const hex = `0x${(status >>> 0).toString(16).padStart(8, '0')}`;
  return status === 0 ? hex : `${hex} ${describeStatus(status).code}`;
}

/** Whether a call was answered, and did not fail. */
export function succeeded(completion: CompletionLine | undefined): boolean {
  if (completion === undefined) return false;
  const { status, ending, notification } = completion;
  if (ending === 'returned') return status >>> 31 === 0;
  return ending === 'notified' && notification !== undefined && notification.status >>> 31 === 0;
}
