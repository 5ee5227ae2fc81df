/**
 * `images ls`, `inspect` and `tag`.
 *
 * @module
 */
import type { Action } from '../../command-line/declare.js';
import { openContext } from '../../host/context.js';
import { openImages } from '../../host/images.js';
import { byteSize } from '../../output/byte-size.js';
import { shortDigest } from '../../output/image-progress.js';
import { Output } from '../../output/output.js';
import { tableLines } from '../../output/table.js';
import { imageLine, platformText, printedImage } from './printed-image.js';

/** Lists images: a row for each name, an object for each image. */
export const listImages: Action<object> = async ({ globals }) => {
  await using context = await openContext(globals, { lasting: false });
  await using images = await openImages(context);
  const all = await images.list();
  const output = new Output(globals);
  if (output.isJson) {
    for (const image of all) output.json(printedImage(image));
    return;
  }
  const rows = all.flatMap((image) =>
    (image.references.length > 0 ? image.references : ['<none>']).map((name) => ({ name, image })),
  );
  const columns = {
    IMAGE: ({ name }: (typeof rows)[number]) => name,
    ID: ({ image }: (typeof rows)[number]) => shortDigest(image.id),
    PLATFORM: ({ image }: (typeof rows)[number]) => platformText(image.platform),
    SIZE: ({ image }: (typeof rows)[number]) => byteSize(image.size),
    CREATED: ({ image }: (typeof rows)[number]) => image.created?.toISOString().slice(0, 10) ?? '',
  };
  output.lines(tableLines(rows, columns, output.width));
};

/** Prints all that is known of some. */
export const inspectImages: Action<object> = async ({ words, globals }) => {
  await using context = await openContext(globals, { lasting: false });
  await using images = await openImages(context);
  const output = new Output(globals);
  for (const word of words) {
    const image = await images.get(word);
    const printed = { ...printedImage(image), kind: 'image-details', configuration: image.configuration };
    output.one(printed, [JSON.stringify(printed, null, 2)]);
  }
};

/** Gives an image one more name. */
export const tagImage: Action<object> = async ({ words: [image = '', name = ''], globals }) => {
  await using context = await openContext(globals, { lasting: false });
  await using images = await openImages(context);
  const tagged = await images.tag(image, name);
  new Output(globals).one(printedImage(tagged), [imageLine(tagged)]);
};
