/**
 * Members that are null: Go clients write them for what is absent, and hosts take them so.
 *
 * @module
 */

/** A copy without such members, at any depth. What JSON makes of an object with `toJSON()` is left to it. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function') return value;
  const copy: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value as Record<string, unknown>)) {
    if (member !== null) Object.defineProperty(copy, name, { value: withoutNulls(member), enumerable: true });
  }
  return copy;
}
