/**
 * `layers mount` and `layers unmount`: what is mounted stays so when the command has ended.
 *
 * @module
 */
import type { Action } from '../../command-line/declare.js';
import { openContext } from '../../host/context.js';
import type { ParentOptions, StoreOptions } from '../../host/layer-store.js';
import { checkId, checkNewId, openLayerStore, parentsOf } from '../../host/layer-store.js';
import { Output } from '../../output/output.js';

/** Mounts a scratch, and makes it first where it is not there. */
export const mount: Action<ParentOptions> = async ({ words: [id = ''], options, globals }) => {
  const parents = parentsOf(options);
  await using context = await openContext(globals, { lasting: true });
  const store = await openLayerStore(options, context);
  const { signal } = context;
  const isMade = !(await store.exists(checkId(id), { signal }));
  if (isMade) await store.createScratch(checkNewId(id, options), parents, { signal });
  try {
    const { folder, volume } = await store.mount(id, parents, { signal });
    new Output(globals).one({ kind: 'layer-mounted', id, folder, volume, created: isMade }, [volume]);
  } catch (error) {
    if (isMade) await store.destroy(id).catch(() => undefined);
    throw error;
  }
};

/** Undoes it. */
export const unmount: Action<StoreOptions> = async ({ words, options, globals }) => {
  await using context = await openContext(globals, { lasting: true });
  const store = await openLayerStore(options, context);
  const output = new Output(globals);
  for (const id of words) {
    // It may be half mounted: what counts is that it is not attached any more.
    await store.unprepare(checkId(id), { signal: context.signal }).catch(() => undefined);
    await store.deactivate(id, { signal: context.signal });
    output.one({ kind: 'layer-unmounted', id }, [id]);
  }
};
