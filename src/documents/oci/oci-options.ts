/**
 * What a conversion needs beside the configuration.
 *
 * @module
 */
import type { SystemDocument } from '../../../types/documents.js';
import type * as Schema2 from '../../../types/schema2/index.js';
import { HcsArgumentError } from '../../errors/errors.js';
import type { Members } from '../builders/option-checks.js';
import { list, members, oneOf, plain, text, whole } from '../builders/option-checks.js';
import { layersCheck } from '../builders/container-options.js';
import { guid, systemId } from '../builders/names-and-paths.js';
import type { NotExpressed } from './config.js';
import type { ResolvePath } from './mounts.js';

/** A read-only layer, in the spelling of HCS. */
export interface ParentLayer {
  readonly Id: string;
  /** Where what runs the container has it: a folder of the host, or for a container in a VM one of the VM. */
  readonly Path: string;
}

/** What {@link fromOciSpec} needs beside the configuration. */
export interface OciOptions {
  /** The id that the container is to be created with. */
  readonly id: string;
  /** `hostcompute` when left out. */
  readonly owner?: string;
  readonly schema: 1 | 2;
  /** Read-only layers, the topmost first. For Linux they are in no document: the VM combines them. */
  readonly parentLayers: readonly ParentLayer[];
  /** Processors of the host, or of the VM: no more are asked for. */
  readonly processorCount?: number;
  /** Schema 2: the utility VM; by default that of the pod, or `ID@vm`. */
  readonly hostingSystemId?: string;
  /**
   * Says where a mount is: on the host without symbolic links, or in the VM. By default a path of the host is taken as it is,
   * and a folder for Linux is `/run/gcs/c/ID/mounts/mN`, N being its place among the mounts.
   */
  readonly resolvePath?: ResolvePath;
  /** Schema 2: what the service made of `windows.credentialSpec`. */
  readonly credentialGuard?: Schema2.ContainerCredentialGuardState;
  /** Schema 2: what the files hold that an annotation names. */
  readonly deviceExtensions?: readonly Schema2.DeviceExtension[];
  /** Where the writable layer is mounted. Linux: in the VM. Windows: for a configuration whose `root.path` is empty. */
  readonly scratchPath?: string;
}

/** A document, and what of the configuration it does not say. */
export interface OciConversion<Document = SystemDocument> {
  readonly document: Document;
  readonly notExpressed: readonly NotExpressed[];
}

const checks: Members<OciOptions> = {
  id: systemId,
  owner: text,
  schema: oneOf(1, 2),
  parentLayers: layersCheck(members<ParentLayer>({ Id: guid, Path: text }, 'Id', 'Path')),
  processorCount: whole(1, 2 ** 32 - 1),
  hostingSystemId: systemId,
  resolvePath: (value, field) => {
    if (typeof value !== 'function') throw new HcsArgumentError(field, 'must be a function', value);
  },
  credentialGuard: plain,
  deviceExtensions: list(plain),
  scratchPath: text,
};

export const ociCheck = members<OciOptions>(checks, 'id', 'schema', 'parentLayers');
