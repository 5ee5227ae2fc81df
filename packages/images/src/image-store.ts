/**
 * A store of images in a folder: pulled, loaded, made into layers, and run by scratches on them.
 *
 * @module
 */
import { isAbsolute } from 'node:path';
import { PassThrough, Readable } from 'node:stream';

import type { Host } from 'hostcompute';
import { defaultHost, HcsArgumentError, LayerStore } from 'hostcompute';

import { loadArchive } from './archives/load-archive.js';
import type { SaveOptions } from './archives/save-images.js';
import { saveLayout, saveTar } from './archives/save-images.js';
import type { CommitOptions } from './commit.js';
import { commitScratch } from './commit.js';
import type { Image } from './image.js';
import { allImages, getImage, loadImage } from './image.js';
import { ImageError } from './image-error.js';
import type { ImageStoreOptions, LoadArchiveOptions, LoadOptions, PullOptions } from './image-store-options.js';
import type { LimitOptions } from './limits.js';
import { heardByMany, withLimits } from './limits.js';
import type { WantedPlatform } from './oci/platform.js';
import { hostPlatform } from './oci/platform.js';
import { checkFields, checkImage, checkLoadOptions } from './option-checks.js';
import { parseReference } from './reference.js';
import { LayerWork } from './pull/layer-work.js';
import { Progress } from './pull/progress.js';
import { takeImage } from './pull/take-image.js';
import type { ImageSource, Limits } from './registry/image-source.js';
import { openRegistry } from './registry/open-registry.js';
import type { RegistryOptions } from './registry/registry-options.js';
import { checkRegistryOptions } from './registry/registry-options.js';
import type { Pruned, Removed } from './removal.js';
import { prune, removeImage } from './removal.js';
import type { Scratch } from './scratch.js';
import { allScratches, checkScratch, createScratch, openScratch } from './scratch.js';
import { explained } from './store/file-failure.js';
import type { ImageRecord } from './store/image-records.js';
import { Layout } from './store/layout.js';
import type { Store } from './store/store.js';
import { storeOf } from './store/store.js';
import { tagImage } from './tag-image.js';

/**
 * Images, their layers and scratches in a folder, which several programs may use at once.
 *
 * @example
 * await using images = await ImageStore.open('C:\\ProgramData\\hostcompute\\images');
 * const image = await images.pull('mcr.microsoft.com/windows/nanoserver:ltsc2022');
 * await using scratch = await images.createScratch(image, 'web');
 * await using mounted = await scratch.mount();
 */
export class ImageStore implements AsyncDisposable {
  /** The layers of the images, and scratches on them. */
  readonly layers: LayerStore;
  readonly #store: Store;
  readonly #host: Host;
  readonly #registry: RegistryOptions;
  readonly #keepBlobs: boolean;
  readonly #work: LayerWork;
  readonly #closed = new AbortController();
  readonly #running = new Set<Promise<unknown>>();

  private constructor(store: Store, host: Host, { registry = {}, keepBlobs = true }: ImageStoreOptions) {
    this.layers = store.layers;
    this.#store = store;
    this.#host = host;
    this.#registry = registry;
    this.#keepBlobs = keepBlobs;
    this.#work = new LayerWork(store);
  }

  /**
   * @param folder - absolute; made where it is not there, on Windows on a volume with NTFS
   * @throws ImageError `ERR_HC_IMAGE_STORE`: the folder is of another version, or somebody else's
   */
  static async open(folder: string, options: ImageStoreOptions = {}): Promise<ImageStore> {
    if (typeof folder !== 'string' || !isAbsolute(folder)) {
      throw new HcsArgumentError('folder', 'must be an absolute path', folder);
    }
    checkFields(options, { registry: 'object', keepBlobs: 'flag' });
    checkRegistryOptions(options.registry ?? {});
    const { host = await defaultHost() } = options;
    const layout = await Layout.open(folder).catch((error: unknown) => {
      throw explained(error, folder);
    });
    const layers = await LayerStore.open(layout.layers, { host });
    return new ImageStore(storeOf(layout, layers), host, options);
  }

