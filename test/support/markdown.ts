import { readFileSync } from 'node:fs';

/** The blocks of code in a document, in their order. */
export function codeBlocks(file: string, language: string): readonly string[] {
  const blocks = readFileSync(file, 'utf8').matchAll(/^```(\w+)\r?\n([^]*?)^```/gm);
  return [...blocks].flatMap(([, name, code]) => (name === language && code !== undefined ? [code] : []));
}
