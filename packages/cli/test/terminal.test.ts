// Containers in a real terminal, and what Ctrl+C does outside of one.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { has } from './support/capabilities.js';
import { program } from './support/hostcompute.js';
import { addLayers } from './support/layers.js';
import { ServedHost } from './support/served-host.js';
import { quoted, Terminal } from './support/terminal.js';

const layers = ['--layers', 'app,base'];

describe('hostcompute and terminals', () => {
  let served: ServedHost;
  before(async () => {
    served = await ServedHost.open();
    await addLayers(served.folder.pathOf('root'), served.simulator.host);
  });
  afterEach(async () => {
    await served.simulator.clear();
    await served.run('reap', '--all');
    assert.deepEqual((await served.simulator.state()).Systems, []);
  });
  after(async () => served[Symbol.asyncDispose]());
  const line = (...words: readonly string[]): string => quoted([process.execPath, program, ...served.words(words)]);

  if (has('tmux', 'containers in a terminal')) {
    it('give the guest a console of the size of the terminal, which follows it', async () => {
      await using terminal = await Terminal.open(line('run', '-it', ...layers, 'cmd'));
      await terminal.until(/C:\\>/);
      await terminal.type('mode con', 'Enter');
      assert.match(await terminal.until(/Columns:\s+\d+/), /Lines:\s+24\s+Columns:\s+80/);
      await terminal.resize(100, 30);
      for (let found = false; !found;) {
        await terminal.type('mode con', 'Enter');
        found = /Lines:\s+30\s+Columns:\s+100/.test(await terminal.until(/Columns:\s+\d+[^]*C:\\>\s*$/));
      }
      await terminal.type('exit 5', 'Enter');
      await terminal.until(/exit 5\s+\S*[#$]\s*$/);
      await terminal.type('echo "code=$?"; stty -a', 'Enter');
      const screen = await terminal.until(/code=\d+[^]*icanon/);
      assert.match(screen, /code=5/);
      assert.doesNotMatch(screen, /-echo\b|-icanon/, 'the terminal is as it was');
    });

    it('leave Ctrl+C to the guest', async () => {
      await using terminal = await Terminal.open(
        `${line('run', '-it', ...layers, 'cmd', '/c', 'echo ready& sim-sleep')}; echo "code=$?"`,
      );
      await terminal.until(/^ready/m);
      await terminal.type('C-c');
      // 0xC000013A is the guest's own code.
      await terminal.until(/code=58/);
    });

    it('leave a container that goes on by Ctrl+P Ctrl+Q', async () => {
      const { stdout } = await served.run('run', '-d', '-it', '--name', 'shell', ...layers, 'cmd');
      assert.equal(stdout, 'shell\n');
      await using terminal = await Terminal.open(`${line('attach', 'shell')}; echo "code=$?"`);
      await terminal.type('Enter');
      await terminal.until(/C:\\>/);
      await terminal.type('C-p', 'C-q');
      await terminal.until(/"shell" goes on\s+code=0/);
      assert.equal((await served.run('rm', '-f', 'shell')).exitCode, 0);
    });

    it('end the guest by Ctrl+C without a console', async () => {
      await using terminal = await Terminal.open(
        `${line('run', ...layers, 'cmd', '/c', 'echo ready& sim-sleep')}; echo "code=$?"`,
      );
      await terminal.until(/^ready/m);
      await terminal.type('C-c');
      await terminal.until(/code=130/);
    });
  }

  // On Windows signals of others cannot be received.
  if (process.platform !== 'win32') {
    const startedGuest = async () => {
      const words = served.words(['run', '--name', 'guest', ...layers, 'cmd', '/c', 'echo ready& sim-sleep']);
      const child = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
      let stderr = '';
      child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
      await once(child.stdout, 'data');
      return { child, closed: once(child, 'close'), stderr: () => stderr };
    };

    it('end a guest by force at the second Ctrl+C, which does not heed the first', async () => {
      await served.simulator.inject({ function: 'vmcompute.HcsSignalProcess', block: true });
      const { child, closed } = await startedGuest();
      child.kill('SIGINT');
      assert.ok(await served.simulator.reached({ blockedCalls: 1 }));
      child.kill('SIGINT');
      assert.deepEqual(await closed, [130, null]);
    });

    it('leave at the third, and say what stays', async () => {
      await served.simulator.inject({ function: 'vmcompute.HcsSignalProcess', block: true });
      await served.simulator.inject({ function: 'vmcompute.HcsTerminateProcess', block: true });
      const { child, closed, stderr } = await startedGuest();
      child.kill('SIGINT');
      assert.ok(await served.simulator.reached({ blockedCalls: 1 }));
      child.kill('SIGINT');
      assert.ok(await served.simulator.reached({ blockedCalls: 2 }));
      child.kill('SIGINT');
      assert.deepEqual(await closed, [130, null]);
      assert.match(stderr(), /this is left, which "hostcompute reap" removes:\n {2}system guest\n/);
    });
  }
});
