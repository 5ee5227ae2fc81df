# How each target of binding.gyp is compiled. It is included in every target, and not in target_defaults, to outweigh what
# the headers of Node say: they switch exceptions and run-time types off, and choose a standard by the version of Node.
{
  'cflags': ['-fPIC', '-ffunction-sections', '-fdata-sections'],
  # Small rather than fast: what is slow is the system, and measured there is no difference.
  'cflags_cc': ['-Os', '-std=c++17', '-Wall', '-Wextra', '-fvisibility=hidden', '-pthread'],
  'cflags_cc/': [['exclude', '^-(std=.*|fno-exceptions|fno-rtti)$'], ['include', '^-std=c[+][+]17$']],
  'ldflags': ['-pthread', '-Wl,--gc-sections'],
  'xcode_settings': {
    'CLANG_CXX_LANGUAGE_STANDARD': 'c++17',
    'GCC_ENABLE_CPP_EXCEPTIONS': 'YES',
    'GCC_ENABLE_CPP_RTTI': 'YES',
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
  # The static runtime of MSVC, for no redistributable to be needed.
  'configurations': {
    'Release': {
      'xcode_settings': {'GCC_OPTIMIZATION_LEVEL': 's'},
      'msvs_settings': {'VCCLCompilerTool': {'RuntimeLibrary': 0, 'Optimization': 1}},
    },
  },
}
