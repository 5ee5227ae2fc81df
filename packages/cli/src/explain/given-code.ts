/**
 * Codes as people find them in messages: numbers in all spellings, and names.
 *
 * @module
 */
import { resultCodes } from 'hostcompute';
import type { ResultCode } from 'hostcompute';

import { usageFailure } from '../failure.js';

/** The number of a code, unsigned, of 32 bits. */
export function statusOf(given: string): number {
  const text = given.trim();
  if (text === '') throw usageFailure('A code is empty', 'Give it as 0xC0370106, 3224830214 or -1070137082.');
  if (/^[+-]?(0x[\da-f]+|\d+)$/i.test(text)) return numberOf(text);
  return rowOf(text).statuses[0]!;
}

function numberOf(text: string): number {
  const isNegative = text.startsWith('-');
  const value = BigInt(text.replace(/^[+-]/, ''));
  // Some programs print a code of 32 bits as one of 64, with its sign: 0xFFFFFFFFC0370106.
  const unsigned = BigInt.asUintN(32, isNegative ? -value : value);
  const isCode = isNegative ? value <= 0x80000000n : value <= 0xffffffffn || value >> 31n === 0x1ffffffffn;
  if (isCode) return Number(unsigned);
  throw usageFailure(
    `${text} is no code: it has more than 32 bits`,
    'Give it as 0xC0370106, 3224830214 or -1070137082.',
  );
}

function rowOf(name: string): ResultCode {
  const wanted = name.toUpperCase();
  const row = resultCodes.find(({ code }) => code === wanted);
  if (row !== undefined) return row;
  const similar = resultCodes.filter(({ code }) => code.includes(wanted)).map(({ code }) => code);
  const shown = similar.slice(0, 8).join(', ');
  throw usageFailure(
    `No code is called ${name}`,
    similar.length === 0
      ? 'Give the number in the message beside it, such as 0xC0370106, or search docs/errors.md.'
      : `Is it ${shown}${similar.length > 8 ? ' ...' : ''}?`,
  );
}
