// Debian's docker-registry, on a port of this machine and with a folder of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface RunningRegistry extends AsyncDisposable {
  /** With its port. */
  readonly host: string;
}

/** Where its tokens come from, and whose signature they have. */
export interface TokenAuthority {
  readonly realm: string;
  readonly service: string;
  readonly issuer: string;
  /** PEM */
  readonly certificate: string;
}

export async function startRegistry(authority?: TokenAuthority): Promise<RunningRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'hc-registry-'));
  const configuration: Record<string, unknown> = {
    version: '0.1',
    log: { level: 'info', accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: join(folder, 'data') },
      maintenance: { uploadpurging: { enabled: false } },
    },
    http: { addr: '127.0.0.1:0' },
  };
  if (authority !== undefined) {
    const { certificate, ...token } = authority;
    const rootcertbundle = join(folder, 'authority.pem');
    await writeFile(rootcertbundle, certificate);
    configuration.auth = { token: { ...token, rootcertbundle } };
  }
  const file = join(folder, 'config.yml');
  // JSON is YAML.
  await writeFile(file, JSON.stringify(configuration));
  const child = spawn('docker-registry', ['serve', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'close');
  const said: string[] = [];
  const listening = new Promise<string>((resolve) => {
    createInterface(child.stderr).on('line', (line) => {
      said.push(line);
      const host = /listening on (127\.0\.0\.1:\d+)/.exec(line)?.[1];
      if (host !== undefined) resolve(host);
    });
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  const host = await Promise.race([listening, ended.then(() => undefined)]);
  if (host === undefined) {
    await stop();
    throw new Error(`docker-registry has ended: ${said.join('\n')}`);
  }
  return { host, [Symbol.asyncDispose]: stop };
}
