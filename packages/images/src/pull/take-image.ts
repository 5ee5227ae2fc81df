/**
 * Takes an image from where it is into the store: its documents, its layers, then its record and its name.
 *
 * @module
 */
import { ImageError } from '../image-error.js';
import { heardByMany } from '../limits.js';
import { chainIds, digestOf } from '../oci/chain-id.js';
import type { Configuration } from '../oci/configuration.js';
import { parseConfiguration } from '../oci/configuration.js';
import type { Descriptor, Digest } from '../oci/descriptor.js';
import { hexOf } from '../oci/descriptor.js';
import type { Manifest } from '../oci/manifest.js';
import { parseManifest } from '../oci/manifest.js';
import type { WantedPlatform } from '../oci/platform.js';
import { checkPlatform, choosePlatform } from '../oci/platform.js';
import type { ImageSource, Limits, ResolvedDocument } from '../registry/image-source.js';
import { readDocument, writeDocument } from '../store/document-blobs.js';
import type { ImageRecord } from '../store/image-records.js';
import { nameOfReference } from '../store/image-records.js';
import type { Store } from '../store/store.js';
import { storeLock } from '../store/store.js';
import { Hold } from '../hold.js';
import type { LayerPlan, LayerWork } from './layer-work.js';
import { existing } from './layer-work.js';
import type { Progress } from './progress.js';
import { Slots } from './slots.js';

export interface TakeOptions {
  readonly source: ImageSource;
  /** Names it in errors. */
  readonly name: string;
  /** The whole names that it gets. */
  readonly references: readonly string[];
  readonly wanted: WantedPlatform;
  readonly keepBlobs: boolean;
  readonly concurrency: number;
  readonly progress: Progress;
}

/** What is known of an image before its first layer. */
interface Resolved {
  readonly manifest: Manifest;
  readonly descriptor: Descriptor;
  readonly bytes: Buffer;
  readonly configuration: Configuration;
  readonly configurationBytes: Buffer;
}

/** An index may name others. */
const deepestIndex = 3;

/** The source is closed in the end. */
export async function takeImage(
  store: Store,
  work: LayerWork,
  options: TakeOptions,
  limits: Limits,
): Promise<ImageRecord> {
  const hold = new Hold(() => options.source.close());
  const leave = hold.take();
  try {
    return await take(store, work, options, hold, limits);
  } finally {
    await leave();
  }
}

async function take(
  store: Store,
  work: LayerWork,
  options: TakeOptions,
  hold: Hold,
  limits: Limits,
): Promise<ImageRecord> {
  const { progress } = options;
  progress.report({ phase: 'resolve', state: 'active', bytes: 0, totalBytes: 0 });
  const resolved = await resolve(store, options, limits);
  const { manifest, descriptor, configuration } = resolved;
  progress.report({ phase: 'resolve', state: 'done', bytes: descriptor.size, totalBytes: descriptor.size });
  const chain = chainIds(configuration.diffIds);
  const record: ImageRecord = {
    manifest: descriptor,
    configuration: manifest.configuration,
    blobs: manifest.layers,
    chain,
  };
  const blobs = [descriptor, manifest.configuration, ...manifest.layers].map(({ digest }) => digest);
  const lease = await store.locks.with(storeLock, limits.signal, () =>
    store.leases.begin({ kind: 'pull', layers: chain, blobs }, limits.signal),
  );
  hold.add(() => lease.release());
  await writeDocument(store.layout, descriptor.digest, resolved.bytes);
  await writeDocument(store.layout, manifest.configuration.digest, resolved.configurationBytes);
  await makeLayers(work, planOf(options, resolved, chain, hold), progress, limits.signal);
  await store.locks.with(storeLock, limits.signal, () => publishImage(store, record, options.references));
  return record;
}

/** The record, and then the names. To be called under the lock of the store. */
export async function publishImage(
  { records }: Store,
  record: ImageRecord,
  references: readonly string[],
): Promise<void> {
  const { digest } = record.manifest;
  await records.images.put(hexOf(digest), record);
  for (const reference of references) {
    await records.references.put(nameOfReference(reference), { reference, manifest: digest });
  }
}

