// Builds what the native tests, the sanitized ones, Wine and the package need, for .ci/run to have it done while mocha leaves
// a processor idle. Each of those would build it by itself.
import { build } from './flavours.mjs';
import { finish } from './run.mjs';

finish(() => {
  for (const flavour of ['thread', 'address']) build(flavour, 'native-tests', 'hostcompute', 'vmcompute');
  build('windows', 'hostcompute', 'vmcompute', 'test-files');
  return 0;
});
