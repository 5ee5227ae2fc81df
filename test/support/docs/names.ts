// What a page that compares names calls functions of this package, as a module that only compiles when there are such.
import { readFileSync } from 'node:fs';

import type { Example } from './blocks.js';

const receivers = {
  system: 'main.ComputeSystem',
  child: 'main.Process',
  store: 'main.LayerStore',
  mounted: 'main.MountedLayer',
  host: 'main.Host',
  network: 'networking.Network',
  endpoint: 'networking.Endpoint',
  namespace: 'networking.Namespace',
  balancer: 'networking.LoadBalancer',
  route: 'networking.Route',
} as const;

/** The names in the last column of each table: `system.start()`, `ComputeSystem.create()`, `isNotFound()`, `HcsError`. */
export function namesInTables(file: string): Example {
  const lines = readFileSync(file, 'utf8').split(/\r?\n/).map(namesOfRow);
  const declared = Object.entries(receivers).map(([name, type]) => `declare const ${name}: ${type};`);
  const entries = {
    main: 'hostcompute',
    documents: 'hostcompute/documents',
    networking: 'hostcompute/network',
    storing: 'hostcompute/storage',
  };
  const imports = Object.entries(entries).map(([name, entry]) => `import * as ${name} from '${entry}';`);
  const header = `${imports.join(' ')} const api = { ...main, ...documents, ...networking, ...storing }; ${declared.join(' ')}`;
  const source = lines.map((names) => (names.length === 0 ? '' : `void [${names.join(', ')}];`));
  source[0] = header;
  return {
    place: `${file}:1`,
    source: source.join('\n'),
    code: '',
    isTest: false,
    notRun: 'it names functions, and calls none',
  };
}

function namesOfRow(line: string): string[] {
  if (!line.startsWith('|')) return [];
  const cell = line.split('|').at(-2) ?? '';
  const spans = [...cell.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span);
  const names = spans.filter((span) => /^(?!os\.)\w+(\.\w+)*\(\)$|^\w+\.\w+$|^[A-Z]\w+$/.test(span));
  return names.map((name) => {
    const plain = name.replace('()', '');
    return Object.hasOwn(receivers, plain.split('.')[0] ?? '') ? plain : `api.${plain}`;
  });
}
