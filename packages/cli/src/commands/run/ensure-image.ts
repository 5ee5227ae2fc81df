/**
 * Sees that the image of a container is in the store.
 *
 * @module
 */
import type { GlobalOptions } from '../../command-line/global-options.js';
import type { RunPlan } from '../../containers/plan.js';
import type { Context } from '../../host/context.js';
import type { RunOptions } from './options.js';

/** Pulls it as `--pull` says, with progress on stderr. */
export async function ensureImage(
  { source, isolation }: RunPlan,
  { pull = 'missing' }: Pick<RunOptions, 'pull'>,
  context: Context,
  globals: GlobalOptions,
): Promise<void> {
  if (source.kind !== 'image') return;
  const { openImages } = await import('../../host/images.js');
  await using images = await openImages(context);
  if (pull !== 'always' && (await isThere())) return;
  // What is missing is said when it is looked for.
  if (pull === 'never') return;
  const { Progress } = await import('../../output/progress.js');
  const { showImageProgress } = await import('../../output/image-progress.js');
  using progress = new Progress(globals);
  const { signal } = context;
  await images.pull(source.reference, { isolation, signal, onProgress: showImageProgress(progress) });

  async function isThere(): Promise<boolean> {
    try {
      await images.get((source as { readonly reference: string }).reference);
      return true;
    } catch (error) {
      if ((error as { readonly code?: unknown }).code === 'ERR_HC_IMAGE_NOT_FOUND') return false;
      throw error;
    }
  }
}
