/**
 * What a status says, as far as a backend has to know.
 *
 * @module
 */

/** Whether an HRESULT, unsigned, is a failure. */
export function failed(status: number): boolean {
  return status >= 0x80000000;
}
