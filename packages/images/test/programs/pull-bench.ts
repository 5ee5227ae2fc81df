// A pull against skopeo and tar, in turn, from a registry of its own: node pull-bench.js FOLDER ROUNDS LAYER.tar...
// Beside each tar there is the same through gzip. It prints JSON: for each round what timed-pull.js says of the pull, with the
// milliseconds of its whole process, and the milliseconds of the others.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { content, digestOf } from '../support/made-image.js';
import type { Content } from '../support/made-image.js';
import { pushImage } from '../support/push.js';
import { startRegistry } from '../support/registry-program.js';

export interface PullRound {
  readonly own: { readonly whole: number; readonly ms: number; readonly busy: number; readonly peak: number };
  readonly others: number;
}

const [folder, roundsText, ...tars] = process.argv.slice(2) as [string, string, ...string[]];
const pull = fileURLToPath(new URL('timed-pull.js', import.meta.url));
// As a script would do it: the layers in their order, each in a folder of its own.
const script = `skopeo copy --quiet --insecure-policy --override-os windows --src-tls-verify=false "docker://$1" "dir:$2/image"
place=$2; shift 2
for layer; do
  mkdir -p "$place/files/$layer"
  tar -x --warning=no-unknown-keyword -C "$place/files/$layer" -z -f "$place/image/$layer"
done`;

const windows = { os: 'windows', architecture: 'amd64', 'os.version': '10.0.20348.2966' };
const layers = tars.map((tar) => content('application/vnd.oci.image.layer.v1.tar+gzip', readFileSync(`${tar}.gz`)));
const diffIds = tars.map((tar) => digestOf(readFileSync(tar)));
const json = (type: string, value: unknown): Content =>
  content(`application/vnd.oci.image.${type}.v1+json`, Buffer.from(JSON.stringify(value)));
const configuration = json('config', { ...windows, config: {}, rootfs: { type: 'layers', diff_ids: diffIds } });
const manifest = json('manifest', {
  schemaVersion: 2,
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  config: configuration.descriptor,
  layers: layers.map(({ descriptor }) => descriptor),
});

await using registry = await startRegistry();
await pushImage({ manifest, configuration, layers }, '1', { host: registry.host, repository: 'bench' });
const reference = `${registry.host}/bench:1`;
const blobs = layers.map(({ descriptor }) => descriptor.digest.slice('sha256:'.length));

function timed<T>(work: () => T): [result: T, ms: number] {
  const started = performance.now();
  const result = work();
  return [result, performance.now() - started];
}

const filesBelow = (place: string): number =>
  readdirSync(place, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.dll')).length;

const rounds: PullRound[] = [];
for (let round = 0; round < Number(roundsText); round += 1) {
  const place = (name: string): string => {
    execFileSync('sync');
    return mkdtempSync(join(folder, name));
  };
  const own = place('own-');
  const [said, whole] = timed(() => execFileSync(process.execPath, [pull, own, reference], { encoding: 'utf8' }));
  const other = place('other-');
  const [, others] = timed(() => execFileSync('bash', ['-e', '-c', script, 'bash', reference, other, ...blobs]));
  const [found, expected] = [filesBelow(join(own, 'layers')), filesBelow(join(other, 'files'))];
  if (found !== expected) throw new Error(`there are ${found} files, and with tar ${expected}`);
  rounds.push({ own: { ...(JSON.parse(said) as Omit<PullRound['own'], 'whole'>), whole }, others });
}
process.stdout.write(`${JSON.stringify(rounds)}\n`);
