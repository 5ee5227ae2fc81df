# What a clone and the prebuilt binaries are built with: `npm run build:native`. It stands here and not at the root,
# where npm would build it unasked on every install. CMakeLists.txt builds the same sources for everything else.
{
  'target_defaults': {
    'cflags_cc': ['-std=c++17', '-Wall', '-Wextra', '-fvisibility=hidden', '-pthread'],
    'cflags': ['-fPIC', '-ffunction-sections', '-fdata-sections'],
    'ldflags': ['-pthread', '-Wl,--gc-sections'],
    'xcode_settings': {
      'CLANG_CXX_LANGUAGE_STANDARD': 'c++17',
      'GCC_SYMBOLS_PRIVATE_EXTERN': 'YES',
      'MACOSX_DEPLOYMENT_TARGET': '11.0',
    },
    'msvs_settings': {
      'VCCLCompilerTool': {
        'AdditionalOptions': ['/std:c++17', '/utf-8', '/guard:cf', '/sdl', '/W4'],
        'ExceptionHandling': 1,
      },
      'VCLinkerTool': {'AdditionalOptions': ['/guard:cf']},
    },
  },
  # RuntimeLibrary 0 is the static one of MSVC, for no redistributable to be needed. It stands with the targets, where it
  # outweighs what the headers of a Node say.
  'targets': [
    {
      'target_name': 'hostcompute',
      'sources': ["<!@(node -p \"require('./sources.json').hostcompute.join(' ')\")"],
      'include_dirs': ["<!(node -p \"require('node-api-headers').include_dir\")"],
      'defines': ['NAPI_VERSION=8'],
      'configurations': {'Release': {'msvs_settings': {'VCCLCompilerTool': {'RuntimeLibrary': 0}}}},
      'conditions': [
        ['OS=="linux"', {'libraries': ['-ldl']}],
        ['OS=="win"', {
          'sources': ["<!@(node -p \"require('./sources.json').windows.join(' ')\")"],
          'libraries': ['advapi32.lib'],
        }],
      ],
    },
    {
      'target_name': 'vmcompute',
      'type': 'shared_library',
      'product_prefix': '',
      'win_delay_load_hook': 'false',
      # Small rather than fast: it is the larger part of the package, and stands for a host that is slower by far.
      'cflags_cc': ['-Os'],
      'configurations': {
        'Release': {
          'xcode_settings': {'GCC_OPTIMIZATION_LEVEL': 's'},
          'msvs_settings': {'VCCLCompilerTool': {'RuntimeLibrary': 0, 'Optimization': 1}},
        },
      },
      'sources': ["<!@(node -p \"require('./sources.json').simulator.join(' ')\")"],
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
          'cflags_cc': ['-Os'],
          'configurations': {'Release': {'xcode_settings': {'GCC_OPTIMIZATION_LEVEL': 's'}}},
          'sources': ["<!@(node -p \"require('./sources.json').remote.join(' ')\")"],
          'conditions': [
            ['OS=="linux"', {'product_extension': 'so', 'ldflags': ['-Wl,-soname,vmcompute-remote.so']}],
            ['OS=="mac"', {'product_extension': 'dylib'}],
          ],
        },
      ],
    }],
  ],
}
