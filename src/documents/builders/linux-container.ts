/**
 * A Linux container inside a utility VM that runs.
 *
 * @module
 */
import type { HostedDocument } from '../../../types/documents.js';
import type * as Schema1 from '../../../types/schema1/index.js';
import type * as Schema2 from '../../../types/schema2/index.js';
import { HcsArgumentError } from '../../errors/errors.js';
import { anyText, checkedOptions, flag, list, members, oneOf, plain, record, text, whole } from './option-checks.js';
import type { SystemOptions } from './envelope.js';
import { envelope, given, schema21, systemChecks, versionCheck } from './envelope.js';
import { linuxHostname, systemId } from './names-and-paths.js';
import type { LinuxContainerOptions1 } from './linux-container-of-schema1.js';
import { configOf } from './linux-container-of-schema1.js';

/** How much of the processors a Linux container may use. */
export interface LinuxCpu {
  /** The time of so many processors, which need not be whole. */
  readonly count?: number;
  /** Share beside other containers, 1024 being the default of Linux. */
  readonly weight?: number;
}

/** A folder of the VM that the container sees. */
export interface LinuxMountOptions {
  /** In the VM, where the host's folder was mounted before. */
  readonly source: string;
  readonly destination: string;
  readonly readOnly?: boolean;
}

/** Options of {@link linuxContainer} in schema 2. */
export interface LinuxContainerOptions extends SystemOptions {
  readonly schema?: 2;
  readonly id: string;
  /** The id of the utility VM, which runs. */
  readonly hostingSystemId: string;
  /** Where the VM has the writable layer; `/run/mounts/scsi/m0/scratch/ID` when left out. */
  readonly scratchPath?: string;
  /** Where the VM has the combined layers; `rootfs` of the container's folder when left out. */
  readonly rootPath?: string;
  /** The program and its arguments. */
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly workingDirectory?: string;
  readonly terminal?: boolean;
  readonly hostname?: string;
  /** A limit in MiB. */
  readonly memoryMiB?: number;
  readonly cpu?: LinuxCpu;
  readonly mounts?: readonly LinuxMountOptions[];
  /** The id of the network namespace. */
  readonly networkNamespace?: string;
  /** The rest of an OCI specification, for what is no option here. Options are written over it. */
  readonly spec?: object;
  /** The schema of the guest, one of those it supports; 2.1 when left out. */
  readonly guestSchemaVersion?: Schema2.Version;
}

const cpuCheck = members<LinuxCpu>({
  count: (value, field) => {
    if (typeof value === 'number' && value >= 0.01 && value < 2 ** 31) return;
    throw new HcsArgumentError(field, 'must be a number of processors, at least 0.01', value);
  },
  weight: whole(2, 262144),
});

const check = members<LinuxContainerOptions>(
  {
    ...systemChecks,
    schema: oneOf(1, 2),
    id: systemId,
    hostingSystemId: systemId,
    scratchPath: text,
    rootPath: text,
    args: list(anyText),
    environment: record(anyText),
    workingDirectory: text,
    terminal: flag,
    hostname: linuxHostname,
    memoryMiB: whole(1, 2 ** 32),
    cpu: cpuCheck,
    mounts: list(
      members<LinuxMountOptions>({ source: text, destination: text, readOnly: flag }, 'source', 'destination'),
    ),
    networkNamespace: text,
    spec: plain,
    guestSchemaVersion: versionCheck,
  },
  ...(['id', 'hostingSystemId'] as const),
);

/**
 * The document of a Linux container. In schema 2 its storage is plugged into the utility VM before; every path is one of the
 * VM. In schema 1 the one document makes the VM too.
 *
 * @example
 * const document = documents.linuxContainer({
 *   id: 'web',
 *   hostingSystemId: 'pod2@vm',
 *   args: ['/bin/server', '--port', '80'],
 *   environment: { PATH: '/bin' },
 *   memoryMiB: 256,
 * });
 *
 * @throws HcsArgumentError for an option that is unknown, missing or of the wrong form
 */
export function linuxContainer(options: LinuxContainerOptions1): Schema1.ContainerConfig;
export function linuxContainer(options: LinuxContainerOptions): HostedDocument;
export function linuxContainer(
  options: LinuxContainerOptions | LinuxContainerOptions1,
): HostedDocument | Schema1.ContainerConfig {
  const schema = (options as { readonly schema?: unknown } | undefined)?.schema;
  return schema === 1 ? configOf(options as LinuxContainerOptions1) : hostedOf(options as LinuxContainerOptions);
}

/** The folder of a container in its VM. */
export function guestFolder(id: string): string {
  return `/run/gcs/c/${id}`;
}

function hostedOf(options: LinuxContainerOptions): HostedDocument {
  options = checkedOptions(options, check);
  const { id, scratchPath = `/run/mounts/scsi/m0/scratch/${id}` } = options;
  return {
    ...envelope(options),
    HostingSystemId: options.hostingSystemId,
    HostedSystem: {
      SchemaVersion: options.guestSchemaVersion ?? schema21,
      OciBundlePath: guestFolder(id),
      OciSpecification: specificationOf(options),
      ScratchDirPath: scratchPath,
    },
  };
}

interface Specification {
  readonly process?: object;
  readonly linux?: { readonly resources?: { readonly memory?: object; readonly cpu?: object } };
  readonly mounts?: readonly object[];
  readonly root?: object;
  readonly windows?: { readonly network?: object };
}

function specificationOf(options: LinuxContainerOptions): object {
  const spec = (options.spec ?? {}) as Specification;
  const { hostname, environment, mounts = [], networkNamespace } = options;
  const all = [...(spec.mounts ?? []), ...mounts.map(mountOf)];
  const network = { ...spec.windows?.network, networkNamespace };
  return {
    ociVersion: '1.0.2',
    ...spec,
    process: {
      ...spec.process,
      ...given('args', options.args),
      ...given('env', environment && Object.entries(environment).map(([name, value]) => `${name}=${value}`)),
      ...given('cwd', options.workingDirectory),
      ...given('terminal', options.terminal),
    },
    root: { ...spec.root, path: options.rootPath ?? `${guestFolder(options.id)}/rootfs` },
    linux: { ...spec.linux, ...given('resources', resourcesOf(options, spec.linux?.resources)) },
    ...given('hostname', hostname),
    ...given('mounts', all.length > 0 ? all : undefined),
    ...given('windows', networkNamespace === undefined ? undefined : { ...spec.windows, network }),
  };
}

const period = 100_000; // microseconds, over which a share of the processors counts

function resourcesOf({ memoryMiB, cpu }: LinuxContainerOptions, own: NonNullable<Specification['linux']>['resources']) {
  if (memoryMiB === undefined && cpu === undefined) return undefined;
  const time = cpu?.count === undefined ? {} : { quota: Math.round(cpu.count * period), period };
  return {
    ...own,
    ...given('memory', memoryMiB === undefined ? undefined : { ...own?.memory, limit: memoryMiB * 2 ** 20 }),
    ...given('cpu', cpu && { ...own?.cpu, ...time, ...given('shares', cpu.weight) }),
  };
}

function mountOf({ source, destination, readOnly = false }: LinuxMountOptions): object {
  return { source, destination, type: 'bind', options: ['rbind', readOnly ? 'ro' : 'rw'] };
}
