// Builds what the native tests, the sanitized ones, Wine and the package need, for .ci/run to have it done while mocha leaves
// a processor idle. Each of those would build it by itself.
//
//   node scripts/build-ahead.mjs FLAVOUR...
import { build } from './flavours.mjs';
import { thinLibraries } from './package/dlls.mjs';
import { finish } from './run.mjs';
import { nativeTests } from './wine.mjs';

const targets = {
  windows: [...thinLibraries('remote'), 'fake-windows', ...nativeTests],
  thread: ['native-tests'],
  address: ['native-tests'],
};

finish(() => {
  for (const flavour of process.argv.slice(2))
    build(flavour, 'hostcompute', ...thinLibraries('simulator'), ...targets[flavour]);
  return 0;
});
