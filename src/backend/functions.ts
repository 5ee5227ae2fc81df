// Generated from native/abi (functions.def, kinds.def, libraries.h) by scripts/generate-functions.mjs. Do not edit.

export const libraries = ['vmcompute', 'computecore', 'computestorage', 'computenetwork', 'virtdisk', 'simulator'] as const;

/** The functions of Windows that free what the libraries return. */
export const textMemory = {
  vmcompute: 'CoTaskMemFree',
  computecore: 'LocalFree',
  computestorage: 'LocalFree',
  computenetwork: 'CoTaskMemFree',
  virtdisk: 'CoTaskMemFree',
  simulator: 'CoTaskMemFree',
} as const;

export const kinds = {
  Text: { shape: 'Text', of: null },
  SizedText: { shape: 'SizedText', of: null },
  ErrorRecord: { shape: 'Text', of: null },
  Uint16: { shape: 'Integer', of: 'uint16_t' },
  Uint32: { shape: 'Integer', of: 'uint32_t' },
  Uint64: { shape: 'Integer', of: 'uint64_t' },
  Guid: { shape: 'Guid', of: null },
  Layers: { shape: 'Layers', of: null },
  Driver: { shape: 'Driver', of: null },
  Identity: { shape: 'Null', of: null },
  System: { shape: 'Handle', of: 'HcsSystem' },
  Process: { shape: 'Handle', of: 'HcsProcess' },
  Registration: { shape: 'Handle', of: 'HcsRegistration' },
  ProcessInfo: { shape: 'Streams', of: null },
  Network: { shape: 'Object', of: 'HcnNetwork' },
  Endpoint: { shape: 'Object', of: 'HcnEndpoint' },
  Namespace: { shape: 'Object', of: 'HcnNamespace' },
  LoadBalancer: { shape: 'Object', of: 'HcnLoadBalancer' },
  SdnRoute: { shape: 'Object', of: 'HcnSdnRoute' },
  ServiceRegistration: { shape: 'Handle', of: 'HcsRegistration' },
  GuestNetworkService: { shape: 'Handle', of: 'HcnGuestNetworkService' },
  PortReservation: { shape: 'Handle', of: 'HcnPortReservation' },
  PortRange: { shape: 'PortRange', of: null },
  PortEntries: { shape: 'PortEntries', of: null },
  PortMemory: { shape: 'Handle', of: 'PortRangeEntry' },
  SecurityDescriptor: { shape: 'Null', of: null },
  CreateOptions: { shape: 'Null', of: null },
  TextOperation: { shape: 'Filled', of: 'HcsOperation*' },
  ProcessOperation: { shape: 'Filled', of: 'HcsOperation*' },
  OperationHandle: { shape: 'Handle', of: 'HcsOperation' },
  ResourceHandle: { shape: 'Filled', of: 'void*' },
  Nothing: { shape: 'Void', of: null },
  OperationCallback: { shape: 'Filled', of: 'HcsOperationCallback' },
  EventCallback: { shape: 'Filled', of: 'HcsEventCallback' },
  VirtualDisk: { shape: 'Handle', of: 'VirtDisk' },
  OptionalDisk: { shape: 'Handle', of: 'VirtDisk' },
  DiskType: { shape: 'DiskType', of: null },
  DiskCreation: { shape: 'DiskCreation', of: null },
  DiskOpening: { shape: 'DiskOpening', of: null },
  DiskSetting: { shape: 'DiskSetting', of: null },
  DiskPath: { shape: 'DiskPath', of: null },
  DiskInformation: { shape: 'DiskInformation', of: null },
  Unused: { shape: 'Null', of: null },
  Callback: { shape: 'Filled', of: 'NotificationCallback' },
  Context: { shape: 'Filled', of: 'void*' },
} as const;

