# What a clone and the prebuilt binaries are built with: `npm run build:native`. "gypfile": false in package.json keeps npm
# from building it unasked. CMakeLists.txt builds the same sources for everything else.
{
  'targets': [
    {
      'target_name': 'hostcompute',
      'includes': ['native/flags.gypi'],
      'sources': ["<!@(node -p \"require('./native/sources.json').hostcompute.map((each) => 'native/' + each).join(' ')\")"],
      'include_dirs': ["<!(node -p \"require('node-addon-api').include_dir\")"],
      # Without the last node-addon-api ends the process when a worker thread is terminated in the middle of a call.
      'defines': ['NAPI_VERSION=8', 'NAPI_DISABLE_CPP_EXCEPTIONS', 'NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS'],
      'conditions': [
        ['OS=="linux"', {'libraries': ['-ldl']}],
        ['OS=="win"', {
          'sources': ["<!@(node -p \"require('./native/sources.json').windows.map((each) => 'native/' + each).join(' ')\")"],
          'libraries': ['advapi32.lib'],
        }],
      ],
    },
    {
      'target_name': 'vmcompute',
      'type': 'shared_library',
      'product_prefix': '',
      'includes': ['native/flags.gypi'],
      'win_delay_load_hook': 'false',
      # Small rather than fast: it is the larger part of the package, and stands for a host that is slower by far.
      'cflags_cc': ['-Os'],
      'configurations': {
        'Release': {
          'xcode_settings': {'GCC_OPTIMIZATION_LEVEL': 's'},
          'msvs_settings': {'VCCLCompilerTool': {'Optimization': 1}},
        },
      },
      'sources': ["<!@(node -p \"require('./native/sources.json').simulator.map((each) => 'native/' + each).join(' ')\")"],
      'conditions': [
        ['OS=="linux"', {'product_extension': 'so', 'ldflags': ['-Wl,-soname,vmcompute.so']}],
        ['OS=="mac"', {'product_extension': 'dylib'}],
        ['OS=="win"', {'libraries': ['ole32.lib']}],
      ],
    },
  ],
  'conditions': [
    ['OS!="win"', {
      'targets': [
        {
          'target_name': 'vmcompute-remote',
          'type': 'shared_library',
          'product_prefix': '',
          'includes': ['native/flags.gypi'],
          'cflags_cc': ['-Os'],
          'configurations': {'Release': {'xcode_settings': {'GCC_OPTIMIZATION_LEVEL': 's'}}},
          'sources': ["<!@(node -p \"require('./native/sources.json').remote.map((each) => 'native/' + each).join(' ')\")"],
          'conditions': [
            ['OS=="linux"', {'product_extension': 'so', 'ldflags': ['-Wl,-soname,vmcompute-remote.so']}],
            ['OS=="mac"', {'product_extension': 'dylib'}],
          ],
        },
      ],
    }],
  ],
}
