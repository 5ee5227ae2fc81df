/**
 * Annotations that hcsshim honours in containers. Those of virtual machines are in virtual-machine-annotations.ts.
 *
 * @module
 */
import type { DumpOptions, StorageQoSOptions } from '../builders/container-options.js';
import { given } from '../builders/envelope.js';
import type { Config } from './config.js';

const container = 'io.microsoft.container.';

export const names = {
  memory: `${container}memory.sizeinmb`,
  processorCount: `${container}processor.count`,
  processorLimit: `${container}processor.limit`,
  processorWeight: `${container}processor.weight`,
  iops: `${container}storage.qos.iopsmaximum`,
  bandwidth: `${container}storage.qos.bandwidthmaximum`,
  dumpFolder: `${container}processdumplocation`,
  dumpType: 'io.microsoft.wcow.processdumptype',
  dumpCount: 'io.microsoft.wcow.processdumpcount',
  deviceExtensions: `${container}wcow.deviceextensions`,
  registry: `${container}wcow.test-registry-annotation`,
  disableGmsa: `${container}wcow.gmsa.disable`,
  hostProcess: 'microsoft.com/hostprocess-container',
  disableHostProcess: 'microsoft.com/disable-hostprocess-container',
  hostProcessRoot: 'microsoft.com/hostprocess-rootfs-location',
  disableUnsafe: 'io.microsoft.disable-unsafe-operations',
  containerType: 'io.kubernetes.cri.container-type',
  sandboxId: 'io.kubernetes.cri.sandbox-id',
  privileged: 'io.microsoft.virtualmachine.lcow.privileged',
} as const;

/** The numbers of a container, or with other annotations those of a virtual machine: an annotation goes first. */
export function limitsOf(config: Config, annotations: Readonly<Record<LimitName, string>> = names) {
  const either = (annotation: string, ...steps: readonly string[]): number | bigint | undefined => {
    const annotated = config.annotatedCount(annotation);
    return annotated ?? config.count('windows', 'resources', ...steps);
  };
  const cpu = {
    count: either(annotations.processorCount, 'cpu', 'count'),
    limit: either(annotations.processorLimit, 'cpu', 'maximum'),
    weight: either(annotations.processorWeight, 'cpu', 'shares'),
  };
  const storage = {
    ...given('iopsMaximum', either(annotations.iops, 'storage', 'iops')),
    ...given('bandwidthMaximum', either(annotations.bandwidth, 'storage', 'bps')),
  };
  return { memoryMiB: memoryOf(config, annotations.memory), cpu, storageQoS: presentOf(storage) };
}

type LimitName = 'memory' | 'processorCount' | 'processorLimit' | 'processorWeight' | 'iops' | 'bandwidth';

function presentOf(storage: StorageQoSOptions): StorageQoSOptions | undefined {
  return Object.keys(storage).length > 0 ? storage : undefined;
}

const mebibyte = 2n ** 20n;

function memoryOf(config: Config, annotation: string): number | bigint | undefined {
  const annotated = config.annotatedCount(annotation);
  const steps = ['windows', 'resources', 'memory', 'limit'];
  const bytes = config.count(...steps);
  if (annotated !== undefined || bytes === undefined) return annotated;
  const whole = BigInt(bytes) / mebibyte;
  if (whole === 0n) throw config.error(steps, 'must be at least 1048576 bytes', bytes);
  return Number(whole);
}

/** A number that fits a double, as all but sizes do. */
export function numberOf(value: number | bigint | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}

/** No more processors than there are, as hcsshim lowers them too. */
export function loweredCount(
  config: Config,
  count: number | bigint | undefined,
  processors: number | undefined,
  annotation: string = names.processorCount,
): number | undefined {
  if (count === undefined || processors === undefined || count <= processors) return numberOf(count);
  const steps = config.has('annotations', annotation)
    ? ['annotations', annotation]
    : ['windows', 'resources', 'cpu', 'count'];
  config.note(`is lowered from ${count} to the ${processors} processors there are`, ...steps);
  return processors;
}

export function dumpsOf(config: Config, id: string): DumpOptions | undefined {
  const folder = config.annotation(names.dumpFolder);
  if (folder === undefined) return undefined;
  const type = config.annotation(names.dumpType) ?? 'full';
  if (type !== 'mini' && type !== 'full') {
    throw config.error(['annotations', names.dumpType], 'must be "mini" or "full"', type);
  }
  const count = config.annotatedCount(names.dumpCount);
  return { folder: folder.replace(/\{container_id\}$/i, id), type, ...given('count', numberOf(count)) };
}

/** One annotation stands for several that make a container safer. */
export function isDisabled(config: Config, name: string): boolean {
  const unsafe = config.annotatedFlag(names.disableUnsafe);
  return config.annotatedFlag(name) ?? unsafe ?? false;
}

/** The pod that a container of Kubernetes belongs to. */
export function sandboxOf(config: Config): string | undefined {
  const type = config.annotation(names.containerType);
  const sandbox = config.annotation(names.sandboxId);
  if (type !== undefined && type !== 'container' && type !== 'sandbox') {
    throw config.error(['annotations', names.containerType], 'must be "container" or "sandbox"', type);
  }
  if ((type === undefined) === (sandbox === undefined)) return sandbox;
  const [missing, other] =
    type === undefined ? [names.containerType, names.sandboxId] : [names.sandboxId, names.containerType];
  throw config.error(
    ['annotations', missing],
    `must be set together with ${other}`,
    undefined,
    'Write both, or neither.',
  );
}
