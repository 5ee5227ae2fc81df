import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

// What is loaded with an entry: its static imports, and theirs.
function loadedWith(entry: string): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (url: URL): void => {
    const name = url.pathname.replace(/^.*\/dist\//, '');
    if (found.has(name)) return;
    found.add(name);
    const text = readFileSync(url, 'utf8');
    for (const [, specifier = ''] of text.matchAll(/^(?:import|export) (?:[^'";]*? from )?'([^']+)'/gm)) {
      if (specifier.startsWith('.')) visit(new URL(specifier, url));
      else found.add(specifier);
    }
  };
  visit(new URL(`../../../dist/${entry}.js`, import.meta.url));
  return found;
}

const isOfNetworks = (name: string): boolean => name.startsWith('network') || name === 'ipaddr.js';

describe('Importing', () => {
  for (const entry of ['index', 'documents', 'simulator', 'recorder', 'utility-vm']) {
    it(`${entry}.js loads nothing of networks`, () => {
      assert.deepEqual([...loadedWith(entry)].filter(isOfNetworks), []);
    });
  }

  it('doctor.js loads what compares addresses, and no more of networks', () => {
    const loaded = [...loadedWith('doctor')].filter(isOfNetworks);
    assert.deepEqual(loaded.sort(), ['ipaddr.js', 'network/documents/addresses.js']);
  });

  it('network.js loads what compares addresses, and no tables of HCS', () => {
    const loaded = loadedWith('network');
    assert.ok(loaded.has('ipaddr.js') && loaded.has('network/documents/tables.js'));
    assert.deepEqual(
      ['documents/tables.js', 'documents/hcs-schemas.js'].filter((name) => loaded.has(name)),
      [],
    );
  });
});
