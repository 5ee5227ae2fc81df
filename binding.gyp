# What a clone and the prebuilt binaries are built with: `npm run build:native`. "gypfile": false in package.json keeps npm
# from building it unasked. CMakeLists.txt builds the same sources for everything else.
{
  'targets': [
    {
      'target_name': 'hostcompute',
      'includes': ['native/flags.gypi'],
      'sources': ['<!@(node scripts/units.mjs hostcompute)'],
      'include_dirs': ["<!(node -p \"require('node-addon-api').include_dir\")"],
      # Without the last node-addon-api ends the process when a worker thread is terminated in the middle of a call.
      'defines': ['NAPI_VERSION=8', 'NAPI_DISABLE_CPP_EXCEPTIONS', 'NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS'],
      'conditions': [
        ['OS=="linux"', {'libraries': ['-ldl']}],
        ['OS=="win"', {
          'sources': ['<!@(node scripts/units.mjs windows)'],
          'libraries': ['advapi32.lib'],
        }],
      ],
    },
    # A library that has the state of a host, and a thin one for each DLL of Windows, which exports its functions.
    {
      'target_name': 'hostcompute-simulator',
      'includes': ['native/flags.gypi', 'native/host-library.gypi'],
      'sources': ['<!@(node scripts/units.mjs simulator)'],
    },
    {
      'target_name': 'hostcompute-simulator-vmcompute',
      'includes': ['native/flags.gypi', 'native/host-library.gypi'],
      'dependencies': ['hostcompute-simulator'],
      'sources': ['<!@(node scripts/units.mjs vmcompute)'],
    },
    {
      'target_name': 'hostcompute-simulator-computecore',
      'includes': ['native/flags.gypi', 'native/host-library.gypi'],
      'dependencies': ['hostcompute-simulator'],
      'sources': ['<!@(node scripts/units.mjs computecore)'],
    },
    {
      'target_name': 'hostcompute-simulator-computenetwork',
      'includes': ['native/flags.gypi', 'native/host-library.gypi'],
      'dependencies': ['hostcompute-simulator'],
      'sources': ['<!@(node scripts/units.mjs computenetwork)'],
    },
    {
      'target_name': 'hostcompute-simulator-computestorage',
      'includes': ['native/flags.gypi', 'native/host-library.gypi'],
      'dependencies': ['hostcompute-simulator'],
      'sources': ['<!@(node scripts/units.mjs computestorage)'],
    },
    {
      'target_name': 'hostcompute-simulator-virtdisk',
      'includes': ['native/flags.gypi', 'native/host-library.gypi'],
      'dependencies': ['hostcompute-simulator'],
      'sources': ['<!@(node scripts/units.mjs virtdisk)'],
    },
    # The same for the host of another process.
    {
      'target_name': 'hostcompute-remote',
      'includes': ['native/flags.gypi', 'native/host-library.gypi'],
      'sources': ['<!@(node scripts/units.mjs remote)'],
    },
    {
      'target_name': 'hostcompute-remote-vmcompute',
      'includes': ['native/flags.gypi', 'native/host-library.gypi'],
      'dependencies': ['hostcompute-remote'],
      'sources': ['<!@(node scripts/units.mjs vmcompute)'],
    },
    {
      'target_name': 'hostcompute-remote-computecore',
      'includes': ['native/flags.gypi', 'native/host-library.gypi'],
      'dependencies': ['hostcompute-remote'],
      'sources': ['<!@(node scripts/units.mjs computecore)'],
    },
    {
      'target_name': 'hostcompute-remote-computenetwork',
      'includes': ['native/flags.gypi', 'native/host-library.gypi'],
      'dependencies': ['hostcompute-remote'],
      'sources': ['<!@(node scripts/units.mjs computenetwork)'],
    },
    {
      'target_name': 'hostcompute-remote-computestorage',
      'includes': ['native/flags.gypi', 'native/host-library.gypi'],
      'dependencies': ['hostcompute-remote'],
      'sources': ['<!@(node scripts/units.mjs computestorage)'],
    },
    {
      'target_name': 'hostcompute-remote-virtdisk',
      'includes': ['native/flags.gypi', 'native/host-library.gypi'],
      'dependencies': ['hostcompute-remote'],
      'sources': ['<!@(node scripts/units.mjs virtdisk)'],
    },
  ],
}
