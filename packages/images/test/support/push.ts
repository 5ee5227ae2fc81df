// Pushes to a registry by the protocol of OCI.
import type { Content, MadeImage, MadeIndex } from './made-image.js';

export interface PushOptions {
  readonly host: string;
  readonly repository: string;
  readonly authorization?: string;
}

export async function pushIndex({ index, images }: MadeIndex, tag: string, options: PushOptions): Promise<void> {
  for (const image of images) await pushImage(image, image.manifest.descriptor.digest, options);
  await pushManifest(index, tag, options);
}

/** @param name - a tag, or its digest */
export async function pushImage(image: MadeImage, name: string, options: PushOptions): Promise<void> {
  for (const blob of [image.configuration, ...image.layers]) await pushBlob(blob, options);
  await pushManifest(image.manifest, name, options);
}

async function pushBlob({ descriptor, bytes }: Content, options: PushOptions): Promise<void> {
  const begun = await send('POST', `/v2/${options.repository}/blobs/uploads/`, options);
  const url = new URL(begun.headers.get('location')!, `http://${options.host}`);
  url.searchParams.set('digest', descriptor.digest);
  await send('PUT', `${url.pathname}${url.search}`, options, bytes, 'application/octet-stream');
}

async function pushManifest({ descriptor, bytes }: Content, name: string, options: PushOptions): Promise<void> {
  await send('PUT', `/v2/${options.repository}/manifests/${name}`, options, bytes, descriptor.mediaType);
}

async function send(
  method: string,
  path: string,
  { host, authorization }: PushOptions,
  body?: Buffer,
  type?: string,
): Promise<Response> {
  const answer = await fetch(`http://${host}${path}`, {
    method,
    headers: {
      connection: 'close',
      ...(authorization === undefined ? {} : { authorization }),
      ...(type === undefined ? {} : { 'content-type': type }),
    },
    ...(body === undefined ? {} : { body: new Uint8Array(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return answer;
}
