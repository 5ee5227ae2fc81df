// Tars as `docker save` has written them.
import type { BuiltImage, Entry } from './built-image.js';
import { hexOf, tarOf } from './built-image.js';

export interface SavedImage {
  readonly image: BuiltImage;
  readonly names: readonly string[] | null;
}

/** Until version 24: a folder for each layer; one that is there already is a link to it. */
export function oldSave(saved: readonly SavedImage[], link: 'symlink' | 'link' = 'symlink'): Promise<Buffer> {
  const entries: Entry[] = [];
  const known = new Map<string, string>();
  const manifest = saved.map(({ image, names }, i) => {
    const configuration = `${image.configuration.digest.slice('sha256:'.length)}.json`;
    if (!entries.some(([name]) => name === configuration)) {
      entries.push([configuration, image.blobs.get(image.configuration.digest)!]);
    }
    const layers = image.tars.map((tar, j) => {
      const folder = hexOf(Buffer.from(`${String(i)} ${String(j)}`));
      const first = known.get(hexOf(tar));
      entries.push([`${folder}/`, null], [`${folder}/VERSION`, '1.0'], [`${folder}/json`, '{}']);
      const target = link === 'symlink' ? `../${first ?? ''}/layer.tar` : `${first ?? ''}/layer.tar`;
      if (first === undefined) entries.push([`${folder}/layer.tar`, tar]);
      else entries.push([`${folder}/layer.tar`, '', { type: link, linkname: target }]);
      if (first === undefined) known.set(hexOf(tar), folder);
      return `${folder}/layer.tar`;
    });
    return { Config: configuration, RepoTags: names, Layers: layers };
  });
  return tarOf([...entries, ['manifest.json', JSON.stringify(manifest)], ['repositories', '{}']]);
}

/** With blobs by digest, of the tars as they are unless `compress` is given; without an index. */
export function blobSave(
  { image, names }: SavedImage,
  compress: (tar: Buffer) => Buffer = (tar) => tar,
): Promise<Buffer> {
  const path = (bytes: Buffer): string => `blobs/sha256/${hexOf(bytes)}`;
  const configuration = image.blobs.get(image.configuration.digest)!;
  const layers = image.tars.map(compress);
  const manifest = [{ Config: path(configuration), RepoTags: names, Layers: layers.map(path) }];
  const blobs = new Map([configuration, ...layers].map((bytes) => [path(bytes), bytes]));
  return tarOf([...blobs, ['manifest.json', JSON.stringify(manifest)]]);
}
