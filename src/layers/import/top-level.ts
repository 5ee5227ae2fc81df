// What is at the top of the archive of a layer; and what an archive is that has something else there.
import { folded } from '../formats/entry-name.js';
import { quoted } from '../../shortened.js';
import { rebuild, Refusal } from './refusal.js';

const topLevel = ['Files', 'Hives', 'UtilityVM'];

/** Whether something belongs into a layer of Windows: refuses what is known as something else. */
export function isOfLayer(path: string): boolean {
  const top = path.slice(0, path.includes('/') ? path.indexOf('/') : path.length);
  if (topLevel.includes(top)) return true;
  const meant = topLevel.find((name) => folded(name) === folded(top));
  if (meant !== undefined) throw new Refusal(`spells ${quoted(meant)} otherwise`, rebuild);
  for (const [names, reason, remedy] of others) {
    if (names.test(path)) throw new Refusal(reason, remedy);
  }
  return false;
}

/** @param entry - the first that does not belong into a layer */
export function noLayer(entry: string): Refusal {
  return new Refusal(
    'is not of a Windows layer, where everything is below Files/, Hives/ or UtilityVM/',
    'Import the tar of a layer of a Windows image.',
    entry,
  );
}

const digest = '[0-9a-f]{64}';

/** By the names of their first entries. */
const others: readonly (readonly [names: RegExp, reason: string, remedy: string])[] = [
  [
    /^(?:blobs(?:\/|$)|oci-layout$|index\.json$)/,
    'is of a whole image in the OCI layout, and not of a layer',
    'Import its layers one by one, the base first: they are the files blobs/sha256/<digest> that the manifest of the image lists ' +
      'in `layers`; index.json names the manifest, or manifest.json the layers themselves.',
  ],
  [
    new RegExp(`^(?:manifest\\.json$|repositories$|${digest}(?:\\.json)?$|[^/]+/(?:layer\\.tar|json|VERSION)$)`),
    'is of a whole image that docker save has written, and not of a layer',
    'Import its layers one by one, the base first: they are the files that manifest.json lists in `Layers`, such as <id>/layer.tar.',
  ],
  [
    /^(?:Windows|Program Files.*|ProgramData|Users|License\.txt)(?:\/|$)/,
    'is of the files of a container or of a system, and not of a layer, which has them below Files/',
    'Import the layers of its image, from docker save or a registry.',
  ],
  [
    /^(?:bin|boot|dev|etc|home|lib|lib64|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)(?:\/|$)/,
    'is not of a Windows layer, where everything is below Files/, Hives/ or UtilityVM/: this looks like a layer of a Linux image',
    'Pull the image for the platform windows/amd64, and import its layers.',
  ],
];
