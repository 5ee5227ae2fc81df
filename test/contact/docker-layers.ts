// The layers of an image that Docker has on this machine: those of the shortest chain.
import { readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** For HOSTCOMPUTE_TEST_LAYERS: the topmost first, the base last; empty where Docker has none, or they cannot be read. */
export function layersOfDocker(
  store = join(process.env.ProgramData ?? 'C:\\ProgramData', 'docker', 'windowsfilter'),
): string {
  const chains: string[][] = [];
  for (const name of foldersIn(store)) {
    const layer = join(store, name);
    // A base has its files, and no chain of parents.
    const inside = foldersIn(layer);
    if (!inside.includes('Files')) continue;
    chains.push([layer, ...parentsOf(layer)]);
  }
  const [shortest = []] = chains.sort((a, b) => a.length - b.length);
  return shortest.join(delimiter);
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function parentsOf(layer: string): string[] {
  try {
    return (JSON.parse(readFileSync(join(layer, 'layerchain.json'), 'utf8')) as string[] | null) ?? [];
  } catch {
    return [];
  }
}