  get folder(): string {
    return this.#store.layout.folder;
  }

  /** All images, by their names. */
  list(): Promise<Image[]> {
    return this.#read(allImages(this.#store));
  }

  /**
   * @param image - a name, an id or digest, or the beginning of an id
   * @throws ImageError `ERR_HC_IMAGE_NOT_FOUND`
   */
  get(image: string): Promise<Image> {
    return this.#read(getImage(this.#store, image));
  }

  /**
   * Takes an image from its registry: of an index the one for this host. Layers that are there already are not downloaded.
   * Pulls of the same layers share the work, also those of several programs. What has been downloaded stays when a pull fails or is
   * cancelled: the next one goes on.
   *
   * @throws ImageError `ERR_HC_IMAGE_PLATFORM`: it is not for this host; nothing was downloaded
   */
  async pull(reference: string, options: PullOptions = {}): Promise<Image> {
    const parsed = parseReference(reference);
    checkLoadOptions(options);
    return this.#run('ImageStore.pull', options, async (limits) => {
      const source = openRegistry(parsed, this.#registry);
      return loadImage(this.#store, await this.#take(source, parsed.name, [parsed.name], options, limits));
    });
  }

  /**
   * Takes the images of an archive: of `docker save`, or in the layout of OCI, as a tar or a folder.
   *
   * @param source - the path of a file or folder, or a stream of a tar
   * @throws ImageError `ERR_HC_IMAGE_ARCHIVE`: it is another kind of file; the message says which
   */
  async load(source: string | Readable, options: LoadArchiveOptions = {}): Promise<Image[]> {
    try {
      checkLoadOptions(options);
      const { reference } = options;
      const name = reference === undefined ? undefined : parseReference(reference).name;
      return await this.#run('ImageStore.load', options, (limits) =>
        loadArchive(this.#store, source, name, limits, (archived, names, shown, stop) =>
          this.#take(archived, shown, names, options, stop),
        ),
      );
    } catch (error) {
      if (source instanceof Readable) source.destroy();
      throw error;
    }
  }

  /**
   * Images as a tar, the same bytes each time. An image that is named by its id has all of its names in it. What goes wrong destroys
   * the stream with the error.
   */
  save(images: readonly string[], options: SaveOptions = {}): Readable {
    const { format = 'oci' } = options;
    const tar = new PassThrough();
    const saved = this.#run('ImageStore.save', options, (limits) => saveTar(this.#store, images, format, tar, limits));
    saved.catch((error: unknown) => tar.destroy(error as Error));
    return tar;
  }

  /**
   * Images as a folder in the layout of OCI, which is there as a whole or not at all.
   *
   * @param folder - empty, or not there
   */
  async saveLayout(images: readonly string[], folder: string, options: LimitOptions = {}): Promise<void> {
    return this.#run('ImageStore.saveLayout', options, (limits) => saveLayout(this.#store, images, folder, limits));
  }

  /** Gives an image one more name, which another image may have had. */
  async tag(image: string, reference: string): Promise<Image> {
    return this.#run('ImageStore.tag', {}, ({ signal }) => tagImage(this.#store, image, reference, signal));
  }

  /**
   * Takes a name from an image, and removes the image with its last name; or removes an image by its id. Its layers and blobs go
   * unless something else needs them.
   *
   * @param options - `force`: also an image with several names, or with scratches on it, which keep their layers
   * @throws ImageError `ERR_HC_IMAGE_IN_USE`: it names who uses it
   */
  async remove(image: string, options: LimitOptions & { readonly force?: boolean | undefined } = {}): Promise<Removed> {
    checkFields(options, { force: 'flag' });
    const { force = false } = options;
    return this.#run('ImageStore.remove', options, ({ signal }) => removeImage(this.#store, image, force, signal));
  }

  /** Removes images without a name, layers and blobs that nothing needs, and what ended programs have left unfinished. */
  async prune(options: LimitOptions & { readonly dryRun?: boolean | undefined } = {}): Promise<Pruned> {
    checkFields(options, { dryRun: 'flag' });
    const { dryRun = false } = options;
    return this.#run('ImageStore.prune', options, ({ signal }) => prune(this.#store, dryRun, signal));
  }

  /** Makes a writable layer on an image. It stays until it is destroyed, and so do the layers of the image. */
  async createScratch(image: Image | string, id: string, options: LimitOptions = {}): Promise<Scratch> {
    checkImage(image);
    return this.#run('ImageStore.createScratch', options, async ({ signal }) => {
      const found = typeof image === 'string' ? await this.get(image) : image;
      return createScratch(this.#store, found, id, signal);
    });
  }

  /** A scratch that is there, whoever made it. */
  openScratch(id: string): Promise<Scratch> {
    return this.#read(openScratch(this.#store, id));
  }

  scratches(): Promise<Scratch[]> {
    return this.#read(allScratches(this.#store));
  }

  /** Makes an image of a scratch: what was written to it is one more layer. It must not be mounted. */
  async commit(scratch: Scratch, options: CommitOptions = {}): Promise<Image> {
    checkScratch(scratch);
    checkFields(options, { changes: 'object', author: 'text', comment: 'text', onProgress: 'function' });
    const { reference } = options;
    const references = reference === undefined ? [] : [parseReference(reference).name];
    return this.#run('ImageStore.commit', options, (limits) =>
      commitScratch(this.#store, scratch, options, limits, async (source) => {
        const like = { ...options, platform: scratch.image.platform };
        return loadImage(this.#store, await this.#take(source, reference ?? scratch.id, references, like, limits));
      }),
    );
  }

  /** Ends what runs, which rejects, and waits for its end. Scratches and images stay. */
  async close(): Promise<void> {
    this.#closed.abort(closedError());
    while (this.#running.size > 0) await Promise.allSettled([...this.#running]);
    await this.#work.idle();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #take(
    source: ImageSource,
    name: string,
    references: readonly string[],
    options: LoadOptions,
    { signal }: Limits,
  ): Promise<ImageRecord> {
    const { onProgress, concurrency = 3 } = options;
    const failed = new AbortController();
    const progress = new Progress(onProgress, (error) => failed.abort(error));
    const taken = {
      source,
      name,
      references,
      wanted: this.#wanted(options),
      keepBlobs: this.#keepBlobs,
      concurrency,
      progress,
    };
    const limits = { signal: heardByMany(AbortSignal.any([signal, failed.signal])) };
    return takeImage(this.#store, this.#work, taken, limits);
  }

  /** A simulated host runs what any version of Windows does. */
  #wanted({ platform, isolation = 'process' }: LoadOptions): WantedPlatform {
    const { osVersion, ...rest } = hostPlatform();
    const isWindows = this.#host.kind === 'windows' && osVersion !== undefined;
    return { platform: { ...rest, ...(isWindows && { osVersion }), ...platform }, isolation };
  }

  async #read<T>(reading: Promise<T>): Promise<T> {
    try {
      return await reading;
    } catch (error) {
      throw explained(error, this.folder);
    }
  }

  async #run<T>(operation: string, options: LimitOptions, work: (limits: Limits) => Promise<T>): Promise<T> {
    this.#closed.signal.throwIfAborted();
    const running = withLimits(operation, options, work, this.#closed.signal);
    this.#running.add(running);
    try {
      return await running;
    } catch (error) {
      throw explained(error, this.folder);
    } finally {
      this.#running.delete(running);
    }
  }
}

function closedError(): ImageError {
  return new ImageError('the image store is closed', {
    code: 'ERR_HC_IMAGE_STORE',
    remedy: 'Open it again by ImageStore.open().',
  });
}
