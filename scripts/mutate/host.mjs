// Mutants of src/host, by TypeScript's own tree of a source, and the tests in mocha that may notice them.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import ts from 'typescript';

import { linesNotRun } from './coverage.mjs';

// In the process that is ended at the limit, not in one that mocha starts.
const cli = createRequire(import.meta.url).resolve('mocha/lib/cli/cli.js');
const mocha = ['--expose-gc', '--enable-source-maps', cli];
const limitMs = 180_000;

// The documents of others have nothing to do with it. The last ones start programs that are killed.
const folders = [
  ['api', (name) => !/^documents\b/.test(name)],
  ['backend', (name) => /^(load|missing-functions)/.test(name)],
  ['conformance', (name) => /^(any-host|fault-matrix|layers|lifecycle|limits|option-names|processes)/.test(name)],
  ['lifetime', (name) => /^(collection|exit|worker-threads)/.test(name)],
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
  const files = folders.flatMap(([folder, names]) =>
    readdirSync(join(copy, 'out/test', folder), { recursive: true })
      .filter((name) => name.endsWith('.test.js') && names(name))
      .map((name) => `out/test/${folder}/${name}`),
  );
  let measured = [];
  return {
    notice(mutant) {
      if (mutant === undefined) {
        measured = files.map((file) => measure(copy, file)).sort((one, other) => one.ms - other.ms);
        // Each by itself, and one after the other in one process as well.
        const failing = measured.find(({ by }) => by !== undefined);
        if (failing !== undefined) return failing.by;
        return run(copy, filesOf(measured));
      }
      const target = join(copy, compiled(mutant.file));
      originals.set(mutant.file, readFileSync(target));
      const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true };
      writeFileSync(target, ts.transpileModule(mutant.text, { compilerOptions: options }).outputText);
      // Only those that run the statement can notice, and the quick ones come first.
      const place = `${mutant.file}:${mutant.line}`;
      const running = measured.filter(({ notRun }) => !notRun.has(place));
      return running.length === 0 ? undefined : run(copy, filesOf(running));
    },
    restore({ file }) {
      writeFileSync(join(copy, compiled(file)), originals.get(file));
    },
  };
}

const filesOf = (measured) => measured.map(({ file }) => file);

// Which test noticed, or that they did not end.
function run(copy, files, env = {}) {
  // What a mutant leaves running must not hold the run up: that one failed is enough.
  const args = [...mocha, '--no-parallel', '--bail', '--exit', '--reporter', 'dot', '--timeout', '10000', ...files];
  const { status, stdout, error } = spawnSync(process.execPath, args, {
    cwd: copy,
    encoding: 'utf8',
    timeout: limitMs,
    killSignal: 'SIGKILL',
    env: { ...process.env, NO_COLOR: '1', ...env },
  });
  if (error) return `a limit of ${limitMs / 1000} s`;
  if (status === 0 && / passing \(/.test(stdout)) return undefined;
  if (status === 0) throw new Error(`no test was run: ${args.join(' ')}`);
  const [, suite, test] = / {2}1\) (.*)\n(?: +(.*):\n)?/.exec(stdout) ?? [];
  return suite === undefined ? 'a file of tests' : `"${suite} ${test ?? ''}"`;
}

/** A file of tests without a mutant: how long it takes, and the lines of the sources that it does not run. */
function measure(copy, file) {
  const folder = mkdtempSync(join(copy, 'coverage-'));
  const begun = performance.now();
  const by = run(copy, [file], { NODE_V8_COVERAGE: folder });
  const ms = performance.now() - begun;
  const notRun = file.includes('/lifetime/') ? new Set() : linesNotRun(copy, folder);
  rmSync(folder, { recursive: true });
  return { file, ms, by, notRun };
}
