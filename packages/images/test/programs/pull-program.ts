// A program that pulls, for tests of what several programs do at once and of programs that end in the middle:
//   node pull-program.js FOLDER REFERENCE [--kill-at STEP]
// It prints a line of JSON: the image, or the code of the error; and with --kill-at 0 the names of its steps.
import { Simulator } from 'hostcompute/simulator';

import { ImageStore } from '../../src/image-store.js';
import { countSteps } from '../support/steps.js';

const [folder, reference, , killAt] = process.argv.slice(2) as [string, string, string?, string?];
const changing = ['mkdir', 'mkdtemp', 'open', 'rename', 'rm', 'rmdir', 'truncate', 'write', 'writeFile'];
const names: string[] = [];
if (killAt !== undefined) {
  countSteps((_, name) => {
    // Between two of these what is on the disk is the same.
    if (!changing.includes(name)) return;
    names.push(name);
    if (names.length === Number(killAt)) process.kill(process.pid, 'SIGKILL');
  });
}
const simulator = await Simulator.open();
const images = await ImageStore.open(folder, { host: simulator.host });
const answer = await images.pull(reference).then(
  ({ id, layers }) => ({ id, layers }),
  (error: unknown) => ({ code: (error as { code?: string }).code }),
);
await images.close();
await simulator.close();
process.stdout.write(`${JSON.stringify({ ...answer, steps: names })}\n`);
