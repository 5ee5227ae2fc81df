/**
 * The names of containers, which are the ids of their systems as well.
 *
 * @module
 */
import { randomBytes, randomInt } from 'node:crypto';

import { usageFailure } from '../failure.js';

const adjectives =
  'amber bold brisk calm clever cosy crisp eager early fair fleet fond gentle glad happy keen kind light lively lucky mellow merry mild neat nimble noble pale patient plain proud quick quiet ready rosy round sage sharp shiny silent silver smooth snug solid spry steady still sunny swift tidy warm wise'.split(
    ' ',
  );
const nouns =
  'acorn badger beech birch brook cedar clover comet coral crane creek daisy dune falcon fern finch fjord garnet glade harbor hazel heron ibex island ivy kestrel lagoon lark linden lynx maple marten meadow mesa moss oak opal otter pebble pine plover poppy quartz raven reef ridge robin sparrow spruce swan tern thistle willow wren'.split(
    ' ',
  );

/** Readable, and not given twice by chance: `calm-otter-3f2a9c`. */
export function randomName(): string {
  const word = (words: readonly string[]): string => words[randomInt(words.length)]!;
  return `${word(adjectives)}-${word(nouns)}-${randomBytes(3).toString('hex')}`;
}

/** Whether it can be the name of a folder everywhere, and of none but its own: `..` is another's. */
export function isName(name: string): boolean {
  const isReserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(name);
  return /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/.test(name) && !name.endsWith('.') && !isReserved;
}

/** Throws for what cannot be the name of a container. */
export function checkName(name: string): string {
  if (isName(name)) return name;
  throw usageFailure(
    `"${name}" cannot be the name of a container`,
    'It may have 63 letters, digits, "-", "_" and ".", the first of them a letter or a digit, and not be a device of Windows.',
  );
}

/** NetBIOS has no more. */
const longestHostname = 15;

/** The name that programs in the container get; undefined where no part of it can be one. */
export function hostnameOf(name: string): string | undefined {
  const hostname = name
    .replace(/[^A-Za-z0-9-]/g, '-')
    .slice(0, longestHostname)
    .replace(/-+$/, '');
  return hostname === '' ? undefined : hostname;
}
