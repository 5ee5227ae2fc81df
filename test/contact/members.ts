// Where two documents of hosts differ, apart from what is another in each run: ids, GUIDs, times, process ids, sizes.
import type { RecordedText } from '#dist/recorder/format.js';
import { redacted } from '#dist/recorder/format.js';
import { valueOf } from '#dist/recorder/matching.js';

/** A value that two documents do not have in common; a member that is not there is `undefined`. */
export interface MemberDifference {
  /** As `[0].State`; empty for the whole. */
  readonly path: string;
  readonly real: unknown;
  readonly simulated: unknown;
}

const guid = /\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi;
const time = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?/g;
const ownNumber = /^(ProcessId|pid|ThreadCount|HandleCount)$|Time|Uptime|Timestamp|100ns|Bytes|InMB$|Count$/i;

/** What is the same in each run: numbers that measure or name something become `<number>`. */
function normalised(value: unknown, name: string, ids: readonly string[]): unknown {
  if (typeof value === 'number' && ownNumber.test(name)) return '<number>';
  if (typeof value !== 'string') return value;
  const text = ids.reduce((shown, id) => shown.replaceAll(id, '<id>'), value);
  return text.replace(guid, '<guid>').replace(time, '<time>');
}

function isStructure(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

interface Comparison {
  readonly ids: readonly string[];
  readonly found: MemberDifference[];
}

function compare(real: unknown, simulated: unknown, path: string, name: string, to: Comparison): void {
  if (typeof real === 'string' && real.includes(redacted)) return;
  if (isStructure(real) && isStructure(simulated) && Array.isArray(real) === Array.isArray(simulated)) {
    for (const key of new Set([...Object.keys(real), ...Object.keys(simulated)])) {
      const step = Array.isArray(real) ? `[${key}]` : `${path === '' ? '' : '.'}${key}`;
      const own = (of: Record<string, unknown>): unknown => (Object.hasOwn(of, key) ? of[key] : undefined);
      compare(own(real), own(simulated), path + step, Array.isArray(real) ? name : key, to);
    }
    return;
  }
  const own = path.includes('Statistics') ? 'Count' : name;
  const [left, right] = [normalised(real, own, to.ids), normalised(simulated, own, to.ids)];
  if (left !== right) to.found.push({ path, real: shown(left, to.ids), simulated: shown(right, to.ids) });
}

// A document that only one has is shown as far as it can be the same in another run.
function shown(value: unknown, ids: readonly string[]): unknown {
  if (!isStructure(value)) return value;
  return JSON.parse(JSON.stringify(value, (key, member: unknown) => normalised(member, key, ids))) as unknown;
}

/**
 * Compares two texts as documents, or as they are where they are none. Nothing is asked of what was redacted. `ids` are those of
 * the systems of the recording.
 */
export function memberDifferences(
  real: RecordedText,
  simulated: RecordedText,
  ids: readonly string[],
): MemberDifference[] {
  const found: MemberDifference[] = [];
  // No document and an empty one are the same: either may be there where a call has nothing to say.
  compare(valueOf(real) ?? '', valueOf(simulated) ?? '', '', '', { ids, found });
  return found;
}
