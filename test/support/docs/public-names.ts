// What the public entries of the package export.
import { readFileSync } from 'node:fs';

import ts from 'typescript';

const entries = {
  hostcompute: 'index',
  'hostcompute/documents': 'documents',
  'hostcompute/network': 'network',
  'hostcompute/storage': 'storage',
  'hostcompute/simulator': 'simulator',
  'hostcompute/remote': 'remote',
  'hostcompute/recorder': 'recorder',
  'hostcompute/doctor': 'doctor',
  'hostcompute/utility-vm': 'utility-vm',
};

export interface PublicName {
  readonly entry: string;
  readonly isType: boolean;
}

/** Each name with the first entry that has it. */
export function publicNames(): ReadonlyMap<string, PublicName> {
  const names = new Map<string, PublicName>();
  for (const [entry, file] of Object.entries(entries)) {
    const text = readFileSync(`src/${file}.ts`, 'utf8');
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022);
    for (const [name, isType] of source.statements.flatMap(namesOf)) {
      if (!names.has(name)) names.set(name, { entry, isType });
    }
  }
  return names;
}

function namesOf(statement: ts.Statement): [name: string, isType: boolean][] {
  if (ts.isExportDeclaration(statement)) {
    const { exportClause: clause, isTypeOnly } = statement;
    if (clause === undefined) return [];
    if (ts.isNamespaceExport(clause)) return [[clause.name.text, isTypeOnly]];
    return clause.elements.map((each) => [each.name.text, isTypeOnly || each.isTypeOnly]);
  }
  const isExported =
    ts.canHaveModifiers(statement) &&
    ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
  if (!isExported) return [];
  const isType = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
  const isNamed = isType || ts.isClassDeclaration(statement) || ts.isFunctionDeclaration(statement);
  return isNamed && statement.name !== undefined ? [[statement.name.text, isType]] : [];
}