async function resolve(store: Store, options: TakeOptions, limits: Limits): Promise<Resolved> {
  const { source, name, wanted } = options;
  let { descriptor, bytes }: ResolvedDocument = await source.resolve(limits);
  for (let depth = 0; depth < deepestIndex; depth++) {
    const manifest = parseManifest(bytes, descriptor.digest, descriptor.mediaType);
    if (manifest.kind === 'manifest') {
      const configurationBytes = await document(store, source, manifest.configuration, limits);
      const configuration = parseConfiguration(configurationBytes, manifest.configuration.digest);
      checkPlatform(configuration.platform, wanted, name);
      checkLayers(manifest, configuration, descriptor.digest);
      const whole = { ...descriptor, mediaType: manifest.mediaType, size: bytes.length };
      return { manifest, descriptor: whole, bytes, configuration, configurationBytes };
    }
    descriptor = choosePlatform(manifest.manifests, wanted, name);
    bytes = await document(store, source, descriptor, limits);
  }
  throw new ImageError(`${name} is an index of an index of an index`, {
    code: 'ERR_HC_IMAGE_CONTENT',
    remedy: 'Whoever made the image has to push it again.',
  });
}

/** From the store, where it is there already. */
async function document(store: Store, source: ImageSource, descriptor: Descriptor, limits: Limits): Promise<Buffer> {
  const { digest } = descriptor;
  const there = await readDocument(store.layout, digest);
  if (there !== undefined) return there;
  const bytes = await source.document(descriptor, limits);
  const found = digestOf(bytes);
  if (found === digest) return bytes;
  throw new ImageError(`the document ${digest} is not what was received: that is ${found}`, {
    code: 'ERR_HC_IMAGE_CONTENT',
    remedy: 'Pull again; if it stays so, the registry has other content.',
  });
}

function checkLayers({ layers }: Manifest, { diffIds }: Configuration, digest: Digest): void {
  if (layers.length === diffIds.length && layers.length > 0) return;
  const what =
    layers.length === 0 ? 'names no layers' : `names ${layers.length} layers, its configuration ${diffIds.length}`;
  throw new ImageError(`the manifest ${digest} ${what}`, {
    code: 'ERR_HC_IMAGE_CONTENT',
    remedy: 'Whoever made the image has to build and push it again.',
  });
}

function planOf(
  options: TakeOptions,
  { manifest, configuration }: Resolved,
  chain: readonly Digest[],
  hold: Hold,
): LayerPlan {
  const { source, name, keepBlobs, concurrency } = options;
  const layers = manifest.layers.map((blob, i) => ({
    blob,
    diffId: configuration.diffIds[i]!,
    chainId: chain[i]!,
  }));
  return { source, name, keepBlobs, hold, slots: new Slots(concurrency), layers };
}

/** All layers at once: each waits for its slot, and for the one below. The first failure ends them. */
async function makeLayers(work: LayerWork, plan: LayerPlan, progress: Progress, signal: AbortSignal): Promise<void> {
  const failed = new AbortController();
  const both = heardByMany(AbortSignal.any([signal, failed.signal]));
  const missing: number[] = [];
  for (const [index, layer] of plan.layers.entries()) {
    if (await work.isThere(layer)) progress.report({ ...existing(layer), layer: layer.blob.digest });
    else missing.push(index);
  }
  const running = missing.map(async (index) => {
    const layer = plan.layers[index]!.blob.digest;
    try {
      await ensure(work, plan, index, both, (report) => progress.report({ ...report, layer }));
    } catch (error) {
      failed.abort(error);
      throw error;
    }
  });
  await Promise.allSettled(running);
  signal.throwIfAborted();
  if (failed.signal.aborted) throw failed.signal.reason;
}

/** Where the work was another caller's, their registry may have failed and not this one's: then once more. */
async function ensure(
  work: LayerWork,
  plan: LayerPlan,
  index: number,
  signal: AbortSignal,
  onReport: Parameters<LayerWork['ensure']>[3],
): Promise<void> {
  const others = work.isMaking(plan.layers[index]!);
  try {
    await work.ensure(plan, index, signal, onReport);
  } catch (error) {
    const isTheirs = error instanceof ImageError && ofRegistry.has(error.code);
    if (!others || !isTheirs || signal.aborted) throw error;
    await work.ensure(plan, index, signal, onReport);
  }
}

const ofRegistry: ReadonlySet<string> = new Set([
  'ERR_HC_IMAGE_REGISTRY',
  'ERR_HC_IMAGE_DENIED',
  'ERR_HC_IMAGE_NOT_FOUND',
]);
