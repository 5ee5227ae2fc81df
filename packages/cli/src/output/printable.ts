/**
 * Texts of others in a terminal: of a host, a registry or a file.
 *
 * @module
 */

/** Without control characters, which a terminal would obey; lines stay. */
export function printable(text: string): string {
  return text.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, '\ufffd');
}

/** The same as one line. */
export function printableLine(text: string): string {
  return printable(text).replace(/[\t\n]/g, '\ufffd');
}
