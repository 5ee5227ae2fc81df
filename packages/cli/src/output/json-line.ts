/**
 * JSON of one line.
 *
 * @module
 */

/** @param isAscii - all other characters are escaped: Windows PowerShell 5.1 reads pipes by the code page of the console */
export function jsonLine(value: unknown, isAscii: boolean): string {
  const text = JSON.stringify(value);
  return `${isAscii ? text.replace(/[^\x20-\x7e]/g, escaped) : text}\n`;
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
