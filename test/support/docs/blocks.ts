// The blocks of TypeScript of the documentation, made into modules that can be compiled and run.
//
// A block that imports the package is a whole program, as a reader would copy it. Any other is a fragment: what it uses of
// the public entries is imported for it, and what it uses of `given.ts` is made for it. A comment before a block, which readers
// do not see, says what else there is to know:
//
//   <!-- given: system, store -->   a program that has these from `given.ts`, because the text speaks of them
//   <!-- continues -->              it goes on where the block before it has ended
//   <!-- not run: why -->           it is compiled, but cannot be run
//
// The folder `'C:\\layers'` stands for the one of `given.store`, so that examples for Windows run anywhere.
// What the code itself says of its end and its output is in `claims.ts`.
import { readdirSync, readFileSync } from 'node:fs';

import ts from 'typescript';

import { given } from './given.js';
import type { CodeBlock } from './markdown.js';
import { readPage } from './markdown.js';
import type { PublicName } from './public-names.js';
import { publicNames } from './public-names.js';

/** One block, or several that go on in each other, as a module. */
export interface Example {
  /** File and line. */
  readonly place: string;
  /** Lines of the module are those of the file. */
  readonly source: string;
  readonly code: string;
  /** Why it is not run. */
  readonly notRun?: string;
  /** It has tests of `node:test`, which a process of its own runs. */
  readonly isTest: boolean;
}

const folderOfWindows = "'C:\\\\layers'";

export function pages(): string[] {
  return ['README.md', ...filesIn('docs', '.md')];
}

function filesIn(folder: string, ending: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith(ending));
  return files.map((file) => `${folder}/${file.replaceAll('\\', '/')}`).sort();
}

/** All that is in the pages, and in the comments of the sources. */
export function examples(): Example[] {
  const blocks = pages().flatMap((file) => readPage(file).blocks.filter(({ language }) => language === 'ts'));
  const scopes: CodeBlock[][] = [];
  for (const block of [...blocks, ...filesIn('src', '.ts').flatMap(blocksOfSource)]) {
    if (block.comment === 'continues') scopes.at(-1)?.push(block);
    else scopes.push([block]);
  }
  const known = publicNames();
  return scopes.map((scope) => exampleOf(scope, known));
}

function blocksOfSource(file: string): CodeBlock[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/^ *\* @example\r?\n((?: *\*(?! @|\/).*\r?\n)+)/gm)].map((match) => {
    const [whole, body = ''] = match;
    const line = text.slice(0, match.index).split('\n').length + whole.split('\n').length - body.split('\n').length;
    return { file, line, language: 'ts', code: body.replace(/^ *\* ?/gm, ''), comment: '' };
  });
}

function exampleOf(scope: readonly CodeBlock[], known: ReadonlyMap<string, PublicName>): Example {
  const [{ file, line, comment }] = scope as [CodeBlock];
  const code = scope.map((block) => block.code).join('\n');
  const lines = [headerOf(code, comment, known)];
  for (const block of scope) {
    while (lines.length < block.line - 1) lines.push('');
    lines.push(...block.code.trimEnd().replaceAll(folderOfWindows, 'storeFolder').split('\n'));
  }
  lines.push(
    /^(?:const|let) (?:document\b|\{ document\b)/m.test(code)
      ? 'export const documentOfExample = document;'
      : 'export {};',
    '',
  );
  const notRun = /^not run: (.*)/s.exec(comment)?.[1];
  const isTest = code.includes("from 'node:test'");
  const example = { place: `${file}:${line}`, source: lines.join('\n'), code, isTest };
  return notRun === undefined ? example : { ...example, notRun };
}

// On one line, before the first of the block.
function headerOf(code: string, comment: string, known: ReadonlyMap<string, PublicName>): string {
  const listed = /^given: (.*)/s.exec(comment)?.[1]?.split(/,\s*/) ?? [];
  const isProgram = /^import .* from 'hostcompute/m.test(code);
  const own = declares(code);
  const used = isProgram ? [] : [...identifiers(code)].filter((name) => !own.has(name));
  const makes = [...listed, ...used.filter((name) => Object.hasOwn(given, name))];
  const imports = used.flatMap((name) => {
    const found = known.get(name);
    return found === undefined ? [] : [`import ${found.isType ? 'type ' : ''}{ ${name} } from '${found.entry}';`];
  });
  const made = makes.map((name) => `const ${name} = await given.${name}();`);
  if (code.includes(folderOfWindows)) made.push('const { folder: storeFolder } = await given.store();');
  if (made.length > 0) imports.push(`import { given } from '../../support/docs/given.js';`);
  return [...imports, ...made].join(' ');
}

/** The tree of a block. */
export function parsed(code: string): ts.SourceFile {
  return ts.createSourceFile('block.ts', code, ts.ScriptTarget.ES2022, true);
}

/** The names that a block declares or imports itself, wherever. */
function declares(code: string): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    const isDeclaration =
      ts.isVariableDeclaration(node) || ts.isBindingElement(node) || ts.isParameter(node) || ts.isImportSpecifier(node);
    if (isDeclaration && ts.isIdentifier(node.name)) names.add(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(parsed(code));
  return names;
}

/** The names that a block may mean something outside it by. */
function identifiers(code: string): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node)) return visit(node.expression);
    if (ts.isPropertyAssignment(node)) return visit(node.initializer);
    if (ts.isIdentifier(node)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(parsed(code));
  return names;
}
