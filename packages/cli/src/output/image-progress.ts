/**
 * How far images are on their way.
 *
 * @module
 */
import type { ImageProgress } from 'hostcompute-images';

import type { Progress } from './progress.js';

/** What an `onProgress` of images shows: a step for each layer, which is downloaded and unpacked at once. */
export function showImageProgress(progress: Progress): (news: ImageProgress) => void {
  const layers = new Map<string, Partial<Record<ImageProgress['phase'], ImageProgress>>>();
  return (news) => {
    const key = news.layer ?? '';
    const known = { ...layers.get(key), [news.phase]: news };
    layers.set(key, known);
    const { resolve, download, unpack } = known;
    const isHere = download === undefined || download.state === 'done' || download.state === 'exists';
    const shown = (isHere ? unpack : download) ?? download ?? resolve;
    if (shown === undefined) return;
    const { phase, state, bytes, totalBytes } = shown;
    progress.update(key, { label: key === '' ? 'image' : shortDigest(key), phase, state, bytes, totalBytes });
  };
}

/** As people are used to it: 12 digits. */
export function shortDigest(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, 12);
}
