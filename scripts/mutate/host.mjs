// Mutants of src/host, by TypeScript's own tree of a source, and the tests in mocha that may notice them.
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import ts from 'typescript';

const mocha = createRequire(import.meta.url).resolve('mocha/bin/mocha.js');
const limitMs = 180_000;

// In stages: most of what is broken shows in the first. The documents of others have nothing to do with it.
const first = /^(host|system|process)\b/;
const stages = [
  ['api', (name) => first.test(name)],
  ['api', (name) => !first.test(name) && !/^documents\b/.test(name)],
  ['backend', (name) => /^(load|missing-functions)/.test(name)],
  ['lifetime', (name) => /^(collection|exit|worker-threads)/.test(name)],
  ['conformance', (name) => /^(lifecycle|processes|layers|any-host|fault-matrix)/.test(name)],
];

const exchanged = new Map([
  [ts.SyntaxKind.LessThanToken, '<='],
  [ts.SyntaxKind.LessThanEqualsToken, '<'],
  [ts.SyntaxKind.GreaterThanToken, '>='],
  [ts.SyntaxKind.GreaterThanEqualsToken, '>'],
  [ts.SyntaxKind.EqualsEqualsEqualsToken, '!=='],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, '==='],
  [ts.SyntaxKind.AmpersandAmpersandToken, '||'],
  [ts.SyntaxKind.BarBarToken, '&&'],
  [ts.SyntaxKind.PlusToken, '-'],
  [ts.SyntaxKind.MinusToken, '+'],
]);

/** The ways to break a source: [{ start, end, to }]. */
export function hostMutants(source, file) {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.ES2022, true);
  const ways = [];
  const add = (node, to) => ways.push({ start: node.getStart(tree), end: node.getEnd(), to });
  const visit = (node) => {
    if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;
    if (ts.isExpressionStatement(node) && node.expression.kind !== ts.SyntaxKind.StringLiteral) {
      const first = node.expression;
      if (!(ts.isCallExpression(first) && first.expression.kind === ts.SyntaxKind.SuperKeyword)) add(node, ';');
    }
    if (ts.isIfStatement(node) || ts.isWhileStatement(node))
      add(node.expression, `!(${node.expression.getText(tree)})`);
    if (ts.isConditionalExpression(node)) add(node.condition, `!(${node.condition.getText(tree)})`);
    if (ts.isBinaryExpression(node) && exchanged.has(node.operatorToken.kind)) {
      add(node.operatorToken, exchanged.get(node.operatorToken.kind));
    }
    if (ts.isReturnStatement(node) && node.expression) {
      const text = node.expression.getText(tree);
      if (text === 'true' || text === 'false') add(node.expression, text === 'true' ? 'false' : 'true');
      else if (text !== 'undefined') add(node.expression, 'undefined');
    }
    if (ts.isThrowStatement(node)) add(node, ';');
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return ways;
}

const compiled = (file) => file.replace(/^src/, 'dist').replace(/\.ts$/, '.js');

export function hostTests(copy) {
  const originals = new Map();
  return {
    notice(mutant) {
      if (mutant) {
        const target = join(copy, compiled(mutant.file));
        originals.set(mutant.file, readFileSync(target));
        const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true };
        writeFileSync(target, ts.transpileModule(mutant.text, { compilerOptions: options }).outputText);
      }
      return stages.map(([folder, names]) => run(copy, folder, names)).find((by) => by !== undefined);
    },
    restore({ file }) {
      writeFileSync(join(copy, compiled(file)), originals.get(file));
    },
  };
}

// Which test noticed, or that they did not end.
function run(copy, folder, names) {
  const files = readdirSync(join(copy, 'out/test', folder), { recursive: true })
    .filter((name) => name.endsWith('.test.js') && names(name))
    .map((name) => `out/test/${folder}/${name}`);
  // What a mutant leaves running must not hold the run up: that one failed is enough.
  const args = [mocha, '--no-parallel', '--bail', '--exit', '--reporter', 'dot', '--timeout', '10000', ...files];
  const { status, stdout, error } = spawnSync(process.execPath, args, {
    cwd: copy,
    encoding: 'utf8',
    timeout: limitMs,
    killSignal: 'SIGKILL',
    env: { ...process.env, NO_COLOR: '1' },
  });
  if (error) return `a limit of ${limitMs / 1000} s`;
  if (status === 0) return undefined;
  const [, suite, test] = / {2}1\) (.*)\n(?: +(.*):\n)?/.exec(stdout) ?? [];
  return suite === undefined ? `test/${folder}` : `"${suite} ${test ?? ''}"`;
}
