/**
 * `top`.
 *
 * @module
 */
import type { Action } from '../../command-line/declare.js';
import { openContext } from '../../host/context.js';
import { byteSize } from '../../output/byte-size.js';
import { Output } from '../../output/output.js';
import { openSystem } from './open-system.js';

/** Lists the processes in a system. */
export const top: Action<object> = async ({ words: [id = ''], globals }) => {
  await using context = await openContext(globals, { lasting: true });
  await using system = await openSystem(id, context);
  const processes = (await system.processes({ signal: context.signal })).map((process) => ({
    kind: 'process' as const,
    container: id,
    pid: process.ProcessId ?? null,
    image: process.ImageName ?? null,
    created: process.CreateTimestamp ?? null,
    userTimeMs: milliseconds(process.UserTime100ns),
    kernelTimeMs: milliseconds(process.KernelTime100ns),
    memoryBytes: process.MemoryCommitBytes === undefined ? null : Number(process.MemoryCommitBytes),
  }));
  new Output(globals).list(processes, {
    PID: ({ pid }) => String(pid ?? ''),
    PROGRAM: ({ image }) => image ?? '',
    USER: ({ userTimeMs }) => shown(userTimeMs),
    KERNEL: ({ kernelTimeMs }) => shown(kernelTimeMs),
    MEMORY: ({ memoryBytes }) => (memoryBytes === null ? '-' : byteSize(memoryBytes)),
  });
};

const milliseconds = (value: number | bigint | undefined): number | null =>
  value === undefined ? null : Number(value) / 10_000;
const shown = (value: number | null): string => (value === null ? '-' : `${(value / 1000).toFixed(2)} s`);