export const functions = {
  'vmcompute.HcsEnumerateComputeSystems': {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Text', 'query'],
      ['Out', 'Text', 'computeSystems'],
      ['Out', 'Text', 'result'],
    ],
  },
  'vmcompute.HcsCreateComputeSystem': {
    library: 'vmcompute',
    completion: 2,
    parameters: [
      ['In', 'Text', 'id'],
      ['In', 'Text', 'configuration'],
      ['In', 'Identity', 'identity'],
      ['Out', 'System', 'computeSystem'],
      ['Out', 'Text', 'result'],
    ],
  },
  'vmcompute.HcsOpenComputeSystem': {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Text', 'id'],
      ['Out', 'System', 'computeSystem'],
      ['Out', 'Text', 'result'],
    ],
  },
  'vmcompute.HcsCloseComputeSystem': {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['Release', 'System', 'computeSystem'],
    ],
  },
  'vmcompute.HcsStartComputeSystem': {
    library: 'vmcompute',
    completion: 3,
    parameters: [
      ['In', 'System', 'computeSystem'],
      ['In', 'Text', 'options'],
      ['Out', 'Text', 'result'],
    ],
  },
  'vmcompute.HcsShutdownComputeSystem': {
    library: 'vmcompute',
    completion: 1,
    parameters: [
      ['In', 'System', 'computeSystem'],
      ['In', 'Text', 'options'],
      ['Out', 'Text', 'result'],
    ],
  },
  'vmcompute.HcsTerminateComputeSystem': {
    library: 'vmcompute',
    completion: 1,
    parameters: [
      ['In', 'System', 'computeSystem'],
      ['In', 'Text', 'options'],
      ['Out', 'Text', 'result'],
    ],
  },
  'vmcompute.HcsPauseComputeSystem': {
    library: 'vmcompute',
    completion: 4,
    parameters: [
      ['In', 'System', 'computeSystem'],
      ['In', 'Text', 'options'],
      ['Out', 'Text', 'result'],
    ],
  },
  'vmcompute.HcsResumeComputeSystem': {
    library: 'vmcompute',
    completion: 5,
    parameters: [
      ['In', 'System', 'computeSystem'],
      ['In', 'Text', 'options'],
      ['Out', 'Text', 'result'],
    ],
  },
  'vmcompute.HcsSaveComputeSystem': {
    library: 'vmcompute',
    completion: 8,
    parameters: [
      ['In', 'System', 'computeSystem'],
      ['In', 'Text', 'options'],
      ['Out', 'Text', 'result'],
    ],
  },
  'vmcompute.HcsGetComputeSystemProperties': {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'System', 'computeSystem'],
      ['In', 'Text', 'propertyQuery'],
      ['Out', 'Text', 'properties'],
      ['Out', 'Text', 'result'],
    ],
  },
  'vmcompute.HcsModifyComputeSystem': {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'System', 'computeSystem'],
      ['In', 'Text', 'configuration'],
      ['Out', 'Text', 'result'],
    ],
  },
  'vmcompute.HcsRegisterComputeSystemCallback': {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'System', 'computeSystem'],
      ['In', 'Callback', 'callback'],
      ['In', 'Context', 'context'],
      ['Out', 'Registration', 'callbackHandle'],
    ],
  },
  'vmcompute.HcsUnregisterComputeSystemCallback': {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['Release', 'Registration', 'callbackHandle'],
    ],
  },
  'vmcompute.HcsGetServiceProperties': {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Text', 'propertyQuery'],
      ['Out', 'Text', 'properties'],
      ['Out', 'Text', 'result'],
    ],
  },
  'vmcompute.HcsModifyServiceSettings': {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Text', 'settings'],
      ['Out', 'Text', 'result'],
    ],
  },
  'vmcompute.HcsCreateProcess': {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'System', 'computeSystem'],
      ['In', 'Text', 'processParameters'],
      ['Out', 'ProcessInfo', 'processInformation'],
      ['Out', 'Process', 'process'],
      ['Out', 'Text', 'result'],
    ],
  },
  'vmcompute.HcsOpenProcess': {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'System', 'computeSystem'],
      ['In', 'Uint32', 'processId'],
      ['Out', 'Process', 'process'],
      ['Out', 'Text', 'result'],
    ],
  },
  'vmcompute.HcsCloseProcess': {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['Release', 'Process', 'process'],
    ],
  },
  'vmcompute.HcsTerminateProcess': {
    library: 'vmcompute',
    completion: 65536,
    parameters: [
      ['In', 'Process', 'process'],
      ['Out', 'Text', 'result'],
    ],
  },
  'vmcompute.HcsSignalProcess': {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Process', 'process'],
      ['In', 'Text', 'options'],
      ['Out', 'Text', 'result'],
    ],
  },
  'vmcompute.HcsGetProcessInfo': {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Process', 'process'],
      ['Out', 'ProcessInfo', 'processInformation'],
      ['Out', 'Text', 'result'],
    ],
  },
  'vmcompute.HcsGetProcessProperties': {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Process', 'process'],
      ['Out', 'Text', 'processProperties'],
      ['Out', 'Text', 'result'],
    ],
  },
  'vmcompute.HcsModifyProcess': {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Process', 'process'],
      ['In', 'Text', 'settings'],
      ['Out', 'Text', 'result'],
    ],
  },
  'vmcompute.HcsRegisterProcessCallback': {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Process', 'process'],
      ['In', 'Callback', 'callback'],
      ['In', 'Context', 'context'],
      ['Out', 'Registration', 'callbackHandle'],
    ],
  },
  'vmcompute.HcsUnregisterProcessCallback': {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['Release', 'Registration', 'callbackHandle'],
    ],
  },
  'vmcompute.HNSCall': {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Text', 'method'],
      ['In', 'Text', 'path'],
      ['In', 'Text', 'object'],
      ['Out', 'Text', 'response'],
    ],
  },
  'vmcompute.ActivateLayer': {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Driver', 'driver'],
      ['In', 'Text', 'layer'],
    ],
  },
  'vmcompute.DeactivateLayer': {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Driver', 'driver'],
      ['In', 'Text', 'layer'],
    ],
  },
  'vmcompute.CreateLayer': {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Driver', 'driver'],
      ['In', 'Text', 'layer'],
      ['In', 'Text', 'parent'],
    ],
  },
  'vmcompute.CreateSandboxLayer': {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Driver', 'driver'],
      ['In', 'Text', 'layer'],
      ['In', 'Text', 'parent'],
      ['In', 'Layers', 'parents'],
    ],
  },
  'vmcompute.ExpandSandboxSize': {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Driver', 'driver'],
      ['In', 'Text', 'layer'],
      ['In', 'Uint64', 'bytes'],
    ],
  },
  'vmcompute.PrepareLayer': {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Driver', 'driver'],
      ['In', 'Text', 'layer'],
      ['In', 'Layers', 'parents'],
    ],
  },
  'vmcompute.UnprepareLayer': {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Driver', 'driver'],
      ['In', 'Text', 'layer'],
    ],
  },
  'vmcompute.GetLayerMountPath': {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Driver', 'driver'],
      ['In', 'Text', 'layer'],
      ['Out', 'SizedText', 'mountPath'],
    ],
  },
  'vmcompute.ImportLayer': {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Driver', 'driver'],
      ['In', 'Text', 'layer'],
      ['In', 'Text', 'folder'],
      ['In', 'Layers', 'parents'],
    ],
  },
  'vmcompute.ExportLayer': {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Driver', 'driver'],
      ['In', 'Text', 'layer'],
      ['In', 'Text', 'folder'],
      ['In', 'Layers', 'parents'],
    ],
  },
  'vmcompute.CopyLayer': {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Driver', 'driver'],
      ['In', 'Text', 'layer'],
      ['In', 'Text', 'copy'],
      ['In', 'Layers', 'parents'],
    ],
  },
  'vmcompute.DestroyLayer': {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Driver', 'driver'],
      ['In', 'Text', 'layer'],
    ],
  },
  'vmcompute.LayerExists': {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Driver', 'driver'],
      ['In', 'Text', 'layer'],
      ['Out', 'Uint32', 'exists'],
    ],
  },
  'vmcompute.GetBaseImages': {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['Out', 'Text', 'images'],
    ],
  },
  'vmcompute.NameToGuid': {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Text', 'name'],
      ['Out', 'Guid', 'guid'],
    ],
  },
  'vmcompute.ProcessBaseImage': {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Text', 'folder'],
    ],
  },
  'vmcompute.ProcessUtilityImage': {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Text', 'folder'],
    ],
  },
  'vmcompute.GrantVmAccess': {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Text', 'vmId'],
      ['In', 'Text', 'file'],
    ],
  },
  'computecore.HcsEnumerateComputeSystems': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'Text', 'query'],
      ['In', 'TextOperation', 'operation'],
    ],
  },
  'computecore.HcsCreateComputeSystem': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'Text', 'id'],
      ['In', 'Text', 'configuration'],
      ['In', 'TextOperation', 'operation'],
      ['In', 'SecurityDescriptor', 'securityDescriptor'],
      ['Out', 'System', 'computeSystem'],
    ],
  },
  'computecore.HcsOpenComputeSystem': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'Text', 'id'],
      ['In', 'Uint32', 'requestedAccess'],
      ['Out', 'System', 'computeSystem'],
    ],
  },
  'computecore.HcsCloseComputeSystem': {
    library: 'computecore',
    returns: 'Nothing',
    completion: 0,
    parameters: [
      ['Release', 'System', 'computeSystem'],
    ],
  },
  'computecore.HcsStartComputeSystem': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'System', 'computeSystem'],
      ['In', 'TextOperation', 'operation'],
      ['In', 'Text', 'options'],
    ],
  },
  'computecore.HcsShutDownComputeSystem': {
    library: 'computecore',
    completion: 1,
    parameters: [
      ['In', 'System', 'computeSystem'],
      ['In', 'TextOperation', 'operation'],
      ['In', 'Text', 'options'],
    ],
  },
  'computecore.HcsTerminateComputeSystem': {
    library: 'computecore',
    completion: 1,
    parameters: [
      ['In', 'System', 'computeSystem'],
      ['In', 'TextOperation', 'operation'],
      ['In', 'Text', 'options'],
    ],
  },
  'computecore.HcsCrashComputeSystem': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'System', 'computeSystem'],
      ['In', 'TextOperation', 'operation'],
      ['In', 'Text', 'options'],
    ],
  },
  'computecore.HcsPauseComputeSystem': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'System', 'computeSystem'],
      ['In', 'TextOperation', 'operation'],
      ['In', 'Text', 'options'],
    ],
  },
  'computecore.HcsResumeComputeSystem': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'System', 'computeSystem'],
      ['In', 'TextOperation', 'operation'],
      ['In', 'Text', 'options'],
    ],
  },
  'computecore.HcsSaveComputeSystem': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'System', 'computeSystem'],
      ['In', 'TextOperation', 'operation'],
      ['In', 'Text', 'options'],
    ],
  },
  'computecore.HcsGetComputeSystemProperties': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'System', 'computeSystem'],
      ['In', 'TextOperation', 'operation'],
      ['In', 'Text', 'propertyQuery'],
    ],
  },
  'computecore.HcsModifyComputeSystem': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'System', 'computeSystem'],
      ['In', 'TextOperation', 'operation'],
      ['In', 'Text', 'configuration'],
      ['In', 'Identity', 'identity'],
    ],
  },
  'computecore.HcsWaitForComputeSystemExit': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'System', 'computeSystem'],
      ['In', 'Uint32', 'timeoutMs'],
      ['Out', 'Text', 'result'],
    ],
  },
  'computecore.HcsSetComputeSystemCallback': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'System', 'computeSystem'],
      ['In', 'Uint32', 'callbackOptions'],
      ['In', 'Context', 'context'],
      ['In', 'EventCallback', 'callback'],
    ],
  },
  'computecore.HcsCreateProcess': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'System', 'computeSystem'],
      ['In', 'Text', 'processParameters'],
      ['In', 'ProcessOperation', 'operation'],
      ['In', 'SecurityDescriptor', 'securityDescriptor'],
      ['Out', 'Process', 'process'],
    ],
  },
  'computecore.HcsOpenProcess': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'System', 'computeSystem'],
      ['In', 'Uint32', 'processId'],
      ['In', 'Uint32', 'requestedAccess'],
      ['Out', 'Process', 'process'],
    ],
  },
  'computecore.HcsCloseProcess': {
    library: 'computecore',
    returns: 'Nothing',
    completion: 0,
    parameters: [
      ['Release', 'Process', 'process'],
    ],
  },
  'computecore.HcsTerminateProcess': {
    library: 'computecore',
    completion: 65536,
    parameters: [
      ['In', 'Process', 'process'],
      ['In', 'TextOperation', 'operation'],
      ['In', 'Text', 'options'],
    ],
  },
  'computecore.HcsSignalProcess': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'Process', 'process'],
      ['In', 'TextOperation', 'operation'],
      ['In', 'Text', 'options'],
    ],
  },
  'computecore.HcsGetProcessInfo': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'Process', 'process'],
      ['In', 'ProcessOperation', 'operation'],
    ],
  },
  'computecore.HcsGetProcessProperties': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'Process', 'process'],
      ['In', 'TextOperation', 'operation'],
      ['In', 'Text', 'propertyQuery'],
    ],
  },
  'computecore.HcsModifyProcess': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'Process', 'process'],
      ['In', 'TextOperation', 'operation'],
      ['In', 'Text', 'settings'],
    ],
  },
  'computecore.HcsSetProcessCallback': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'Process', 'process'],
      ['In', 'Uint32', 'callbackOptions'],
      ['In', 'Context', 'context'],
      ['In', 'EventCallback', 'callback'],
    ],
  },
  'computecore.HcsWaitForProcessExit': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'Process', 'process'],
      ['In', 'Uint32', 'timeoutMs'],
      ['Out', 'Text', 'result'],
    ],
  },
  'computecore.HcsGetServiceProperties': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'Text', 'propertyQuery'],
      ['Out', 'Text', 'result'],
    ],
  },
  'computecore.HcsModifyServiceSettings': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'Text', 'settings'],
      ['Out', 'Text', 'result'],
    ],
  },
  'computecore.HcsSubmitWerReport': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'Text', 'settings'],
    ],
  },
  'computecore.HcsGrantVmAccess': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'Text', 'vmId'],
      ['In', 'Text', 'filePath'],
    ],
  },
  'computecore.HcsRevokeVmAccess': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'Text', 'vmId'],
      ['In', 'Text', 'filePath'],
    ],
  },
  'computecore.HcsGrantVmGroupAccess': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'Text', 'filePath'],
    ],
  },
  'computecore.HcsRevokeVmGroupAccess': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'Text', 'filePath'],
    ],
  },
  'computecore.HcsCreateEmptyGuestStateFile': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'Text', 'filePath'],
    ],
  },
  'computecore.HcsCreateEmptyRuntimeStateFile': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'Text', 'filePath'],
    ],
  },
  'computecore.HcsGetProcessorCompatibilityFromSavedState': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'Text', 'runtimeFileName'],
      ['Out', 'Text', 'processorFeatures'],
    ],
  },
  'computecore.HcsEnumerateComputeSystemsInNamespace': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'Text', 'idNamespace'],
      ['In', 'Text', 'query'],
      ['In', 'TextOperation', 'operation'],
    ],
  },
  'computecore.HcsCreateComputeSystemInNamespace': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'Text', 'idNamespace'],
      ['In', 'Text', 'id'],
      ['In', 'Text', 'configuration'],
      ['In', 'TextOperation', 'operation'],
      ['In', 'CreateOptions', 'options'],
      ['Out', 'System', 'computeSystem'],
    ],
  },
  'computecore.HcsOpenComputeSystemInNamespace': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'Text', 'idNamespace'],
      ['In', 'Text', 'id'],
      ['In', 'Uint32', 'requestedAccess'],
      ['Out', 'System', 'computeSystem'],
    ],
  },
  'computecore.HcsInitializeLiveMigrationOnSource': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'System', 'computeSystem'],
      ['In', 'TextOperation', 'operation'],
      ['In', 'Text', 'options'],
    ],
  },
  'computecore.HcsStartLiveMigrationOnSource': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'System', 'computeSystem'],
      ['In', 'TextOperation', 'operation'],
      ['In', 'Text', 'options'],
    ],
  },
  'computecore.HcsStartLiveMigrationTransfer': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'System', 'computeSystem'],
      ['In', 'TextOperation', 'operation'],
      ['In', 'Text', 'options'],
    ],
  },
  'computecore.HcsFinalizeLiveMigration': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'System', 'computeSystem'],
      ['In', 'TextOperation', 'operation'],
      ['In', 'Text', 'options'],
    ],
  },
  'computecore.HcsCancelLiveMigration': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'System', 'computeSystem'],
      ['In', 'TextOperation', 'operation'],
      ['In', 'Text', 'options'],
    ],
  },
  'computecore.HcsCreateOperation': {
    library: 'computecore',
    returns: 'OperationHandle',
    completion: 0,
    parameters: [
      ['In', 'Context', 'context'],
      ['In', 'OperationCallback', 'callback'],
    ],
  },
  'computecore.HcsCreateOperationWithNotifications': {
    library: 'computecore',
    returns: 'OperationHandle',
    completion: 0,
    parameters: [
      ['In', 'Uint32', 'eventTypes'],
      ['In', 'Context', 'context'],
      ['In', 'EventCallback', 'callback'],
    ],
  },
  'computecore.HcsCloseOperation': {
    library: 'computecore',
    returns: 'Nothing',
    completion: 0,
    parameters: [
      ['Release', 'OperationHandle', 'operation'],
    ],
  },
  'computecore.HcsSetOperationContext': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'OperationHandle', 'operation'],
      ['In', 'Context', 'context'],
    ],
  },
  'computecore.HcsGetOperationContext': {
    library: 'computecore',
    returns: 'Context',
    completion: 0,
    parameters: [
      ['In', 'OperationHandle', 'operation'],
    ],
  },
  'computecore.HcsGetComputeSystemFromOperation': {
    library: 'computecore',
    returns: 'System',
    completion: 0,
    parameters: [
      ['In', 'OperationHandle', 'operation'],
    ],
  },
  'computecore.HcsGetProcessFromOperation': {
    library: 'computecore',
    returns: 'Process',
    completion: 0,
    parameters: [
      ['In', 'OperationHandle', 'operation'],
    ],
  },
  'computecore.HcsGetOperationType': {
    library: 'computecore',
    returns: 'Uint32',
    completion: 0,
    parameters: [
      ['In', 'OperationHandle', 'operation'],
    ],
  },
  'computecore.HcsGetOperationId': {
    library: 'computecore',
    returns: 'Uint64',
    completion: 0,
    parameters: [
      ['In', 'OperationHandle', 'operation'],
    ],
  },
  'computecore.HcsGetOperationResult': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'OperationHandle', 'operation'],
      ['Out', 'Text', 'result'],
    ],
  },
  'computecore.HcsGetOperationResultAndProcessInfo': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'OperationHandle', 'operation'],
      ['Out', 'ProcessInfo', 'processInformation'],
      ['Out', 'Text', 'result'],
    ],
  },
  'computecore.HcsWaitForOperationResult': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'OperationHandle', 'operation'],
      ['In', 'Uint32', 'timeoutMs'],
      ['Out', 'Text', 'result'],
    ],
  },
  'computecore.HcsWaitForOperationResultAndProcessInfo': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'OperationHandle', 'operation'],
      ['In', 'Uint32', 'timeoutMs'],
      ['Out', 'ProcessInfo', 'processInformation'],
      ['Out', 'Text', 'result'],
    ],
  },
  'computecore.HcsSetOperationCallback': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'OperationHandle', 'operation'],
      ['In', 'Context', 'context'],
      ['In', 'OperationCallback', 'callback'],
    ],
  },
  'computecore.HcsCancelOperation': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'OperationHandle', 'operation'],
    ],
  },
  'computecore.HcsAddResourceToOperation': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'OperationHandle', 'operation'],
      ['In', 'Uint32', 'type'],
      ['In', 'Text', 'uri'],
      ['In', 'ResourceHandle', 'handle'],
    ],
  },
  'computecore.HcsGetOperationProperties': {
    library: 'computecore',
    completion: 0,
    parameters: [
      ['In', 'OperationHandle', 'operation'],
      ['In', 'Text', 'options'],
      ['Out', 'Text', 'result'],
    ],
  },
  'computestorage.HcsImportLayer': {
    library: 'computestorage',
    completion: 0,
    parameters: [
      ['In', 'Text', 'layerPath'],
      ['In', 'Text', 'sourceFolderPath'],
      ['In', 'Text', 'layerData'],
    ],
  },
  'computestorage.HcsExportLayer': {
    library: 'computestorage',
    completion: 0,
    parameters: [
      ['In', 'Text', 'layerPath'],
      ['In', 'Text', 'exportFolderPath'],
      ['In', 'Text', 'layerData'],
      ['In', 'Text', 'options'],
    ],
  },
  'computestorage.HcsExportLegacyWritableLayer': {
    library: 'computestorage',
    completion: 0,
    parameters: [
      ['In', 'Text', 'mountPath'],
      ['In', 'Text', 'folderPath'],
      ['In', 'Text', 'exportFolderPath'],
      ['In', 'Text', 'layerData'],
    ],
  },
  'computestorage.HcsDestroyLayer': {
    library: 'computestorage',
    completion: 0,
    parameters: [
      ['In', 'Text', 'layerPath'],
    ],
  },
  'computestorage.HcsSetupBaseOSLayer': {
    library: 'computestorage',
    completion: 0,
    parameters: [
      ['In', 'Text', 'layerPath'],
      ['In', 'OptionalDisk', 'vhdHandle'],
      ['In', 'Text', 'options'],
    ],
  },
  'computestorage.HcsSetupBaseOSVolume': {
    library: 'computestorage',
    completion: 0,
    parameters: [
      ['In', 'Text', 'layerPath'],
      ['In', 'Text', 'volumePath'],
      ['In', 'Text', 'options'],
    ],
  },
  'computestorage.HcsInitializeWritableLayer': {
    library: 'computestorage',
    completion: 0,
    parameters: [
      ['In', 'Text', 'layerPath'],
      ['In', 'Text', 'layerData'],
      ['In', 'Text', 'options'],
    ],
  },
  'computestorage.HcsInitializeLegacyWritableLayer': {
    library: 'computestorage',
    completion: 0,
    parameters: [
      ['In', 'Text', 'mountPath'],
      ['In', 'Text', 'folderPath'],
      ['In', 'Text', 'layerData'],
      ['In', 'Text', 'options'],
    ],
  },
  'computestorage.HcsAttachLayerStorageFilter': {
    library: 'computestorage',
    completion: 0,
    parameters: [
      ['In', 'Text', 'layerPath'],
      ['In', 'Text', 'layerData'],
    ],
  },
  'computestorage.HcsDetachLayerStorageFilter': {
    library: 'computestorage',
    completion: 0,
    parameters: [
      ['In', 'Text', 'layerPath'],
    ],
  },
  'computestorage.HcsFormatWritableLayerVhd': {
    library: 'computestorage',
    completion: 0,
    parameters: [
      ['In', 'VirtualDisk', 'vhdHandle'],
    ],
  },
  'computestorage.HcsGetLayerVhdMountPath': {
    library: 'computestorage',
    completion: 0,
    parameters: [
      ['In', 'VirtualDisk', 'vhdHandle'],
      ['Out', 'Text', 'mountPath'],
    ],
  },
  'computestorage.HcsAttachOverlayFilter': {
    library: 'computestorage',
    completion: 0,
    parameters: [
      ['In', 'Text', 'volumePath'],
      ['In', 'Text', 'layerData'],
    ],
  },
  'computestorage.HcsDetachOverlayFilter': {
    library: 'computestorage',
    completion: 0,
    parameters: [
      ['In', 'Text', 'volumePath'],
      ['In', 'Text', 'layerData'],
    ],
  },
  'computenetwork.HcnEnumerateNetworks': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['In', 'Text', 'query'],
      ['Out', 'Text', 'networks'],
      ['Out', 'ErrorRecord', 'errorRecord'],
    ],
  },
  'computenetwork.HcnCreateNetwork': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['In', 'Guid', 'id'],
      ['In', 'Text', 'settings'],
      ['Out', 'Network', 'network'],
      ['Out', 'ErrorRecord', 'errorRecord'],
    ],
  },
  'computenetwork.HcnOpenNetwork': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['In', 'Guid', 'id'],
      ['Out', 'Network', 'network'],
      ['Out', 'ErrorRecord', 'errorRecord'],
    ],
  },
  'computenetwork.HcnModifyNetwork': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['In', 'Network', 'network'],
      ['In', 'Text', 'settings'],
      ['Out', 'ErrorRecord', 'errorRecord'],
    ],
  },
  'computenetwork.HcnQueryNetworkProperties': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['In', 'Network', 'network'],
      ['In', 'Text', 'query'],
      ['Out', 'Text', 'properties'],
      ['Out', 'ErrorRecord', 'errorRecord'],
    ],
  },
  'computenetwork.HcnDeleteNetwork': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['In', 'Guid', 'id'],
      ['Out', 'ErrorRecord', 'errorRecord'],
    ],
  },
  'computenetwork.HcnCloseNetwork': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['Release', 'Network', 'network'],
    ],
  },
  'computenetwork.HcnEnumerateNamespaces': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['In', 'Text', 'query'],
      ['Out', 'Text', 'namespaces'],
      ['Out', 'ErrorRecord', 'errorRecord'],
    ],
  },
  'computenetwork.HcnCreateNamespace': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['In', 'Guid', 'id'],
      ['In', 'Text', 'settings'],
      ['Out', 'Namespace', 'namespace'],
      ['Out', 'ErrorRecord', 'errorRecord'],
    ],
  },
  'computenetwork.HcnOpenNamespace': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['In', 'Guid', 'id'],
      ['Out', 'Namespace', 'namespace'],
      ['Out', 'ErrorRecord', 'errorRecord'],
    ],
  },
  'computenetwork.HcnModifyNamespace': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['In', 'Namespace', 'namespace'],
      ['In', 'Text', 'settings'],
      ['Out', 'ErrorRecord', 'errorRecord'],
    ],
  },
  'computenetwork.HcnQueryNamespaceProperties': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['In', 'Namespace', 'namespace'],
      ['In', 'Text', 'query'],
      ['Out', 'Text', 'properties'],
      ['Out', 'ErrorRecord', 'errorRecord'],
    ],
  },
  'computenetwork.HcnDeleteNamespace': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['In', 'Guid', 'id'],
      ['Out', 'ErrorRecord', 'errorRecord'],
    ],
  },
  'computenetwork.HcnCloseNamespace': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['Release', 'Namespace', 'namespace'],
    ],
  },
  'computenetwork.HcnEnumerateEndpoints': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['In', 'Text', 'query'],
      ['Out', 'Text', 'endpoints'],
      ['Out', 'ErrorRecord', 'errorRecord'],
    ],
  },
  'computenetwork.HcnCreateEndpoint': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['In', 'Network', 'network'],
      ['In', 'Guid', 'id'],
      ['In', 'Text', 'settings'],
      ['Out', 'Endpoint', 'endpoint'],
      ['Out', 'ErrorRecord', 'errorRecord'],
    ],
  },
  'computenetwork.HcnOpenEndpoint': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['In', 'Guid', 'id'],
      ['Out', 'Endpoint', 'endpoint'],
      ['Out', 'ErrorRecord', 'errorRecord'],
    ],
  },
  'computenetwork.HcnModifyEndpoint': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['In', 'Endpoint', 'endpoint'],
      ['In', 'Text', 'settings'],
      ['Out', 'ErrorRecord', 'errorRecord'],
    ],
  },
  'computenetwork.HcnQueryEndpointProperties': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['In', 'Endpoint', 'endpoint'],
      ['In', 'Text', 'query'],
      ['Out', 'Text', 'properties'],
      ['Out', 'ErrorRecord', 'errorRecord'],
    ],
  },
  'computenetwork.HcnDeleteEndpoint': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['In', 'Guid', 'id'],
      ['Out', 'ErrorRecord', 'errorRecord'],
    ],
  },
  'computenetwork.HcnCloseEndpoint': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['Release', 'Endpoint', 'endpoint'],
    ],
  },
  'computenetwork.HcnQueryEndpointStats': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['In', 'Endpoint', 'endpoint'],
      ['In', 'Text', 'query'],
      ['Out', 'Text', 'stats'],
      ['Out', 'ErrorRecord', 'errorRecord'],
    ],
  },
  'computenetwork.HcnQueryEndpointAddresses': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['In', 'Endpoint', 'endpoint'],
      ['In', 'Text', 'query'],
      ['Out', 'Text', 'addresses'],
      ['Out', 'ErrorRecord', 'errorRecord'],
    ],
  },
  'computenetwork.HcnEnumerateLoadBalancers': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['In', 'Text', 'query'],
      ['Out', 'Text', 'loadBalancers'],
      ['Out', 'ErrorRecord', 'errorRecord'],
    ],
  },
  'computenetwork.HcnCreateLoadBalancer': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['In', 'Guid', 'id'],
      ['In', 'Text', 'settings'],
      ['Out', 'LoadBalancer', 'loadBalancer'],
      ['Out', 'ErrorRecord', 'errorRecord'],
    ],
  },
  'computenetwork.HcnOpenLoadBalancer': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['In', 'Guid', 'id'],
      ['Out', 'LoadBalancer', 'loadBalancer'],
      ['Out', 'ErrorRecord', 'errorRecord'],
    ],
  },
  'computenetwork.HcnModifyLoadBalancer': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['In', 'LoadBalancer', 'loadBalancer'],
      ['In', 'Text', 'settings'],
      ['Out', 'ErrorRecord', 'errorRecord'],
    ],
  },
  'computenetwork.HcnQueryLoadBalancerProperties': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['In', 'LoadBalancer', 'loadBalancer'],
      ['In', 'Text', 'query'],
      ['Out', 'Text', 'properties'],
      ['Out', 'ErrorRecord', 'errorRecord'],
    ],
  },
  'computenetwork.HcnDeleteLoadBalancer': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['In', 'Guid', 'id'],
      ['Out', 'ErrorRecord', 'errorRecord'],
    ],
  },
  'computenetwork.HcnCloseLoadBalancer': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['Release', 'LoadBalancer', 'loadBalancer'],
    ],
  },
  'computenetwork.HcnEnumerateSdnRoutes': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['In', 'Text', 'query'],
      ['Out', 'Text', 'routes'],
      ['Out', 'ErrorRecord', 'errorRecord'],
    ],
  },
  'computenetwork.HcnCreateSdnRoute': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['In', 'Guid', 'id'],
      ['In', 'Text', 'settings'],
      ['Out', 'SdnRoute', 'route'],
      ['Out', 'ErrorRecord', 'errorRecord'],
    ],
  },
  'computenetwork.HcnOpenSdnRoute': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['In', 'Guid', 'id'],
      ['Out', 'SdnRoute', 'route'],
      ['Out', 'ErrorRecord', 'errorRecord'],
    ],
  },
  'computenetwork.HcnModifySdnRoute': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['In', 'SdnRoute', 'route'],
      ['In', 'Text', 'settings'],
      ['Out', 'ErrorRecord', 'errorRecord'],
    ],
  },
  'computenetwork.HcnQuerySdnRouteProperties': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['In', 'SdnRoute', 'route'],
      ['In', 'Text', 'query'],
      ['Out', 'Text', 'properties'],
      ['Out', 'ErrorRecord', 'errorRecord'],
    ],
  },
  'computenetwork.HcnDeleteSdnRoute': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['In', 'Guid', 'id'],
      ['Out', 'ErrorRecord', 'errorRecord'],
    ],
  },
  'computenetwork.HcnCloseSdnRoute': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['Release', 'SdnRoute', 'route'],
    ],
  },
  'computenetwork.HcnRegisterServiceCallback': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['In', 'Callback', 'callback'],
      ['In', 'Context', 'context'],
      ['Out', 'ServiceRegistration', 'callbackHandle'],
    ],
  },
  'computenetwork.HcnUnregisterServiceCallback': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['Release', 'ServiceRegistration', 'callbackHandle'],
    ],
  },
  'computenetwork.HcnEnumerateGuestNetworkServices': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['In', 'Text', 'query'],
      ['Out', 'Text', 'services'],
      ['Out', 'ErrorRecord', 'errorRecord'],
    ],
  },
  'computenetwork.HcnCreateGuestNetworkService': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['In', 'Guid', 'id'],
      ['In', 'Text', 'settings'],
      ['Out', 'GuestNetworkService', 'service'],
      ['Out', 'ErrorRecord', 'errorRecord'],
    ],
  },
  'computenetwork.HcnOpenGuestNetworkService': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['In', 'Guid', 'id'],
      ['Out', 'GuestNetworkService', 'service'],
      ['Out', 'ErrorRecord', 'errorRecord'],
    ],
  },
  'computenetwork.HcnModifyGuestNetworkService': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['In', 'GuestNetworkService', 'service'],
      ['In', 'Text', 'settings'],
      ['Out', 'ErrorRecord', 'errorRecord'],
    ],
  },
  'computenetwork.HcnQueryGuestNetworkServiceProperties': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['In', 'GuestNetworkService', 'service'],
      ['In', 'Text', 'query'],
      ['Out', 'Text', 'properties'],
      ['Out', 'ErrorRecord', 'errorRecord'],
    ],
  },
  'computenetwork.HcnDeleteGuestNetworkService': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['In', 'Guid', 'id'],
      ['Out', 'ErrorRecord', 'errorRecord'],
    ],
  },
  'computenetwork.HcnCloseGuestNetworkService': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['Release', 'GuestNetworkService', 'service'],
    ],
  },
  'computenetwork.HcnRegisterGuestNetworkServiceCallback': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['In', 'GuestNetworkService', 'service'],
      ['In', 'Callback', 'callback'],
      ['In', 'Context', 'context'],
      ['Out', 'Registration', 'callbackHandle'],
    ],
  },
  'computenetwork.HcnUnregisterGuestNetworkServiceCallback': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['Release', 'Registration', 'callbackHandle'],
    ],
  },
  'computenetwork.HcnReserveGuestNetworkServicePort': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['In', 'GuestNetworkService', 'service'],
      ['In', 'Uint32', 'protocol'],
      ['In', 'Uint32', 'access'],
      ['In', 'Uint16', 'port'],
      ['Out', 'PortReservation', 'portReservation'],
    ],
  },
  'computenetwork.HcnReserveGuestNetworkServicePortRange': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['In', 'GuestNetworkService', 'service'],
      ['In', 'Uint16', 'portCount'],
      ['Out', 'PortRange', 'range'],
      ['Out', 'PortReservation', 'portReservation'],
    ],
  },
  'computenetwork.HcnReleaseGuestNetworkServicePortReservationHandle': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['Release', 'PortReservation', 'portReservation'],
    ],
  },
  'computenetwork.HcnEnumerateGuestNetworkPortReservations': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['Out', 'PortEntries', 'portEntries'],
    ],
  },
  'computenetwork.HcnFreeGuestNetworkPortReservations': {
    library: 'computenetwork',
    completion: 0,
    parameters: [
      ['Release', 'PortMemory', 'portEntries'],
    ],
  },
  'virtdisk.OpenVirtualDisk': {
    library: 'virtdisk',
    completion: 0,
    parameters: [
      ['In', 'DiskType', 'type'],
      ['In', 'Text', 'path'],
      ['In', 'Uint32', 'access'],
      ['In', 'Uint32', 'flags'],
      ['In', 'DiskOpening', 'readOnly'],
      ['Out', 'VirtualDisk', 'disk'],
    ],
  },
  'virtdisk.CreateVirtualDisk': {
    library: 'virtdisk',
    completion: 0,
    parameters: [
      ['In', 'DiskType', 'type'],
      ['In', 'Text', 'path'],
      ['In', 'Uint32', 'access'],
      ['In', 'Unused', 'securityDescriptor'],
      ['In', 'Uint32', 'flags'],
      ['In', 'Uint32', 'providerFlags'],
      ['In', 'DiskCreation', 'parameters'],
      ['In', 'Unused', 'overlapped'],
      ['Out', 'VirtualDisk', 'disk'],
    ],
  },
  'virtdisk.AttachVirtualDisk': {
    library: 'virtdisk',
    completion: 0,
    parameters: [
      ['In', 'VirtualDisk', 'disk'],
      ['In', 'Unused', 'securityDescriptor'],
      ['In', 'Uint32', 'flags'],
      ['In', 'Uint32', 'providerFlags'],
      ['In', 'Unused', 'parameters'],
      ['In', 'Unused', 'overlapped'],
    ],
  },
  'virtdisk.DetachVirtualDisk': {
    library: 'virtdisk',
    completion: 0,
    parameters: [
      ['In', 'VirtualDisk', 'disk'],
      ['In', 'Uint32', 'flags'],
      ['In', 'Uint32', 'providerFlags'],
    ],
  },
  'virtdisk.GetVirtualDiskPhysicalPath': {
    library: 'virtdisk',
    completion: 0,
    parameters: [
      ['In', 'VirtualDisk', 'disk'],
      ['Out', 'DiskPath', 'path'],
    ],
  },
  'virtdisk.GetVirtualDiskInformation': {
    library: 'virtdisk',
    completion: 0,
    parameters: [
      ['In', 'VirtualDisk', 'disk'],
      ['Out', 'DiskInformation', 'information'],
    ],
  },
  'virtdisk.SetVirtualDiskInformation': {
    library: 'virtdisk',
    completion: 0,
    parameters: [
      ['In', 'VirtualDisk', 'disk'],
      ['In', 'DiskSetting', 'id'],
    ],
  },
  'virtdisk.CloseVirtualDisk': {
    library: 'virtdisk',
    completion: 0,
    parameters: [
      ['Release', 'VirtualDisk', 'disk'],
    ],
  },
  'virtdisk.OpenDrive': {
    library: 'virtdisk',
    completion: 0,
    parameters: [
      ['In', 'Text', 'path'],
      ['Out', 'VirtualDisk', 'drive'],
    ],
  },
  'simulator.HcSimulatorControl': {
    library: 'simulator',
    completion: 0,
    parameters: [
      ['In', 'Text', 'request'],
      ['Out', 'Text', 'response'],
    ],
  },
} as const;
