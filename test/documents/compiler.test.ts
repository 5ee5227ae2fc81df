import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';

import type { ObjectType } from '#dist/documents/schema.js';
import { second } from '#dist/documents/hcs-schemas.js';
import fc from 'fast-check';
import ts from 'typescript';

import type { Place } from '../support/arbitrary-documents.js';
import { placesIn, replaced, valueOf } from '../support/arbitrary-documents.js';

const types = fileURLToPath(new URL('../../../types/schema2/index.js', import.meta.url)).replaceAll('\\', '/');
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
function sourceOf(documents: readonly Made[]): string {
  const lines = documents.map(({ kind, value }, index) => `const d${index}: Schema2.${kind} = ${literal(value)};`);
  return [`import type * as Schema2 from ${JSON.stringify(types)};`, ...lines].join('\n');
}

// What is empty whatever it has, and what takes anything, the compiler cannot refuse.
const kinds = second.names.filter((name) => {
  const type = second.type(name);
  return type?.kind === 'object' && type.fields.size > 0;
});
const made = fc
  .constantFrom(...kinds)
  .chain((kind) => valueOf(second.object(kind), {}, 3).map((value): Made => ({ kind, value: value as object })));

/** A value of another type of JavaScript. */
function misfit({ type }: Place): unknown {
  if (type.kind === 'any') return undefined;
  return type.kind === 'boolean' ? '?' : true;
}

describe('The TypeScript types and documents generated from the schema', function () {
  this.timeout(60_000);

  it('compile', () => {
    const documents = fc.sample(made, 150);
    const source = sourceOf(documents);
    assert.deepEqual(
      [...refusedLines(source)].map((line) => source.split('\n')[line]),
      [],
    );
  });

  it('do not compile with one value of another type, or one unknown member', () => {
    const mutated = fc.sample(fc.tuple(made, fc.nat()), 100).flatMap(([{ kind, value }, choice]) => {
      const type: ObjectType = second.object(kind);
      const places = placesIn(type, value).filter((place) => place.steps.length > 0 && misfit(place) !== undefined);
      const place = places[choice % Math.max(places.length, 1)];
      const wrong = place === undefined ? [] : [replaced(value, place.steps, misfit(place)) as object];
      return [...wrong, { ...value, Zqx9: 1 }].map((each): Made => ({ kind, value: each }));
    });
    const source = sourceOf(mutated);
    const refused = refusedLines(source);
    const passed = source.split('\n').filter((_, line) => line > 0 && !refused.has(line));
    assert.deepEqual(passed, []);
  });
});
