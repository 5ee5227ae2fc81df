import type { KoffiLimit } from 'hostcompute';
import { koffiLimits } from 'hostcompute';

/** Whether the tests run on koffi, see scripts/test-koffi.mjs. */
export const onKoffi = process.env.HOSTCOMPUTE_BACKEND === 'koffi';

/** Whether the backend of this run has a limit, so that what is to be expected is another thing, or nothing. */
export function limited(limit: KoffiLimit): boolean {
  return onKoffi && limit in koffiLimits;
}
