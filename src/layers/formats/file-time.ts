// FILETIME, 100 ns since 1601 in UTC, and the decimal seconds since 1970 of PAX. All in bigints: nothing is rounded.
import { withoutTrailing } from '../../trailing.js';
import { quoted } from '../../shortened.js';
import { FormatError } from './format-error.js';

/** The four times of a file, as FILETIME. */
export interface FileTimes {
  readonly creation: bigint;
  readonly access: bigint;
  readonly write: bigint;
  readonly change: bigint;
}

const unixEpoch = 116_444_736_000_000_000n;
const unitsPerSecond = 10_000_000n;
const latest = 2n ** 63n - 1n;

/** Nanoseconds since 1970 as FILETIME; what is finer than 100 ns is cut off towards 1970. */
export function fileTimeOfNanoseconds(nanoseconds: bigint): bigint {
  return unixEpoch + nanoseconds / 100n;
}

/** Seconds since 1970 as FILETIME. Throws {@link FormatError}. */
export function fileTimeOfSeconds(seconds: bigint): bigint {
  return checked(unixEpoch + seconds * unitsPerSecond, `${seconds}`);
}

/** Seconds since 1970 with as many decimals as it takes, as PAX has it: `1700000000.25`, `-0.1`. */
export function paxTime(fileTime: bigint): string {
  const isNegative = fileTime < unixEpoch;
  const magnitude = isNegative ? unixEpoch - fileTime : fileTime - unixEpoch;
  // As numbers, which have texts much sooner.
  const seconds = Number(magnitude / unitsPerSecond);
  const fraction = Number(magnitude % unitsPerSecond);
  const whole = isNegative ? `-${seconds}` : `${seconds}`;
  if (fraction === 0) return whole;
  // With a digit before it, so that there are seven.
  return `${whole}.${withoutTrailing(`${unit + fraction}`.slice(1), '0')}`;
}

const unit = 10_000_000;

/** The opposite of {@link paxTime}. Decimals after the seventh are ignored. Throws {@link FormatError}. */
export function fileTimeOfPax(text: string): bigint {
  const match = /^([+-]?)(\d{1,15})(?:\.(\d*))?$/.exec(text);
  if (match === null) throw new FormatError(`a time is ${quoted(text)}, not decimal seconds`);
  const [, sign, seconds = '', fraction = ''] = match;
  const magnitude = BigInt(seconds + fraction.slice(0, 7).padEnd(7, '0'));
  return checked(unixEpoch + (sign === '-' ? -magnitude : magnitude), text);
}

function checked(fileTime: bigint, text: string): bigint {
  if (fileTime < 0n) throw new FormatError(`the time ${text} is before 1601`);
  if (fileTime > latest) throw new FormatError(`the time ${text} is after what Windows can store`);
  return fileTime;
}

/** Whole seconds since 1970, a fraction cut off towards the past; what is finer is lost. */
export function secondsOf(fileTime: bigint): { seconds: number; isExact: boolean } {
  const units = fileTime - unixEpoch;
  const cut = units / unitsPerSecond;
  const isExact = cut * unitsPerSecond === units;
  return { seconds: Number(cut) - (units < 0n && !isExact ? 1 : 0), isExact };
}
