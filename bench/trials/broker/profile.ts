// The latency of a simulated host, as an argument of a program: the name of a profile, or milliseconds for each phase.
import type { SimulatorConfiguration } from 'hostcompute/simulator';

export function profileOf(text: string): NonNullable<SimulatorConfiguration['profile']> {
  const milliseconds = Number(text);
  if (Number.isNaN(milliseconds)) return text as 'none';
  return { create: milliseconds, start: milliseconds, terminate: milliseconds };
}
