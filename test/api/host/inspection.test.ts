import assert from 'node:assert/strict';
import { inspect } from 'node:util';

import { useSimulator } from '../../support/host.js';
import { useLayers } from '../../support/layers/layers.js';

const lines = (value: unknown): string => inspect(value, { breakLength: Infinity });

describe('console.log() and JSON.stringify()', () => {
  const bench = useSimulator();
  const layers = useLayers(bench);

  it('show id, state, process count and exit of a system', async () => {
    const system = await bench.running();
    const child = await bench.run('sim-cat', system);
    assert.equal(lines(system), `ComputeSystem { id: '${system.id}', state: 'open', processes: 1 }`);
    await child.close();
    await system.terminate();
    await system.exited;
    assert.deepEqual(JSON.parse(JSON.stringify(system)), {
      id: system.id,
      state: 'exited',
      processes: 0,
      exit: { status: 0, exitType: 'ForcedExit' },
    });
    await system.close();
    assert.match(lines(system), /state: 'closed'/);
    assert.equal(inspect([[[system]]]), '[ [ [ [ComputeSystem] ] ] ]');
  });

  it('show a system whose service has disconnected', async () => {
    const system = await bench.running();
    const exited = assert.rejects(system.exited);
    await bench.simulator.disconnect();
    await exited;
    assert.match(lines(system), /state: 'disconnected'/);
    await bench.simulator.reconnect();
  });

  it('show ids, state and exit code of a process, but not its command or environment', async () => {
    const child = await bench.run({ command: 'cmd /c exit 3', env: { TOKEN: 'secret' } });
    await child.exited;
    const shown = { pid: child.pid, systemId: child.system.id, state: 'exited', exitCode: 3 };
    assert.deepEqual(JSON.parse(JSON.stringify(child)), shown);
    assert.equal(lines(child), `Process ${lines(shown)}`);
    assert.doesNotMatch(inspect(child, { depth: Infinity, showHidden: true }), /secret|cmd/);
  });

  it('show kind, state and counts of a host', async () => {
    await bench.running();
    const { host } = bench.simulator;
    const shown = JSON.parse(JSON.stringify(host)) as Record<string, unknown>;
    assert.deepEqual(Object.keys(shown), [
      ...['kind', 'backend', 'state', 'systems', 'processes', 'layers', 'callsInFlight', 'stuckCalls'],
    ]);
    assert.equal(shown.kind, 'simulated');
    assert.equal(shown.systems, 1);
    assert.match(lines(host), /^Host \{ kind: 'simulated', .*state: 'open', systems: 1, processes: 0,/);
  });

  it('show ids, paths, state and counts of a layer store and of a mounted layer', async () => {
    await layers.scratch();
    const mounted = await layers.store.mount('scratch', ['app', 'base']);
    const { id, folder, volume } = mounted;
    assert.deepEqual(JSON.parse(JSON.stringify(mounted)), { id, folder, volume, state: 'mounted' });
    assert.deepEqual(JSON.parse(JSON.stringify(layers.store)), {
      folder: layers.store.folder,
      hostKind: 'simulated',
      mounted: 1,
    });
    await mounted.close();
    assert.match(lines(mounted), /^MountedLayer \{ id: 'scratch', .*state: 'closed' \}$/);
    assert.match(lines(layers.store), /^LayerStore \{ .*mounted: 0 \}$/);
  });
});
