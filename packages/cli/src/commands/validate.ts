/**
 * `validate`: what is wrong with documents.
 *
 * @module
 */
import type { Issue } from 'hostcompute/documents';
import { validateDocument } from 'hostcompute/documents';

import type { Action } from '../command-line/declare.js';
import { exitCodes } from '../exit-codes.js';
import { nameOf } from '../input/read-bytes.js';
import { readJsonObject } from '../input/read-json.js';
import { Output } from '../output/output.js';

interface ValidateOptions {
  readonly build?: number;
  readonly schema?: string;
  readonly type?: string;
  readonly network?: boolean;
}

/** Validates documents; ends with 1 when a host would refuse one. */
export const validate: Action<ValidateOptions> = async ({ words, options, globals }) => {
  const output = new Output(globals);
  let refused = 0;
  for (const file of words) {
    const issues = await issuesOf(await readJsonObject(file), options);
    const errors = issues.filter(({ severity }) => severity === 'error').length;
    refused += errors;
    for (const issue of issues) output.one(printed(file, issue), linesOf(file, issue));
    const found = { kind: 'validated', file, errors, warnings: issues.length - errors };
    output.one(found, [`${nameOf(file)}: ${counted(errors, 'error')}, ${counted(found.warnings, 'warning')}`]);
  }
  return refused > 0 ? exitCodes.failed : exitCodes.done;
};

async function issuesOf(document: object, { build, schema, type, network }: ValidateOptions): Promise<Issue[]> {
  const kind = { ...(type !== undefined && { kind: type }) };
  if (network === true) {
    const { validateNetworkDocument } = await import('hostcompute/network');
    return validateNetworkDocument(document, { ...kind, ...(build !== undefined && { osBuild: build }) });
  }
  return validateDocument(document, {
    ...kind,
    ...(build !== undefined && { osBuild: build }),
    ...(schema !== undefined && { schemaVersion: schema }),
  });
}

function printed(file: string, { path, rule, severity, message, remedy, code }: Issue) {
  return { kind: 'issue', file, path, rule, severity, message, remedy, code: code ?? null };
}

function linesOf(file: string, { severity, message, remedy, rule }: Issue): readonly string[] {
  return [`${nameOf(file)}: ${severity}: ${message}. ${remedy} [${rule}]`];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
