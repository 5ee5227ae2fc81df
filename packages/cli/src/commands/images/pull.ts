/**
 * `pull`, and `images load`.
 *
 * @module
 */
import type { Image, Isolation, Platform } from 'hostcompute-images';

import type { Action } from '../../command-line/declare.js';
import type { GlobalOptions } from '../../command-line/global-options.js';
import { openContext } from '../../host/context.js';
import { openImages } from '../../host/images.js';
import { showImageProgress } from '../../output/image-progress.js';
import { Output } from '../../output/output.js';
import { Progress } from '../../output/progress.js';
import { readCredentials } from './credentials.js';
import { imageLine, printedImage } from './printed-image.js';

interface PlatformOptions {
  readonly platform?: Partial<Platform>;
  readonly isolation?: Isolation;
}

interface PullOptions extends PlatformOptions {
  readonly registryAuthStdin?: boolean;
  readonly registryHosts?: string;
  readonly plainHttp?: boolean;
}

/** Takes an image from its registry. */
export const pull: Action<PullOptions> = async ({ words: [name = ''], options, globals }) => {
  const { platform, isolation, registryAuthStdin, ...registry } = options;
  await using context = await openContext(globals, { lasting: false });
  const { signal } = context;
  const credentials = registryAuthStdin === true ? await readCredentials(signal) : undefined;
  await using images = await openImages(context, { ...registry, ...(credentials && { credentials }) });
  print(globals, [
    await withProgress(globals, (onProgress) => images.pull(name, { platform, isolation, signal, onProgress })),
  ]);
};

interface LoadOptions extends PlatformOptions {
  readonly reference?: string;
}

/** Takes images from an archive. */
export const load: Action<LoadOptions> = async ({ words: [file = '-'], options, globals }) => {
  await using context = await openContext(globals, { lasting: false });
  await using images = await openImages(context);
  const source = file === '-' ? process.stdin : file;
  const { signal } = context;
  print(globals, await withProgress(globals, (onProgress) => images.load(source, { ...options, signal, onProgress })));
};

// The bars are whole before anything else is printed.
async function withProgress<T>(
  globals: GlobalOptions,
  work: (onProgress: ReturnType<typeof showImageProgress>) => Promise<T>,
): Promise<T> {
  using progress = new Progress(globals);
  return await work(showImageProgress(progress));
}

function print(globals: GlobalOptions, images: readonly Image[]): void {
  const output = new Output(globals);
  for (const image of images) output.one(printedImage(image), [imageLine(image)]);
}
