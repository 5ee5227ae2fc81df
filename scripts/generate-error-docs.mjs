// Writes the table of docs/errors.md from the built result codes.
//
//   node scripts/generate-error-docs.mjs           rewrites the table
//   node scripts/generate-error-docs.mjs --check   fails when it is stale, writes nothing

import { readFile, writeFile } from 'node:fs/promises';

const page = new URL('../docs/errors.md', import.meta.url);
const start = '<!-- result-codes:start -->';
const end = '<!-- result-codes:end -->';

const resultCodes = await loadResultCodes();
// A checkout on Windows may have CRLF, which is no reason to call the table stale.
const text = (await readFile(page, 'utf8')).replaceAll('\r\n', '\n');
const fresh = replaceTable(text, renderTable(resultCodes));

if (fresh === text) {
  console.log(`docs/errors.md is up to date (${resultCodes.length} codes)`);
} else if (process.argv.includes('--check')) {
  fail('docs/errors.md is stale: run "npm run build && node scripts/generate-error-docs.mjs"');
} else {
  await writeFile(page, fresh);
  console.log(`docs/errors.md written (${resultCodes.length} codes)`);
}

async function loadResultCodes() {
  try {
    return (await import('../dist/errors/result-codes.js')).resultCodes;
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    return fail('dist/errors/result-codes.js is missing: run "npm run build" first');
  }
}

function replaceTable(markdown, table) {
  const from = markdown.indexOf(start);
  const to = markdown.indexOf(end);
  if (from < 0 || to < from) fail(`docs/errors.md lacks the lines ${start} and ${end}`);
  return `${markdown.slice(0, from + start.length)}\n${table}\n${markdown.slice(to)}`;
}

function renderTable(rows) {
  // Prettier would pad every cell to the longest remedy.
  return [
    '<!-- prettier-ignore-start -->',
    '',
    '| Code | Statuses | Meaning | What to do |',
    '| --- | --- | --- | --- |',
    ...rows.map(renderRow),
    '',
    '<!-- prettier-ignore-end -->',
  ].join('\n');
}

function renderRow({ code, statuses, message, remedy }) {
  const spellings = statuses.map(renderStatus).join('<br>');
  return `| \`${code}\` | ${spellings} | ${escapeCell(message)} | ${escapeCell(remedy)} |`;
}

function escapeCell(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('|', '\\|');
}

// Windows errors are known by their decimal number, everything else by its hexadecimal one.
function renderStatus(status) {
  const spelling = status <= 0xffff ? String(status) : '0x' + status.toString(16).toUpperCase().padStart(8, '0');
  return `\`${spelling}\``;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
