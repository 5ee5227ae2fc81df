// The page of a report: one file without scripts, which loads nothing. Each chart is there twice, for wide and for narrow
// pages, and its figures are in a table below it.
import { readFileSync } from 'node:fs';

import type { Group, SectionResult } from '../results/figures.js';
import type { Report } from '../results/report.js';
import { number, tableOf } from '../results/text.js';
import { root } from '../support/bench.js';
import { coloursOf, drawingOf } from './charts.js';
import type { Drawing } from './drawing.js';
import { svgOf } from './drawing.js';
import type { Layout } from './layout.js';
import { narrow, wide } from './layout.js';
import { goalsOf, targetsDrawing } from './targets.js';

const policy = "default-src 'none'; style-src 'unsafe-inline'";

const escaped = (text: string): string => text.replace(/[<>&"]/g, (character) => `&#${character.charCodeAt(0)};`);

export async function pageOf(report: Report): Promise<string> {
  const host = report.host.kind === 'simulated' ? 'simulated' : 'Windows';
  const parts = [header(report), await targetsHtml(report, host)];
  for (const section of report.sections) parts.push(await sectionHtml(section, host));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>hostcompute: benchmarks of ${escaped(report.commit)}, ${host}</title>
<style>
${readFileSync(`${root}bench/page/style.css`, 'utf8')}</style>
</head>
<body>
${parts.join('\n')}
</body>
</html>
`;
}

function header(report: Report): string {
  const { machine, host } = report;
  const simulated =
    'Measured on a simulated host: the figures are the cost of hostcompute itself, and say nothing of how long Windows takes.';
  const facts: readonly (readonly [string, string])[] = [
    ['Host', host.description],
    ['Commit', `${report.commit}${report.changed ? ', with changes that are in no commit' : ''}`],
    ['Date', `${report.date.slice(0, 16).replace('T', ' ')} UTC`],
    ['Node', report.node],
    ['Machine', `${machine.processors} × ${machine.processor}, ${number(machine.memoryGiB)} GiB, ${machine.system}`],
    [
      'Load',
      `${number(machine.load[0])} before, ${number(machine.load[1])} at the end (processes that wanted to run, over a minute)`,
    ],
    [
      'Rounds',
      `${report.rounds}, each side in turn, each in a process of its own; up to ${number(report.cycles)} cycles per round`,
    ],
  ];
  const notices = [
    ...(report.quick
      ? ['A quick run: it shows that everything works. There is too little of everything to judge by its figures.']
      : []),
    ...(report.leftOut.length > 0
      ? [`A part of the benchmarks. Not run: ${report.leftOut.map(({ title }) => title).join(', ')}.`]
      : []),
  ];
  const links = report.sections.map(({ id, title }) => `<a href="#${id}">(${id}) ${escaped(title)}</a>`);
  return `<header>
<h1>hostcompute: benchmarks</h1>
${host.kind === 'simulated' ? `<p><span class="badge">simulated</span> ${simulated}</p>` : ''}
${notices.map((notice) => `<p class="notice">${escaped(notice)}</p>`).join('\n')}
<dl class="facts">
${facts.map(([name, value]) => `<dt>${name}</dt><dd>${escaped(value)}</dd>`).join('\n')}
</dl>
<p>Every figure is the median of the rounds, with the range of the rounds in brackets. A ratio divides hostcompute by the other side,
round by round. p99 is what one of a hundred exceeds.</p>
<nav>${links.join(' · ')}</nav>
</header>`;
}

async function figureHtml(keys: readonly string[], draw: (layout: Layout) => Drawing): Promise<string> {
  const [one, other] = await Promise.all([wide, narrow].map((layout) => svgOf(draw(layout))));
  const named = (svg: string | undefined, name: string): string =>
    (svg ?? '').replace('class="marks"', `class="${name}"`);
  return `<figure>
<figcaption>${keys.join('\n')}</figcaption>
${named(one, 'wide')}
${named(other, 'narrow')}
</figure>`;
}

const key = (text: string, colour: string, kind = ''): string =>
  `<span class="key ${kind}" style="--colour: ${colour}">${escaped(text)}</span>`;

const badge = (host: string): string => (host === 'simulated' ? '<span class="badge">simulated</span>' : '');

async function targetsHtml(report: Report, host: string): Promise<string> {
  const goals = goalsOf(report);
  if (goals.length === 0) return '';
  const met = goals.filter(({ verdict }) => verdict === 'met').length;
  const missed = goals.filter(({ verdict }) => verdict === 'missed').length;
  const between = goals.length - met - missed;
  const keys = [
    badge(host),
    key('target', 'var(--target)', 'line'),
    'a dot is the median, a line the range of the rounds',
  ];
  const chart = await figureHtml(keys, (layout) => targetsDrawing(goals, layout, host));
  return `<section id="targets">
<h2>What the project aims for</h2>
<p>Of ${goals.length} figures with a target ${met} meet it, ${between} meet it in the median and not in every round, ${missed} miss it.</p>
${chart}
</section>`;
}

async function sectionHtml({ id, title, about, groups }: SectionResult, host: string): Promise<string> {
  const parts: string[] = [];
  for (const group of groups) parts.push(await groupHtml(group, host));
  return `<section id="${escaped(id)}">
<h2>(${escaped(id)}) ${escaped(title)}</h2>
<p>${escaped(about)}</p>
${parts.join('\n')}
</section>`;
}

async function groupHtml(group: Group, host: string): Promise<string> {
  const drawn = drawingOf(group, wide, host) !== undefined;
  const chart = drawn ? await figureHtml(keysOf(group, host), (layout) => drawingOf(group, layout, host)!) : '';
  return `<h3>${escaped(group.title)}${drawn ? '' : ` ${badge(host)}`}</h3>
${group.note === undefined ? '' : `<p>${escaped(group.note)}</p>`}
${chart}
${tableHtml(tableOf(group))}`;
}

function keysOf(group: Group, host: string): string[] {
  const sides = [...coloursOf(group)].map(([name, colour]) => key(name, colour));
  const withTarget = group.figures.some(({ target, ratios = [] }) => target ?? ratios.some((ratio) => ratio.target));
  return [
    badge(host),
    ...sides,
    ...(group.chart === 'distributions'
      ? [key('median', 'var(--text)', 'line'), key('p99', 'var(--text)', 'dashed')]
      : group.chart === 'bars'
        ? [key('range of the rounds', 'var(--text)', 'line')]
        : []),
    ...(withTarget && group.chart !== 'line' ? [key('target', 'var(--target)', 'line')] : []),
  ];
}

function tableHtml([heading = [], ...rows]: readonly (readonly string[])[]): string {
  const cell = (text: string): string => {
    const classes = text.includes(': met')
      ? ' class="words met"'
      : text.endsWith(': missed')
        ? ' class="words missed"'
        : '';
    return `<td${classes}>${escaped(text)}</td>`;
  };
  const row = ([name = '', ...cells]: readonly string[]): string =>
    `<tr><th scope="row">${escaped(name)}</th>${cells.map(cell).join('')}</tr>`;
  return `<div class="scroll" tabindex="0"><table>
<thead><tr>${heading.map((text) => `<th scope="col"${text === 'target' ? ' class="words"' : ''}>${escaped(text)}</th>`).join('')}</tr></thead>
<tbody>
${rows.map(row).join('\n')}
</tbody>
</table></div>`;
}
