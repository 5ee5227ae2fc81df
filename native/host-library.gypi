# What the libraries of the simulated host have in common: their names have no "lib" before them, and each finds the others
# in its own folder.
{
  'type': 'shared_library',
  'product_prefix': '',
  'win_delay_load_hook': 'false',
  'conditions': [
    ['OS=="linux"', {
      'product_extension': 'so',
      'ldflags': ['-Wl,-soname,<(_target_name).so', "-Wl,-rpath,'$$ORIGIN'"],
    }],
    ['OS=="mac"', {
      'product_extension': 'dylib',
      'xcode_settings': {'LD_DYLIB_INSTALL_NAME': '@loader_path/<(_target_name).dylib'},
    }],
    ['OS=="win"', {'libraries': ['advapi32.lib', 'ole32.lib', 'ws2_32.lib']}],
  ],
}
