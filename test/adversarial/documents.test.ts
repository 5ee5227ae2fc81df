import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { documents as builders, validateDocument } from 'hostcompute/documents';
import { validateNetworkDocument } from 'hostcompute/network';

import { documentText, parseDocument } from '#dist/documents/document-text.js';
import { parseJson, printJson } from '#dist/documents/json.js';
import { deepestNesting } from '#dist/nesting.js';
import { parseResult } from '#dist/documents/result-document.js';
import { encodeText } from '#dist/recorder/format.js';
import { valueOf } from '#dist/recorder/matching.js';
import { readRecording } from '#dist/recorder/reader.js';
import { Redactor } from '#dist/recorder/redaction.js';
import { shutdownOfCreated } from '#dist/system/guest-shutdown.js';

import { documents } from './inputs.js';

/** What is no error of the engine: neither its stack nor its memory has ended. */
function said(error: unknown): true {
  assert.ok(error instanceof Error && !(error instanceof RangeError), String(error).slice(0, 300));
  return true;
}

function orError(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    said(error);
    return undefined;
  }
}

const parsed = (text: string): object => orError(() => parseJson(text)) ?? {};

const uses: Readonly<Record<string, (text: string) => unknown>> = {
  'parseJson() and printJson()': (text) => printJson(parsed(text)),
  'parseDocument()': parseDocument,
  'parseResult()': parseResult,
  'documentText()': (text) => documentText(parsed(text), 'document'),
  'validateDocument()': (text) => validateDocument(parsed(text)),
  'validateNetworkDocument()': (text) => validateNetworkDocument(parsed(text)),
  'fromOciSpec()': (text) => builders.fromOciSpec(parsed(text), { id: 'x' } as never),
  'shutdownOfCreated()': (text) => shutdownOfCreated(`${text}"VirtualMachine"`),
  'the encoding of a recording': encodeText,
  'the values of a recording': valueOf,
  'a Redactor': (text) => new Redactor({}).document(text, 'configuration'),
  'a Redactor that keeps environments': (text) => new Redactor({ environment: false }).document(text, 'configuration'),
};

describe('A megabyte of valid or almost valid JSON', () => {
  for (const [name, use] of Object.entries(uses)) {
    for (const [what, text] of documents) {
      it(`is processed in bounded time by ${name}: ${what}`, () => void orError(() => use(text)));
    }
  }

  it('is rejected in bounded time in a recording', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'adversarial-'));
    try {
      for (const text of documents.values()) {
        const file = join(folder, 'recording.jsonl');
        writeFileSync(file, `${text}\n`);
        await assert.rejects(readRecording(file), said);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('The nesting limit of JSON', () => {
  const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;

  it('throws a SyntaxError that names the limit', () => {
    assert.throws(() => parseJson(deep(deepestNesting + 1)), {
      name: 'SyntaxError',
      message: /nested more than 500 deep/,
    });
    const large = deep(100_000).replace('[]', '[12345678901234567890]');
    assert.throws(() => parseJson(large), { name: 'SyntaxError', message: /nested more than 500 deep/ });
    assert.ok(Array.isArray(parseJson(deep(deepestNesting))));
  });

  it('throws ERR_HC_ARGUMENT for a document', () => {
    let object: object = {};
    for (let i = 0; i < 100_000; i++) object = { a: object };
    assert.throws(() => documentText(object, 'document'), {
      code: 'ERR_HC_ARGUMENT',
      message: /nested more than 500 deep/,
    });
  });

  it('ignores brackets inside strings', () => {
    assert.deepEqual(parseJson(`["${'['.repeat(2000)}"]`), ['['.repeat(2000)]);
  });

  it('quotes invalid text with large numbers unchanged in the error', () => {
    assert.throws(() => parseJson('["a", 12345678901234567890, x]'), /"34567890, x\]"/);
  });
});
