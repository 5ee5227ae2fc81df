// What an example says of itself: `// rejects with CODE: message` that it ends there, and what follows a `console.log()` as a
// comment that this is printed.
import ts from 'typescript';

import { parsed } from './blocks.js';

/** The code that an example is to be rejected with, and what its comment says of the message. */
export function rejection(code: string): { readonly code: string; readonly message: string } | undefined {
  const found = /\/\/ rejects with (\w+)(?:: (.*(?:\n *\/\/.*)*))?/.exec(code);
  return found === null ? undefined : { code: found[1] ?? '', message: (found[2] ?? '').replace(/\n *\/\//g, '') };
}

/** What an example says that it prints, in its order. */
export function printed(code: string): string[] {
  const source = parsed(code);
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    ts.forEachChild(node, visit);
    if (!ts.isExpressionStatement(node) || !node.getText().startsWith('console.log(')) return;
    const rest = code.slice(node.end);
    const comment = /^(?: *\/\/ (.*)|\n *\/\/ (?!rejects)(.*))((?:\n *\/\/.*)*)/.exec(rest);
    if (comment !== null) texts.push([comment[1] ?? comment[2], comment[3]?.replace(/\n *\/\//g, ' ')].join(''));
  };
  visit(source);
  return texts;
}

/** Whether the output has these texts one after the other, whatever the white space; `...` stands for anything. */
export function hasInOrder(output: string, texts: readonly string[]): boolean {
  const patterns = texts.flatMap((text) => text.split('...')).map((text) => text.replace(/\s+/g, ''));
  const whole = output.replace(/\s+/g, '');
  let position = 0;
  return patterns.every((pattern) => {
    const found = whole.indexOf(pattern, position);
    position = found + pattern.length;
    return found >= 0;
  });
}
