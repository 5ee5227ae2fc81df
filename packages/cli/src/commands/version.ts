import type { Action } from '../command-line/declare.js';
import { Output } from '../output/output.js';
import { packageVersion } from '../package-version.js';

/** The versions of this command, of Node, and of the system. */
// eslint-disable-next-line @typescript-eslint/require-await -- as all commands
export const version: Action<object> = async ({ globals }) => {
  const { node } = process.versions;
  const found = { kind: 'version', version: packageVersion(), node, platform: `${process.platform}-${process.arch}` };
  new Output(globals).one(found, [`hostcompute ${found.version}, Node ${node}, ${found.platform}`]);
};
