/**
 * How deep the values of a recording may be nested: they are compared and renamed by recursion.
 *
 * @module
 */

/** Of a line. No document of a host comes near it. */
export const deepestNesting = 500;

// A document is within its line.
const deepestDocument = deepestNesting - 8;

/** Whether the JSON of a line, or of a document, is nested too deep. Counts brackets outside of strings. */
export function isTooDeep(content: string, of: 'line' | 'document'): boolean {
  const deepest = of === 'line' ? deepestNesting : deepestDocument;
  let depth = 0;
  for (let at = 0; at < content.length; at++) {
    const character = content[at];
    if (character === '"') at = endOfString(content, at);
    else if (character === '[' || character === '{') depth++;
    else if (character === ']' || character === '}') depth--;
    if (depth > deepest) return true;
  }
  return false;
}

/** Where the string that begins at a quote ends. */
function endOfString(content: string, start: number): number {
  for (let at = start + 1; at < content.length; at++) {
    if (content[at] === '\\') at++;
    else if (content[at] === '"') return at;
  }
  return content.length;
}
