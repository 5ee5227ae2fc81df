/**
 * Every function of a host, and the class by which a policy allows it. A function that is not here is refused.
 *
 * @module
 */
import type { CallClass } from './policy.js';

/**
 * The class of a function. `never`: the broker makes no such call for a client. `close`: a handle of the client's own, which needs
 * no leave. The letters are those of the threat model in docs/broker.md.
 */
export type FunctionClass = CallClass | 'never' | 'close';

/** By library and name. */
export const functionTable: Readonly<Record<string, FunctionClass>> = {
  'vmcompute.HcsEnumerateComputeSystems': 'list',
  'vmcompute.HcsCreateComputeSystem': 'create',
  'vmcompute.HcsOpenComputeSystem': 'look',
  'vmcompute.HcsCloseComputeSystem': 'close',
  'vmcompute.HcsStartComputeSystem': 'state',
  'vmcompute.HcsShutdownComputeSystem': 'state',
  'vmcompute.HcsTerminateComputeSystem': 'state',
  'vmcompute.HcsPauseComputeSystem': 'state',
  'vmcompute.HcsResumeComputeSystem': 'state',
  'vmcompute.HcsSaveComputeSystem': 'save',
  'vmcompute.HcsGetComputeSystemProperties': 'look',
  'vmcompute.HcsModifyComputeSystem': 'change',
  'vmcompute.HcsRegisterComputeSystemCallback': 'look',
  'vmcompute.HcsUnregisterComputeSystemCallback': 'close',
  'vmcompute.HcsGetServiceProperties': 'service',
  // Processor groups and the credentials of the domain: of the whole machine.
  'vmcompute.HcsModifyServiceSettings': 'never',
  'vmcompute.HcsCreateProcess': 'run',
  'vmcompute.HcsOpenProcess': 'run',
  'vmcompute.HcsCloseProcess': 'close',
  'vmcompute.HcsTerminateProcess': 'run',
  'vmcompute.HcsSignalProcess': 'run',
  'vmcompute.HcsGetProcessInfo': 'run',
  'vmcompute.HcsGetProcessProperties': 'look',
  'vmcompute.HcsModifyProcess': 'run',
  'vmcompute.HcsRegisterProcessCallback': 'look',
  'vmcompute.HcsUnregisterProcessCallback': 'close',
  'vmcompute.ActivateLayer': 'layers',
  'vmcompute.DeactivateLayer': 'layers',
  'vmcompute.CreateLayer': 'layers',
  'vmcompute.CreateSandboxLayer': 'layers',
  'vmcompute.ExpandSandboxSize': 'layers',
  'vmcompute.PrepareLayer': 'layers',
  'vmcompute.UnprepareLayer': 'layers',
  'vmcompute.GetLayerMountPath': 'layers',
  // They read or write a tree that the client can change meanwhile, with the rights of the system.
  'vmcompute.ImportLayer': 'never',
  'vmcompute.ExportLayer': 'never',
  'vmcompute.CopyLayer': 'never',
  'vmcompute.ProcessBaseImage': 'never',
  'vmcompute.ProcessUtilityImage': 'never',
  'vmcompute.DestroyLayer': 'layers',
  'vmcompute.LayerExists': 'layers',
  // The images of the whole machine, with their paths.
  'vmcompute.GetBaseImages': 'never',
  'vmcompute.NameToGuid': 'layers',
  // It changes the access list of a file with the rights of the system.
  'vmcompute.GrantVmAccess': 'never',
  // Layers and disks by any path, with the rights of the system.
  'computestorage.HcsImportLayer': 'never',
  'computestorage.HcsExportLayer': 'never',
  'computestorage.HcsExportLegacyWritableLayer': 'never',
  'computestorage.HcsDestroyLayer': 'never',
  'computestorage.HcsSetupBaseOSVolume': 'never',
  'computestorage.HcsInitializeWritableLayer': 'never',
  'computestorage.HcsInitializeLegacyWritableLayer': 'never',
  'computestorage.HcsAttachLayerStorageFilter': 'never',
  'computestorage.HcsDetachLayerStorageFilter': 'never',
  'computestorage.HcsAttachOverlayFilter': 'never',
  'computestorage.HcsDetachOverlayFilter': 'never',
  'computestorage.HcsSetupBaseOSLayer': 'never',
  'computestorage.HcsFormatWritableLayerVhd': 'never',
  'computestorage.HcsGetLayerVhdMountPath': 'never',
  // Networks: of the whole machine, until a policy can say whose they are.
  'vmcompute.HNSCall': 'never',
  'computenetwork.HcnEnumerateNetworks': 'never',
  'computenetwork.HcnCreateNetwork': 'never',
  'computenetwork.HcnOpenNetwork': 'never',
  'computenetwork.HcnModifyNetwork': 'never',
  'computenetwork.HcnQueryNetworkProperties': 'never',
  'computenetwork.HcnDeleteNetwork': 'never',
  'computenetwork.HcnCloseNetwork': 'never',
  'computenetwork.HcnEnumerateNamespaces': 'never',
  'computenetwork.HcnCreateNamespace': 'never',
  'computenetwork.HcnOpenNamespace': 'never',
  'computenetwork.HcnModifyNamespace': 'never',
  'computenetwork.HcnQueryNamespaceProperties': 'never',
  'computenetwork.HcnDeleteNamespace': 'never',
  'computenetwork.HcnCloseNamespace': 'never',
  'computenetwork.HcnEnumerateEndpoints': 'never',
  'computenetwork.HcnCreateEndpoint': 'never',
  'computenetwork.HcnOpenEndpoint': 'never',
  'computenetwork.HcnModifyEndpoint': 'never',
  'computenetwork.HcnQueryEndpointProperties': 'never',
  'computenetwork.HcnDeleteEndpoint': 'never',
  'computenetwork.HcnCloseEndpoint': 'never',
  'computenetwork.HcnQueryEndpointStats': 'never',
  'computenetwork.HcnQueryEndpointAddresses': 'never',
  'computenetwork.HcnEnumerateLoadBalancers': 'never',
  'computenetwork.HcnCreateLoadBalancer': 'never',
  'computenetwork.HcnOpenLoadBalancer': 'never',
  'computenetwork.HcnModifyLoadBalancer': 'never',
  'computenetwork.HcnQueryLoadBalancerProperties': 'never',
  'computenetwork.HcnDeleteLoadBalancer': 'never',
  'computenetwork.HcnCloseLoadBalancer': 'never',
  'computenetwork.HcnEnumerateSdnRoutes': 'never',
  'computenetwork.HcnCreateSdnRoute': 'never',
  'computenetwork.HcnOpenSdnRoute': 'never',
  'computenetwork.HcnModifySdnRoute': 'never',
  'computenetwork.HcnQuerySdnRouteProperties': 'never',
  'computenetwork.HcnDeleteSdnRoute': 'never',
  'computenetwork.HcnCloseSdnRoute': 'never',
  'computenetwork.HcnRegisterServiceCallback': 'never',
  'computenetwork.HcnUnregisterServiceCallback': 'never',
  'computenetwork.HcnEnumerateGuestNetworkServices': 'never',
  'computenetwork.HcnCreateGuestNetworkService': 'never',
  'computenetwork.HcnOpenGuestNetworkService': 'never',
  'computenetwork.HcnModifyGuestNetworkService': 'never',
  'computenetwork.HcnQueryGuestNetworkServiceProperties': 'never',
  'computenetwork.HcnDeleteGuestNetworkService': 'never',
  'computenetwork.HcnCloseGuestNetworkService': 'never',
  'computenetwork.HcnRegisterGuestNetworkServiceCallback': 'never',
  'computenetwork.HcnUnregisterGuestNetworkServiceCallback': 'never',
  'computenetwork.HcnReserveGuestNetworkServicePort': 'never',
  'computenetwork.HcnReserveGuestNetworkServicePortRange': 'never',
  'computenetwork.HcnReleaseGuestNetworkServicePortReservationHandle': 'never',
  'computenetwork.HcnEnumerateGuestNetworkPortReservations': 'never',
  'computenetwork.HcnFreeGuestNetworkPortReservations': 'never',
  'simulator.HcSimulatorControl': 'never',
};

/** The class of a function; undefined for one that is not known. */
export function classOf(library: string, name: string): FunctionClass | undefined {
  const key = `${library}.${name}`;
  return Object.hasOwn(functionTable, key) ? functionTable[key] : undefined;
}

/** The classes of a function in every library that has it: one that several have is the same to a policy. */
export function classesOf(name: string): readonly FunctionClass[] {
  const found = Object.entries(functionTable).filter(([key]) => key.slice(key.indexOf('.') + 1) === name);
  return found.map(([, of]) => of);
}
