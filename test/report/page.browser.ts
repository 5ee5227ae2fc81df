// The page of a report, in Chromium. The report is what `npm run bench -- --quick` has written once.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import type { Browser, Page } from 'playwright-core';

import { pageOf } from '../../bench/page/page.js';
import { goalsOf } from '../../bench/page/targets.js';
import { readReport } from '../../bench/results/report.js';
import { has } from '../support/capabilities.js';
import { openChromium } from './chromium.js';
import { faintTexts, shownCharts } from './in-page.js';

const fixture = fileURLToPath(new URL('../../../test/fixtures/bench/quick-run.json', import.meta.url));
const report = readReport(fixture);
const groups = report.sections.flatMap((section) => section.groups);
const charts = groups.filter(({ chart }) => chart !== 'none').length + (goalsOf(report).length > 0 ? 1 : 0);

const suite = has('chromium', 'the page of the benchmarks') ? describe : () => undefined;

suite('the page of the benchmarks', () => {
  let browser: Browser | undefined;
  let page: Page;
  let folder: string;
  let address: string;
  let requests: string[];
  let complaints: string[];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hostcompute-page-'));
    writeFileSync(join(folder, 'index.html'), await pageOf(report));
    address = pathToFileURL(join(folder, 'index.html')).href;
    browser = await openChromium();
  });
  after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });
  afterEach(() => page.close());

  async function open(colorScheme: 'light' | 'dark', width = 1000): Promise<void> {
    page = await browser!.newPage({ colorScheme, viewport: { width, height: 900 } });
    requests = [];
    complaints = [];
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(address);
  }

  const widthBeyond = (): Promise<number> =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

  it('loads no other resource, and logs no error', async () => {
    await open('light');
    assert.deepEqual(requests, [address]);
    assert.deepEqual(complaints, []);
    assert.equal(await page.locator('script, link, img, iframe').count(), 0);
  });

  for (const [name, width] of [
    ['wide', 1000],
    ['narrow', 390],
  ] as const) {
    it(`draws every chart completely on a ${name} page, labelled as simulated`, async () => {
      await open('light', width);
      const shown = await page.evaluate(shownCharts);
      assert.equal(shown.length, charts);
      for (const { caption, texts, marks, cut } of shown) {
        assert.match(caption, /simulated/);
        assert.ok(
          texts.some((text) => text.includes('simulated')),
          `no "simulated" in ${texts.join(', ')}`,
        );
        assert.ok(marks > 0, `no marks beside ${texts.join(', ')}`);
        assert.deepEqual(cut, []);
      }
      assert.equal(await widthBeyond(), 0);
    });
  }

  for (const scheme of ['light', 'dark'] as const) {
    it(`is readable when the screen is ${scheme}`, async () => {
      await open(scheme);
      const page_ = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      assert.equal(page_ === 'rgb(255, 255, 255)', scheme === 'light');
      assert.deepEqual(await page.evaluate(faintTexts, 4.5), []);
    });
  }

  it('prints in black on white, at paper width, without screen-only parts', async () => {
    await open('dark', 718); // of A4 with its margins
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(255, 255, 255)');
    assert.deepEqual(await page.evaluate(faintTexts, 4.5), []);
    assert.equal(await page.locator('nav').isVisible(), false);
    assert.equal((await page.evaluate(shownCharts)).length, charts);
    assert.equal(await page.locator('svg.narrow').first().isVisible(), false);
    assert.equal(await widthBeyond(), 0);
  });

  it('names the machine it was measured on, and what is missing', async () => {
    await open('light');
    const header = await page.locator('header').innerText();
    for (const fact of [report.commit, report.node, report.machine.processor, report.date.slice(0, 10)]) {
      assert.ok(header.includes(fact), fact);
    }
    assert.match(header, /A quick run/);
  });

  it('has a table for every group', async () => {
    await open('light');
    assert.equal(await page.locator('table').count(), groups.length);
  });
});
