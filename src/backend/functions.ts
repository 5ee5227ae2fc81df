// Generated from native/abi (functions.def, kinds.def, libraries.h) by scripts/generate-functions.mjs. Do not edit.

export const libraries = ['vmcompute', 'computecore', 'computestorage', 'computenetwork', 'simulator'] as const;

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
  'simulator.HcSimulatorControl': {
    library: 'simulator',
    completion: 0,
    parameters: [
      ['In', 'Text', 'request'],
      ['Out', 'Text', 'response'],
    ],
  },
} as const;
