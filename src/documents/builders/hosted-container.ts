/**
 * A Windows container inside a utility VM that runs.
 *
 * @module
 */
import type { HostedDocument } from '../../../types/documents.js';
import type * as Schema2 from '../../../types/schema2/index.js';
import type { Check } from './option-checks.js';
import { checkedOptions, exactlyOne, flag, list, members, text, without } from './option-checks.js';
import { containerOf } from './container-of-schema2.js';
import type { ContainerOptions, LayerOptions, MountOptions, PipeOptions } from './container-options.js';
import { containerChecks, layersCheck, mountChecks } from './container-options.js';
import type { SystemOptions } from './envelope.js';
import { envelope, given, schema21, systemChecks, versionCheck } from './envelope.js';
import { bareName, guid, pipeName, pipePath, sharedPipe, sharePath, systemId } from './names-and-paths.js';

/** A place in the VM: a path there, or the name of a share of the VM. */
export type GuestPlace<Path extends string> =
  | (Readonly<Record<Path, string>> & { readonly share?: never })
  | ({ readonly share: string } & Readonly<Partial<Record<Path, never>>>);

/** A read-only layer, at a path of the VM or on a share of it. */
export type HostedLayerOptions = Omit<LayerOptions, 'path'> & GuestPlace<'path'>;

/** A folder that the container sees, at a path of the VM or on a share of it. */
export type HostedMountOptions = Omit<MountOptions, 'hostPath' | 'iopsMaximum' | 'bandwidthMaximum'> &
  GuestPlace<'hostPath'>;

/** A named pipe that the container sees. */
export interface HostedPipeOptions extends PipeOptions {
  /** The pipe is one of the VM, not one of the host that the VM was given. */
  readonly inVm?: boolean;
}

/** Options of {@link hostedContainer}. */
export interface HostedContainerOptions extends Omit<ContainerOptions, 'mounts' | 'pipes'>, SystemOptions {
  /** The id of the utility VM, which runs. */
  readonly hostingSystemId: string;
  /** Read-only layers, the topmost first. */
  readonly layers: readonly HostedLayerOptions[];
  /** The folder of the VM that is the root of the container, such as `c:\mounts\scsi\m0`. */
  readonly scratchPath: string;
  readonly mounts?: readonly HostedMountOptions[];
  readonly pipes?: readonly HostedPipeOptions[];
  /** The schema of the guest, one of those it supports; 2.1 when left out. */
  readonly guestSchemaVersion?: Schema2.Version;
  /** Runs as a HostProcess container, with its root at this path, or at `C:\hpc` for `true`. */
  readonly hostProcess?: boolean | string;
}

/** The members of either kind of place, of which there has to be exactly one. */
function placed(path: 'path' | 'hostPath', check: Check): Check {
  return (value, field) => {
    check(value, field);
    exactlyOne(value, field, path, 'share');
  };
}

const layerCheck = placed('path', members({ id: guid, path: text, share: text }, 'id'));

const mountMembers = without(mountChecks, 'iopsMaximum', 'bandwidthMaximum');
const mountCheck = placed('hostPath', members({ ...mountMembers, share: text }, 'containerPath'));

const check = members<HostedContainerOptions>(
  {
    ...containerChecks,
    ...systemChecks,
    hostingSystemId: systemId,
    layers: layersCheck(layerCheck),
    scratchPath: text,
    mounts: list(mountCheck),
    pipes: list(
      members<HostedPipeOptions>({ hostPath: pipePath, containerPipeName: pipeName, inVm: flag }, 'hostPath'),
    ),
    guestSchemaVersion: versionCheck,
    hostProcess: (value, field) => (typeof value === 'string' ? text : flag)(value, field),
  },
  ...(['id', 'hostingSystemId', 'layers', 'scratchPath'] as const),
);

/**
 * The document of a Windows container in a utility VM. Every path is one that the VM sees; its storage is plugged into the
 * VM before, see {@link hyperVIsolated}.
 *
 * @example
 * const document = documents.hostedContainer({
 *   id: 'web',
 *   hostingSystemId: 'pod1@vm',
 *   layers: [{ id: '6a1f6f0e-2c55-5e0c-9f3c-8f9d3b2a1c01', share: 's1' }],
 *   scratchPath: 'c:\\mounts\\scsi\\m0',
 * });
 *
 * @throws HcsArgumentError for an option that is unknown, missing or of the wrong form
 */
export function hostedContainer(options: HostedContainerOptions): HostedDocument {
  options = checkedOptions(options, check);
  const { layers, scratchPath, mounts = [], pipes = [], hostProcess = false } = options;
  const place = {
    scratch: scratchPath,
    layers: layers.map(({ id, path, share }) => ({ id, path: path ?? sharePath(share) })),
    privilegedRoot: typeof hostProcess === 'string' ? hostProcess : undefined,
  };
  const seen = {
    ...options,
    mounts: mounts.map(({ hostPath, share, ...rest }) => ({ ...rest, hostPath: hostPath ?? sharePath(share) })),
    pipes: pipes.map(({ hostPath, containerPipeName = bareName(hostPath), inVm }) => ({
      hostPath: inVm === true ? hostPath : sharedPipe(hostPath),
      containerPipeName,
    })),
  };
  return {
    ...envelope(options),
    HostingSystemId: options.hostingSystemId,
    HostedSystem: {
      SchemaVersion: options.guestSchemaVersion ?? schema21,
      Container: {
        ...containerOf(seen, place),
        ...given('IsolationType', hostProcess === false ? undefined : 'HostProcess'),
      },
    },
  };
}
