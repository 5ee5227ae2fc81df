// The functions of src that take a text or bytes first, as their declarations say.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { join } from 'node:path';

import ts from 'typescript';

/** An exported function that takes a text, or bytes, and maybe more. */
export interface TextFunction {
  /** Such as `documents/json.parseJson`. */
  readonly name: string;
  readonly takes: 'text' | 'bytes' | 'texts' | 'records';
  /** Whether it needs more than the text. */
  readonly needsMore: boolean;
  load(): Promise<(...given: unknown[]) => unknown>;
}

// The compiled tests lie in out/test, and dist beside out.
const dist = fileURLToPath(new URL('../../../dist/', import.meta.url));

const kinds: Readonly<Record<string, TextFunction['takes']>> = {
  string: 'text',
  unknown: 'text',
  T: 'text',
  'string | null': 'text',
  'string | undefined': 'text',
  Buffer: 'bytes',
  Uint8Array: 'bytes',
  'readonly string[]': 'texts',
  'string[]': 'texts',
  'Readonly<Record<string, string>>': 'records',
};

export function textFunctions(): TextFunction[] {
  const modules = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.d.ts'));
  return modules
    .map((name) => name.replaceAll('\\', '/'))
    .flatMap((name) => functionsOf(name.slice(0, -'.d.ts'.length)));
}

function functionsOf(module: string): TextFunction[] {
  const file = join(dist, module);
  const source = ts.createSourceFile(file, readFileSync(`${file}.d.ts`, 'utf8'), ts.ScriptTarget.Latest);
  return source.statements.flatMap((statement) => {
    if (!ts.isFunctionDeclaration(statement) || statement.name === undefined) return [];
    const [first, ...more] = statement.parameters;
    const takes = kinds[first?.type?.getText(source).replace(/^(Buffer|Uint8Array)<.*>$/, '$1') ?? ''];
    if (takes === undefined) return [];
    const exported = statement.name.text;
    const needsMore = more.some(({ questionToken }) => questionToken === undefined);
    const load = async (): Promise<(...given: unknown[]) => unknown> => {
      const members = (await import(pathToFileURL(`${file}.js`).href)) as Record<string, unknown>;
      return members[exported] as (...given: unknown[]) => unknown;
    };
    return [{ name: `${module}.${exported}`, takes, needsMore, load }];
  });
}
