// Generated from native/abi/functions.def and kinds.def by scripts/generate-functions.mjs. Do not edit.

export const kinds = {
  Text: { shape: 'Text', of: null },
  SizedText: { shape: 'SizedText', of: null },
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
  Callback: { shape: 'Filled', of: 'NotificationCallback' },
  Context: { shape: 'Filled', of: 'void*' },
} as const;

export const functions = {
  HcsEnumerateComputeSystems: {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Text', 'query'],
      ['Out', 'Text', 'computeSystems'],
      ['Out', 'Text', 'result'],
    ],
  },
  HcsCreateComputeSystem: {
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
  HcsOpenComputeSystem: {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Text', 'id'],
      ['Out', 'System', 'computeSystem'],
      ['Out', 'Text', 'result'],
    ],
  },
  HcsCloseComputeSystem: {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['Release', 'System', 'computeSystem'],
    ],
  },
  HcsStartComputeSystem: {
    library: 'vmcompute',
    completion: 3,
    parameters: [
      ['In', 'System', 'computeSystem'],
      ['In', 'Text', 'options'],
      ['Out', 'Text', 'result'],
    ],
  },
  HcsShutdownComputeSystem: {
    library: 'vmcompute',
    completion: 1,
    parameters: [
      ['In', 'System', 'computeSystem'],
      ['In', 'Text', 'options'],
      ['Out', 'Text', 'result'],
    ],
  },
  HcsTerminateComputeSystem: {
    library: 'vmcompute',
    completion: 1,
    parameters: [
      ['In', 'System', 'computeSystem'],
      ['In', 'Text', 'options'],
      ['Out', 'Text', 'result'],
    ],
  },
  HcsPauseComputeSystem: {
    library: 'vmcompute',
    completion: 4,
    parameters: [
      ['In', 'System', 'computeSystem'],
      ['In', 'Text', 'options'],
      ['Out', 'Text', 'result'],
    ],
  },
  HcsResumeComputeSystem: {
    library: 'vmcompute',
    completion: 5,
    parameters: [
      ['In', 'System', 'computeSystem'],
      ['In', 'Text', 'options'],
      ['Out', 'Text', 'result'],
    ],
  },
  HcsSaveComputeSystem: {
    library: 'vmcompute',
    completion: 8,
    parameters: [
      ['In', 'System', 'computeSystem'],
      ['In', 'Text', 'options'],
      ['Out', 'Text', 'result'],
    ],
  },
  HcsGetComputeSystemProperties: {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'System', 'computeSystem'],
      ['In', 'Text', 'propertyQuery'],
      ['Out', 'Text', 'properties'],
      ['Out', 'Text', 'result'],
    ],
  },
  HcsModifyComputeSystem: {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'System', 'computeSystem'],
      ['In', 'Text', 'configuration'],
      ['Out', 'Text', 'result'],
    ],
  },
  HcsRegisterComputeSystemCallback: {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'System', 'computeSystem'],
      ['In', 'Callback', 'callback'],
      ['In', 'Context', 'context'],
      ['Out', 'Registration', 'callbackHandle'],
    ],
  },
  HcsUnregisterComputeSystemCallback: {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['Release', 'Registration', 'callbackHandle'],
    ],
  },
  HcsGetServiceProperties: {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Text', 'propertyQuery'],
      ['Out', 'Text', 'properties'],
      ['Out', 'Text', 'result'],
    ],
  },
  HcsModifyServiceSettings: {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Text', 'settings'],
      ['Out', 'Text', 'result'],
    ],
  },
  HcsCreateProcess: {
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
  HcsOpenProcess: {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'System', 'computeSystem'],
      ['In', 'Uint32', 'processId'],
      ['Out', 'Process', 'process'],
      ['Out', 'Text', 'result'],
    ],
  },
  HcsCloseProcess: {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['Release', 'Process', 'process'],
    ],
  },
  HcsTerminateProcess: {
    library: 'vmcompute',
    completion: 65536,
    parameters: [
      ['In', 'Process', 'process'],
      ['Out', 'Text', 'result'],
    ],
  },
  HcsSignalProcess: {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Process', 'process'],
      ['In', 'Text', 'options'],
      ['Out', 'Text', 'result'],
    ],
  },
  HcsGetProcessInfo: {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Process', 'process'],
      ['Out', 'ProcessInfo', 'processInformation'],
      ['Out', 'Text', 'result'],
    ],
  },
  HcsGetProcessProperties: {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Process', 'process'],
      ['Out', 'Text', 'processProperties'],
      ['Out', 'Text', 'result'],
    ],
  },
  HcsModifyProcess: {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Process', 'process'],
      ['In', 'Text', 'settings'],
      ['Out', 'Text', 'result'],
    ],
  },
  HcsRegisterProcessCallback: {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Process', 'process'],
      ['In', 'Callback', 'callback'],
      ['In', 'Context', 'context'],
      ['Out', 'Registration', 'callbackHandle'],
    ],
  },
  HcsUnregisterProcessCallback: {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['Release', 'Registration', 'callbackHandle'],
    ],
  },
  ActivateLayer: {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Driver', 'driver'],
      ['In', 'Text', 'layer'],
    ],
  },
  DeactivateLayer: {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Driver', 'driver'],
      ['In', 'Text', 'layer'],
    ],
  },
  CreateLayer: {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Driver', 'driver'],
      ['In', 'Text', 'layer'],
      ['In', 'Text', 'parent'],
    ],
  },
  CreateSandboxLayer: {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Driver', 'driver'],
      ['In', 'Text', 'layer'],
      ['In', 'Text', 'parent'],
      ['In', 'Layers', 'parents'],
    ],
  },
  ExpandSandboxSize: {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Driver', 'driver'],
      ['In', 'Text', 'layer'],
      ['In', 'Uint64', 'bytes'],
    ],
  },
  PrepareLayer: {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Driver', 'driver'],
      ['In', 'Text', 'layer'],
      ['In', 'Layers', 'parents'],
    ],
  },
  UnprepareLayer: {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Driver', 'driver'],
      ['In', 'Text', 'layer'],
    ],
  },
  GetLayerMountPath: {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Driver', 'driver'],
      ['In', 'Text', 'layer'],
      ['Out', 'SizedText', 'mountPath'],
    ],
  },
  ImportLayer: {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Driver', 'driver'],
      ['In', 'Text', 'layer'],
      ['In', 'Text', 'folder'],
      ['In', 'Layers', 'parents'],
    ],
  },
  ExportLayer: {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Driver', 'driver'],
      ['In', 'Text', 'layer'],
      ['In', 'Text', 'folder'],
      ['In', 'Layers', 'parents'],
    ],
  },
  CopyLayer: {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Driver', 'driver'],
      ['In', 'Text', 'layer'],
      ['In', 'Text', 'copy'],
      ['In', 'Layers', 'parents'],
    ],
  },
  DestroyLayer: {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Driver', 'driver'],
      ['In', 'Text', 'layer'],
    ],
  },
  LayerExists: {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Driver', 'driver'],
      ['In', 'Text', 'layer'],
      ['Out', 'Uint32', 'exists'],
    ],
  },
  GetBaseImages: {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['Out', 'Text', 'images'],
    ],
  },
  NameToGuid: {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Text', 'name'],
      ['Out', 'Guid', 'guid'],
    ],
  },
  ProcessBaseImage: {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Text', 'folder'],
    ],
  },
  ProcessUtilityImage: {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Text', 'folder'],
    ],
  },
  GrantVmAccess: {
    library: 'vmcompute',
    completion: 0,
    parameters: [
      ['In', 'Text', 'vmId'],
      ['In', 'Text', 'file'],
    ],
  },
  HcSimulatorControl: {
    library: 'simulator',
    completion: 0,
    parameters: [
      ['In', 'Text', 'request'],
      ['Out', 'Text', 'response'],
    ],
  },
} as const;
