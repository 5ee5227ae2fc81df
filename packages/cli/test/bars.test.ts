import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { jsonLine } from '../src/output/json-line.js';
import { Folder } from './support/folder.js';
import { SmallRegistry } from './support/small-registry.js';

const program = fileURLToPath(new URL('../src/program.js', import.meta.url));

/** Runs the command in a terminal that `script` makes, as somebody types it. */
async function typed(words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const line = [process.execPath, program, ...words].map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['-qec', `stty cols 100 rows 24; ${line}`, '/dev/null'], {
    env: { ...process.env, TERM: 'xterm', NO_COLOR: undefined, FORCE_COLOR: undefined, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return text(child.stdout);
}

const onLinux = process.platform === 'linux' ? describe : () => undefined;

onLinux('In a terminal', () => {
  const folder = new Folder();
  let registry: SmallRegistry | undefined;
  before(async () => {
    registry = await SmallRegistry.open();
    await registry.image('app', '1', { os: 'windows', 'os.version': '10.0.20348.1' });
  });
  after(async () => {
    await registry?.[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  const pull = (env?: NodeJS.ProcessEnv) =>
    typed(['pull', `${registry!.host}/app:1`, '--host', 'simulated', '--root', folder.pathOf('root')], env);

  it('a pull has a line for each layer, and says last what it has', async () => {
    const lines = (await pull()).trimEnd().split('\r\n');
    assert.match(lines.at(-1)!, /^127\.0\.0\.1:\d+\/app:1: [\da-f]{12}, windows\/amd64/);
    assert.match(lines.join('\n'), /[\da-f]{12} {2}(unpack done|is there already)/);
  });

  it('a second pull says that it is there, and a dumb terminal is not drawn in', async () => {
    assert.match(await pull(), /is there already/);
    assert.doesNotMatch(await pull({ TERM: 'dumb' }), /\x1b/);
  });
});

describe('JSON for Windows PowerShell', () => {
  it('is ASCII, and the same value', () => {
    const value = { kind: 'x', text: 'Ü – 虚 😀' };
    const line = jsonLine(value, true);
    assert.match(line, /^[\x20-\x7e]+\n$/);
    assert.deepEqual(JSON.parse(line), value);
    assert.equal(jsonLine(value, false), '{"kind":"x","text":"Ü – 虚 😀"}\n');
  });
});
