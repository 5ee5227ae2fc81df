// docs/images/benchmark.png: the targets and the first charts of the page that `npm run bench` has written, in Chromium.
import { existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { openChromium } from '../out/test/report/chromium.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const page = `${root}bench/report/index.html`;
const picture = `${root}docs/images/benchmark.png`;

if (!existsSync(page)) throw new Error('there is no page yet: npm run bench');
mkdirSync(`${root}docs/images`, { recursive: true });
const browser = await openChromium();
try {
  const opened = await browser.newPage({ viewport: { width: 940, height: 900 }, colorScheme: 'light' });
  await opened.goto(pathToFileURL(page).href);
  const { y, height } = await opened.locator('#a figure').first().boundingBox();
  const { y: top } = await opened.locator('#a h2').boundingBox();
  await opened.screenshot({
    path: picture,
    fullPage: true,
    clip: { x: 0, y: top - 12, width: 940, height: y + height + 12 - top },
  });
} finally {
  await browser.close();
}
console.log(`written: ${picture}`);
