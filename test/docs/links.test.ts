import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

import { resultCodes } from 'hostcompute';

import { pages } from '../support/docs/blocks.js';
import { readPage } from '../support/docs/markdown.js';

const files = ['CHANGELOG.md', 'CONTRIBUTING.md', 'schema/README.md', ...pages()];
const read = new Map(files.map((file) => [file, readPage(file)]));

// Folders of the repository that the text names files in. What a run of the benchmark writes is not committed.
const source = /^(?!bench\/report\/)(?:bench|docs|examples|native|schema|scripts|src|test|types)\/[\w./-]+\.\w+$/;

describe('Pages of the documentation', () => {
  for (const [file, { anchors, links, spans }] of read) {
    it(`${file} has no broken links`, () => {
      for (const link of links.filter((each) => !/^(https?|mailto):/.test(each))) {
        const [path = '', anchor] = link.split('#');
        const target = path === '' ? file : posix.join(dirname(file), path);
        assert.ok(existsSync(target), `${link}: there is no ${target}`);
        if (anchor === undefined) continue;
        const found = target === file ? anchors : (read.get(target) ?? readPage(target)).anchors;
        assert.ok(found.has(anchor), `${link}: ${target} has no such heading`);
      }
    });

    it(`${file} names files that exist`, () => {
      for (const span of spans.filter((each) => source.test(each))) assert.ok(existsSync(span), span);
    });
  }

  it('name only existing error codes', () => {
    const known = new Set(resultCodes.map(({ code }) => code));
    const named = [...read.values()].flatMap(({ file, spans }) => spans.map((span) => ({ file, span })));
    const codes = named.filter(({ span }) => /^(HCS_E_|ERROR_(?!VMCOMPUTE))[A-Z_]+$/.test(span));
    assert.ok(codes.length > 50);
    assert.deepEqual(
      codes.filter(({ span }) => !known.has(span)),
      [],
    );
  });

  it('are all listed in the index', () => {
    const index = readPage('docs/README.md');
    const listed = index.links.map((link) => join('docs', link.replace(/#.*/, '')).replaceAll('\\', '/'));
    const missing = pages().filter((page) => !['README.md', 'docs/README.md', ...listed].includes(page));
    assert.deepEqual(missing, []);
  });
});
