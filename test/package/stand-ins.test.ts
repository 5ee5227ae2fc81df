import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { has, mingw } from '../support/capabilities.js';
import type { Ended, Runtime } from './user.js';
import { runtimes, thisNode, User } from './user.js';

const wine = runtimes.find((runtime) => runtime.wine);

// The command of the package runs in Node for this system, and the program of somebody else in the Wine prefix of the other tests.
if (wine !== undefined && has('mingw', 'The stand-in DLLs of the package')) {
  describe('The stand-in DLLs of the package', () => {
    const user = new User();
    const prefix = wine.env.WINEPREFIX!;
    const command = ['node_modules', 'hostcompute', 'dist', 'simulator', 'program.js'].join('/');
    const inPrefix: Runtime = { ...wine, command: ['wine', 'client.exe'] };

    before(() => {
      user.install();
      const source = join('test', 'package', 'foreign', 'client.cc');
      const output = join(user.folder, 'client.exe');
      const options = ['-std=c++17', '-Wall', '-Wextra', '-Werror', '-static', '-municode', source, '-o', output];
      const { status, stderr } = spawnSync(mingw, options, { encoding: 'utf8' });
      assert.equal(status, 0, stderr);
    });
    after(() => {
      simulator('uninstall', '--prefix', prefix);
      user.remove();
    });

    const simulator = (...args: readonly string[]): Ended => {
      const { PATH = '' } = process.env;
      return user.run(thisNode, [command, ...args], { PATH });
    };
    const installed = (...args: readonly string[]): void => {
      const { status, output } = simulator('install', '--prefix', prefix, ...args);
      assert.equal(status, 0, output);
      assert.match(output, /DLL overrides of the prefix/);
    };
    const client = (env: Readonly<Record<string, string>> = {}, ...more: readonly string[]): readonly string[] => {
      rmSync(join(user.folder, 'disk.vhdx'), { force: true });
      const disk = `Z:${join(user.folder, 'disk.vhdx').replaceAll('/', '\\')}`;
      const { status, output } = user.run(inPrefix, [disk, ...more], env);
      assert.equal(status, 0, output);
      return output.trim().split(/\r*\n/);
    };

    const whole = [
      'create 0x00000000',
      'start 0x00000000',
      'process 0x00000000',
      'output hello',
      'output closed 1',
      'exit of the process 0x00000000',
      '{"ProcessId":4,"Exited":true,"ExitCode":0,"LastWaitResult":0}',
      'terminate 0x00000000',
      'disk 0',
      'attach 0',
      'format 0x00000000',
      'mount path 0x00000000',
      'closed 1',
      'attached while a duplicate is open 0',
      'closed handle 6',
      'open 0',
      'detached by the close 55',
      '"Handles":{"System":0,"Process":0,"Registration":0,"Network":0,"Operation":0,"Disk":0},"CallsInside":',
      'nothing is open',
    ];

    it('serve a program that knows Windows alone, and closes its disks by CloseHandle', () => {
      installed();
      assert.deepEqual(client(), whole);
    });

    it('fail as an installed file of faults says, by name', () => {
      user.write('faults.json', JSON.stringify({ faults: ['start-unexpected-exit'] }));
      installed('--faults', 'faults.json');
      const lines = client();
      assert.deepEqual(lines.slice(0, 3), ['create 0x00000000', 'start 0xC0370106', 'terminate 0x00000000']);
      assert.equal(lines.at(-1), 'nothing is open');
    });

    it('fail as the file says that a program is started with', () => {
      user.write('third.json', '{"faults":[{"function":"virtdisk.AttachVirtualDisk","status":"0x80070020"}]}');
      const lines = client({ HOSTCOMPUTE_SIMULATOR_FAULTS: `Z:${user.folder.replaceAll('/', '\\')}\\third.json` });
      assert.equal(lines[9], 'attach 32');
      assert.equal(lines[1], 'start 0x00000000');
    });

    it('share the host that another process serves', () => {
      installed('--remote');
      user.write(
        'several.mjs',
        `import { spawn } from 'node:child_process';
        import { once } from 'node:events';
        import { resolve } from 'node:path';
        const name = String.raw\`\\\\.\\pipe\\several-\${process.pid}\`;
        const server = spawn(process.execPath, ['${command}', '--name', name], { stdio: ['ignore', 'pipe', 'inherit'] });
        await once(server.stdout, 'data');
        const env = { ...process.env, HOSTCOMPUTE_SIMULATOR_SOCKET: name };
        const [code] = await once(spawn('client.exe', [resolve('several.vhdx')], { env, stdio: ['ignore', 'inherit', 'inherit'] }), 'exit');
        server.kill();
        process.exitCode = code;`,
      );
      const { status, output } = user.run(wine, ['several.mjs']);
      assert.deepEqual(output.trim().split(/\r*\n/), whole);
      assert.equal(status, 0);
    });

    it('are gone when they are uninstalled, and Wine has its own again', () => {
      const { output } = simulator('uninstall', '--prefix', prefix);
      assert.match(output, /Put back: virtdisk\.dll\n/);
      const system = join(prefix, 'drive_c', 'windows', 'system32');
      assert.ok(!existsSync(join(system, 'computecore.dll')));
      assert.equal(
        user.run(inPrefix, ['disk.vhdx']).output.trim(),
        'computecore.dll has no HcsCreateComputeSystem: 126',
      );
    });

    it('serve a program beside which they lie', () => {
      const { status, output } = simulator('install', '--folder', '.');
      assert.equal(status, 0, output);
      // Wine prefers its own of a DLL that it has.
      const overrides = `${wine.env.WINEDLLOVERRIDES ?? ''};virtdisk=n`;
      assert.deepEqual(client({ WINEDLLOVERRIDES: overrides }, 'app'), whole);
    });
  });
}
