import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';

import { asModule, done, oldestTypeScript, thisNode, User } from './user.js';

const compilers = [
  ['this TypeScript', fileURLToPath(new URL('../../../node_modules/typescript/bin/tsc', import.meta.url))],
  ['TypeScript 5.2', oldestTypeScript],
] as const;

interface Project {
  readonly name: string;
  readonly module: string;
  readonly moduleResolution: string;
  readonly file: string;
}

const projects: readonly Project[] = [
  { name: 'node16', module: 'node16', moduleResolution: 'node16', file: 'main.mts' },
  { name: 'nodenext', module: 'nodenext', moduleResolution: 'nodenext', file: 'main.mts' },
  { name: 'nodenext, in CommonJS', module: 'nodenext', moduleResolution: 'nodenext', file: 'main.cts' },
  { name: 'bundler', module: 'esnext', moduleResolution: 'bundler', file: 'main.mts' },
];

// The other entries; and mistakes, which are mistakes only where the types are there and not `any`.
const alsoTyped = `
import { validateDocument } from 'hostcompute/documents';
import type * as Hcn from 'hostcompute/hcn';
import type * as Hns from 'hostcompute/hns';
import { endpoints, networks } from 'hostcompute/network';
import type { RecordOptions } from 'hostcompute/recorder';
import type * as Schema1 from 'hostcompute/schema1';
import type * as Schema2 from 'hostcompute/schema2';
export const version: Schema2.Version = { Major: 2, Minor: 1 };
export const container: Partial<Schema1.ContainerConfig> = { Name: 'web' };
export const nat: Hcn.HostComputeNetwork = networks.nat({ name: 'web' });
export const endpoint = () => endpoints.of({ ...nat, ID: 'x' }, { ports: ['80:8888'] });
export const older: Hns.Network = { Name: 'nat', Policies: [{ Type: 'NAT', InternalPort: 80 }] };
// @ts-expect-error the settings of another policy
export const mistakenPolicy: Hcn.EndpointPolicy = { Type: 'PortMapping', Settings: { Exceptions: [] } };
export const options: RecordOptions = { redact: { environment: false } };
// @ts-expect-error a number
export const mistakenSystem = () => ComputeSystem.open(1);
// @ts-expect-error a number
export const mistakenDocument = () => validateDocument(1);
// @ts-expect-error a number
export const mistakenOptions: RecordOptions = { redact: 1 };`;

describe('The types of the package', () => {
  const user = new User();
  before(() => {
    user.install();
    user.borrow('@types/node');
    user.borrow('undici-types');
  });
  after(() => user.remove());

  for (const [number, { name, module, moduleResolution, file }] of projects.entries()) {
    const folder = `project-${number}`;
    const compilerOptions = {
      module,
      moduleResolution,
      target: 'es2022',
      lib: ['es2023', 'esnext.disposable'],
      types: ['node'],
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      rootDir: '.',
      outDir: 'out',
    };

    // How modules are found does not change what the types need; once is enough for the oldest.
    for (const [compiler, tsc] of name === 'nodenext' ? compilers : compilers.slice(0, 1)) {
      it(`compile with ${compiler}, moduleResolution ${name} and library checks, and the program runs`, () => {
        user.write(`${folder}/${file}`, `${asModule}\n${alsoTyped}\nvoid main();`);
        user.write(`${folder}/tsconfig.json`, JSON.stringify({ compilerOptions, files: [file] }));
        assert.equal(user.run(thisNode, [tsc, '-p', folder]).output, '');
        const { status, output } = user.run(thisNode, [`${folder}/out/${file.replace('ts', 'js')}`]);
        assert.equal(output.trim(), done);
        assert.equal(status, 0);
      });
    }
  }
});
