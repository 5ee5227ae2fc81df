/**
 * What a system uses, from what hosts say of it.
 *
 * @module
 */
import type { AnyProperties } from 'hostcompute';

type Statistics = NonNullable<AnyProperties['Statistics']>;

/** Null is what the host does not say. */
export type Usage = Readonly<{
  kind: 'stats';
  id: string;
  /** RFC 3339. */
  time: string;
  /** Of one processor, since the sample before: 200 is two of them; null for the first. */
  cpuPercent: number | null;
  cpuTimeMs: number | null;
  uptimeMs: number | null;
  memoryBytes: number | null;
  memoryPeakBytes: number | null;
  workingSetBytes: number | null;
  readBytes: number | null;
  writeBytes: number | null;
  readCount: number | null;
  writeCount: number | null;
}>;

type Count = number | bigint | undefined;

/** @param before - the sample before, of the same system */
export function usageOf(id: string, statistics: Statistics, time: Date, before: Usage | undefined): Usage {
  const { Processor = {}, Memory = {}, Storage = {}, Uptime100ns } = statistics;
  const cpuTimeMs = milliseconds(Processor.TotalRuntime100ns);
  return {
    kind: 'stats',
    id,
    time: time.toISOString(),
    cpuPercent: percent(cpuTimeMs, time, before),
    cpuTimeMs,
    uptimeMs: milliseconds(Uptime100ns),
    memoryBytes: whole(Memory.MemoryUsageCommitBytes),
    memoryPeakBytes: whole(Memory.MemoryUsageCommitPeakBytes),
    workingSetBytes: whole(Memory.MemoryUsagePrivateWorkingSetBytes),
    readBytes: whole(Storage.ReadSizeBytes),
    writeBytes: whole(Storage.WriteSizeBytes),
    readCount: whole(Storage.ReadCountNormalized),
    writeCount: whole(Storage.WriteCountNormalized),
  };
}

function percent(cpuTimeMs: number | null, time: Date, before: Usage | undefined): number | null {
  if (cpuTimeMs === null || before?.cpuTimeMs == null) return null;
  const passed = time.getTime() - Date.parse(before.time);
  const used = cpuTimeMs - before.cpuTimeMs;
  // Less than before is of another system of the same name.
  return passed <= 0 || used < 0 ? null : Math.round((used / passed) * 1000) / 10;
}

const whole = (value: Count): number | null => (value === undefined ? null : Number(value));
const milliseconds = (value: Count): number | null => (value === undefined ? null : Number(value) / 10_000);
