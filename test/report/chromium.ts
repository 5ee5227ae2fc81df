// Opens pages in a headless Chromium that the machine has.
import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';

import { capabilities, chromiumPath } from '../support/capabilities.js';

export async function openChromium(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error(capabilities.chromium.why);
  return chromium.launch({
    timeout: 120_000,
    executablePath: chromiumPath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
