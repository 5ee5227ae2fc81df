/**
 * The documents and requests as whole: which members go together.
 *
 * @module
 */
import type { GuestResources, ResourcePath, ResourceSettings } from './requests.js';
import type * as Schema1 from './schema1/index.js';
import type * as Schema2 from './schema2/index.js';

type Envelope = Pick<Schema2.ComputeSystem, 'Owner' | 'SchemaVersion' | 'ShouldTerminateOnLastHandleClosed'>;

/** A process-isolated container of schema 2. */
export interface ContainerDocument extends Envelope {
  Container: Schema2.Container;
  VirtualMachine?: never;
  HostedSystem?: never;
  HostingSystemId?: never;
}

/** A virtual machine, of one's own or as the utility VM of containers. */
export interface VirtualMachineDocument extends Envelope {
  VirtualMachine: Schema2.VirtualMachine;
  Container?: never;
  HostedSystem?: never;
  HostingSystemId?: never;
}

/** A container inside a utility VM that runs: of Windows, or of Linux with an OCI specification. */
export interface HostedDocument extends Envelope {
  /** The id of the utility VM. */
  HostingSystemId: string;
  HostedSystem: Schema2.HostedSystem | Schema2.LinuxHostedSystem | Schema2.CWCOWHostedSystem;
  Container?: never;
  VirtualMachine?: never;
}

/** What a compute system is made from, in schema 2. */
export type SystemDocument2 = ContainerDocument | VirtualMachineDocument | HostedDocument;

/** What a compute system is made from. */
export type SystemDocument = SystemDocument2 | Schema1.ContainerConfig;

/** A request to the guest service, with the settings of its resource. */
export type GuestRequest = {
  [R in keyof GuestResources]: {
    ResourceType: R;
    RequestType?: Schema2.ModifyRequestType;
    Settings?: GuestResources[R];
  };
}[keyof GuestResources];

/** A change of schema 2 to a resource of the system, and to the guest with it. */
export interface ResourceRequest<P extends string = string> {
  /** What to change. A path that the compiler does not know has to be a `string`. */
  ResourcePath: P & (P extends ResourcePath ? unknown : string extends P ? unknown : ResourcePath);
  RequestType?: Schema2.ModifyRequestType;
  Settings?: ResourceSettings<P>;
  GuestRequest?: GuestRequest;
}

/** A change of schema 2 inside the guest alone. */
export interface GuestOnlyRequest {
  ResourcePath?: never;
  RequestType?: Schema2.ModifyRequestType;
  GuestRequest: GuestRequest;
}

/** A change to a compute system. */
export type ModifyRequest<P extends string = string> =
  ResourceRequest<P> | GuestOnlyRequest | Schema1.ResourceModificationRequestResponse;
