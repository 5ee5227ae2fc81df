/**
 * Hosts that say that they cannot answer now.
 *
 * @module
 */
import type { Answer } from './connections.js';
import { Interruption, registryError } from './failures.js';

/** Who is asked to wait longer than this gives up. */
const longestWaitMs = 60_000;

/** @throws Interruption for 429 and for what is wrong with the host; ImageError where it asks to wait for long */
export function refuseOverload(answer: Answer): void {
  const { status, url } = answer;
  if (status !== 429 && status < 500) return;
  answer.body.destroy();
  const waitMs = waitOf(answer.header('retry-after'));
  const failure =
    status === 429
      ? registryError(`${url.host} limits how much is pulled`, 'Pull again later, or log in: it may allow more then')
      : registryError(`${url.host} answers ${status}`, 'Pull again later');
  if (waitMs !== undefined && waitMs > longestWaitMs) {
    const seconds = Math.ceil(waitMs / 1000);
    throw registryError(`${url.host} answers ${status} and asks to wait for ${seconds} s`, failure.remedy);
  }
  throw new Interruption(failure, waitMs === undefined ? {} : { waitMs });
}

// Seconds, or a date.
function waitOf(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const until = Date.parse(header);
  return Number.isNaN(until) ? undefined : Math.max(0, until - Date.now());
}
