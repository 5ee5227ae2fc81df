import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';

import type { ObjectType, Schema } from '#dist/documents/schema.js';
import { second } from '#dist/documents/hcs-schemas.js';
import { hcn } from '#dist/network/documents/schema.js';
import fc from 'fast-check';
import ts from 'typescript';

import type { Place } from '../support/arbitrary-documents.js';
import { placesIn, replaced, valueOf } from '../support/arbitrary-documents.js';

const pathOf = (name: string): string =>
  fileURLToPath(new URL(`../../../types/${name}/index.js`, import.meta.url)).replaceAll('\\', '/');
const file = fileURLToPath(new URL('../../../documents.ts', import.meta.url)).replaceAll('\\', '/');
const options: ts.CompilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  skipLibCheck: true,
  lib: ['lib.es2022.d.ts'],
  types: [],
  module: ts.ModuleKind.NodeNext,
  target: ts.ScriptTarget.ES2022,
};

/** The lines of the text that the compiler refuses, from 0. */
function refusedLines(text: string): Set<number> {
  const host = ts.createCompilerHost(options);
  const getSourceFile = host.getSourceFile.bind(host);
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022);
  host.getSourceFile = (name, ...rest) => (name === file ? source : getSourceFile(name, ...rest));
  const found = ts.getPreEmitDiagnostics(ts.createProgram([file], options, host));
  return new Set(
    found.map((diagnostic) => {
      assert.equal(diagnostic.file?.fileName, file, ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'));
      return source.getLineAndCharacterOfPosition(diagnostic.start!).line;
    }),
  );
}

function literal(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([name, member]) => `${JSON.stringify(name)}: ${literal(member)}`)
    .join(', ')} }`;
}

interface Made {
  readonly kind: string;
  readonly value: object;
}

// One line for each document.
function sourceOf(name: string, documents: readonly Made[]): string {
  const lines = documents.map(({ kind, value }, index) => `const d${index}: Types.${kind} = ${literal(value)};`);
  return [`import type * as Types from ${JSON.stringify(pathOf(name))};`, ...lines].join('\n');
}

function madeOf(schema: Schema): fc.Arbitrary<Made> {
  // What is empty whatever it has, and what takes anything, the compiler cannot refuse.
  const kinds = schema.names.filter((name) => {
    const type = schema.type(name);
    return type?.kind === 'object' && type.fields.size > 0;
  });
  return fc
    .constantFrom(...kinds)
    .chain((kind) => valueOf(schema.object(kind), {}, 3).map((value): Made => ({ kind, value: value as object })));
}

const schemas = [
  ['schema2', second],
  ['hcn', hcn],
] as const;

/** A value of another type of JavaScript. */
function misfit({ type }: Place): unknown {
  if (type.kind === 'any') return undefined;
  return type.kind === 'boolean' ? '?' : true;
}

for (const [name, schema] of schemas) {
  describe(`The TypeScript types of ${name} and documents generated from the schema`, function () {
    this.timeout(60_000);
    const made = madeOf(schema);

    it('compile', () => {
      const documents = fc.sample(made, 150);
      const source = sourceOf(name, documents);
      assert.deepEqual(
        [...refusedLines(source)].map((line) => source.split('\n')[line]),
        [],
      );
    });

    it('do not compile with one value of another type, or one unknown member', () => {
      const mutated = fc.sample(fc.tuple(made, fc.nat()), 100).flatMap(([{ kind, value }, choice]) => {
        const type: ObjectType = schema.object(kind);
        const places = placesIn(type, value).filter((place) => place.steps.length > 0 && misfit(place) !== undefined);
        const place = places[choice % Math.max(places.length, 1)];
        const wrong = place === undefined ? [] : [replaced(value, place.steps, misfit(place)) as object];
        return [...wrong, { ...value, Zqx9: 1 }].map((each): Made => ({ kind, value: each }));
      });
      const source = sourceOf(name, mutated);
      const refused = refusedLines(source);
      const passed = source.split('\n').filter((_, line) => line > 0 && !refused.has(line));
      assert.deepEqual(passed, []);
    });
  });
}
