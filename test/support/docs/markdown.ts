// What tests ask of a page of the documentation.
import { readFileSync } from 'node:fs';

import GithubSlugger from 'github-slugger';
import MarkdownIt from 'markdown-it';
import type Token from 'markdown-it/lib/token.mjs';

/** A block of code, and the comment before it, which readers do not see. */
export interface CodeBlock {
  readonly file: string;
  /** The line of the file that the first line of the code is. */
  readonly line: number;
  readonly language: string;
  readonly code: string;
  readonly comment: string;
}

/** A page: what it holds, in its order. */
export interface Page {
  readonly file: string;
  readonly blocks: readonly CodeBlock[];
  /** What links can point to, as GitHub names it. */
  readonly anchors: ReadonlySet<string>;
  /** Where links and images lead. */
  readonly links: readonly string[];
  /** What is in backticks in the text. */
  readonly spans: readonly string[];
}

const parser = new MarkdownIt({ html: true });

export function readPage(file: string): Page {
  const tokens = parser.parse(readFileSync(file, 'utf8'), {});
  const inline = tokens.flatMap(({ children }) => children ?? []);
  const html = [...tokens, ...inline].filter(({ type }) => type.startsWith('html_')).map(({ content }) => content);
  return {
    file,
    blocks: tokens.flatMap((token, index) => (token.type === 'fence' ? [blockOf(file, token, tokens[index - 1])] : [])),
    anchors: new Set([...headings(tokens), ...html.flatMap((text) => attributes(text, 'id'))]),
    links: [
      ...inline.flatMap((token) => [token.attrGet('href'), token.attrGet('src')]).filter((link) => link !== null),
      ...html.flatMap((text) => attributes(text, 'href|src|srcset')),
    ],
    spans: inline.filter(({ type }) => type === 'code_inline').map(({ content }) => content),
  };
}

function blockOf(file: string, token: Token, before: Token | undefined): CodeBlock {
  const comment = before?.type === 'html_block' ? /^<!--([^]*?)-->\s*$/.exec(before.content)?.[1] : undefined;
  const [firstLine = 0] = token.map ?? [];
  return {
    file,
    line: firstLine + 2,
    language: token.info.trim(),
    code: token.content,
    comment: (comment ?? '').trim(),
  };
}

function headings(tokens: readonly Token[]): string[] {
  const slugger = new GithubSlugger();
  return tokens.flatMap(({ type }, index) => {
    if (type !== 'heading_open') return [];
    const text = (tokens[index + 1]?.children ?? []).map(({ content }) => content).join('');
    return [slugger.slug(text)];
  });
}

function attributes(html: string, name: string): string[] {
  return [...html.matchAll(new RegExp(`\\b(?:${name})="([^"]*)"`, 'g'))].map(([, value = '']) => value);
}
