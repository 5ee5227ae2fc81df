// Compiles the examples of the documentation, all in one program, with the settings of the project.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import ts from 'typescript';

import type { Example } from './blocks.js';

// As if they lay beside the tests.
const sources = 'test/docs/blocks';
export const compiledExamples = resolve('out', sources);

/** A file name for the module of an example, without its ending. */
export function moduleName({ place }: Example): string {
  return place.replace(/[^\w-]+/g, '-');
}

/**
 * Writes the compiled examples, and returns what the compiler complains of. A socket in /tmp becomes one in `folder`, of this
 * run alone.
 */
export function compileExamples(examples: readonly Example[], folder: string): string[] {
  const texts = new Map(examples.map((each) => [slashes(resolve(sources, `${moduleName(each)}.ts`)), each]));
  const options: ts.CompilerOptions = {
    ...projectOptions(),
    noEmit: false,
    noEmitOnError: false,
    inlineSourceMap: true,
    rootDir: slashes(resolve('.')),
    outDir: slashes(resolve('out')),
    types: ['node'],
    // An example may end where what it has made would be used.
    noUnusedLocals: false,
    noUnusedParameters: false,
  };
  const program = ts.createProgram([...texts.keys()], options, hostWith(options, texts));
  rmSync(compiledExamples, { recursive: true, force: true });
  let example = 0;
  const diagnostics = [...texts.keys()].flatMap((name) => {
    const source = program.getSourceFile(name);
    const write = (file: string, text: string): void => {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text.replaceAll('/tmp/host.sock', slashes(join(folder, `${example++}.sock`))));
    };
    program.emit(source, write);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  });
  return [...program.getGlobalDiagnostics(), ...diagnostics].map((diagnostic) => described(diagnostic, texts));
}

function projectOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile('tsconfig.json', (file) => ts.sys.readFile(file)) as { config: object };
  return ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, resolve('.')).options;
}

function hostWith(options: ts.CompilerOptions, texts: ReadonlyMap<string, Example>): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const getSourceFile = host.getSourceFile.bind(host);
  host.fileExists = (name) => texts.has(slashes(name)) || ts.sys.fileExists(name);
  host.getSourceFile = (name, languageVersion, ...rest) => {
    const example = texts.get(slashes(name));
    if (example === undefined) return getSourceFile(name, languageVersion, ...rest);
    return ts.createSourceFile(name, example.source, languageVersion);
  };
  return host;
}

function described({ file, start, messageText }: ts.Diagnostic, texts: ReadonlyMap<string, Example>): string {
  const message = ts.flattenDiagnosticMessageText(messageText, '\n');
  if (file === undefined || start === undefined) return message;
  const place = texts.get(slashes(file.fileName))?.place.replace(/:\d+$/, '') ?? file.fileName;
  return `${place}:${file.getLineAndCharacterOfPosition(start).line + 1} ${message}`;
}

const slashes = (path: string): string => path.replaceAll('\\', '/');
