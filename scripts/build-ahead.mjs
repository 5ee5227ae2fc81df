// Builds what the native tests, the sanitized ones and Wine need, for .ci/run to have it done while mocha leaves a
// processor idle. Each of those would build it by itself.
import { spawnSync } from 'node:child_process';

import { build, finish, root } from './flavours.mjs';

finish(() => {
  for (const flavour of ['thread', 'address']) build(flavour, 'native-tests', 'hostcompute', 'vmcompute');
  return spawnSync(process.execPath, ['scripts/prebuild.mjs', 'win32-x64'], { cwd: root, stdio: 'inherit' }).status;
});
