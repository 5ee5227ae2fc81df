# Stands in for the common.gypi of Node's own headers, so that no headers have to be downloaded: the addon uses
# Node-API alone, whose headers come from the npm package node-api-headers.
{
  'target_defaults': {
    'default_configuration': 'Release',
    'configurations': {
      'Release': {'cflags': ['-O2'], 'xcode_settings': {'GCC_OPTIMIZATION_LEVEL': '2'}},
      'Debug': {'cflags': ['-O0', '-g']},
    },
  },
}
