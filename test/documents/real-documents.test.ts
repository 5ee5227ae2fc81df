import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';

import type { Host, Issue, SystemDocument } from 'hostcompute';
import { ComputeSystem, HcsError } from 'hostcompute';
import { documents, validateDocument } from 'hostcompute/documents';

import { containerDocument, linuxContainerDocument } from '../support/documents.js';
import { foreignDocuments, useSimulator } from '../support/host.js';
import { machineDocument } from '../support/machines.js';

interface Fixture {
  readonly kind: string;
  /** `accepted`, or `refused` and how. */
  readonly host: string;
  readonly id?: string;
  readonly build?: number;
  readonly about?: string;
  readonly guestOs?: 'Linux';
  readonly document: object;
}

const folder = new URL('../../../test/fixtures/real/', import.meta.url);
const fixtures = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => [file, JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Fixture] as const);

const types: Readonly<Record<string, string | undefined>> = {
  modify: 'ModifySettingRequest',
  properties: 'Properties',
  query: 'System_PropertyQuery',
  result: 'ResultError',
  exit: 'SystemExitStatus',
  'process-status': 'ProcessStatus',
  save: 'SaveOptions',
  shutdown: 'ShutdownOptions',
};
const called: readonly string[] = ['create', 'modify', 'process', 'query', 'save', 'shutdown'];

// Warned of, as other hosts took what this one refused: so does the simulated host.
const onlyWarned: readonly string[] = ['vm-appsandbox-8006.json'];

const isRefused = ({ host, kind }: Fixture): boolean =>
  host.startsWith('refused') && !host.includes('not for its document') && kind !== 'result';

function issuesOf({ kind, id, build, guestOs, document }: Fixture, osBuild = build): readonly Issue[] {
  const type = types[kind];
  const known = { ...(id !== undefined && { id }), ...(guestOs !== undefined && { guestOs }) };
  return validateDocument(document, { ...(type && { kind: type }), ...(osBuild && { osBuild }), known });
}

/** What the host of a build speaks; what one of no known build does, the simulated host has by default. */
function spokenBy(build: number): string {
  const [, version = '2.5'] =
    (
      [
        [26100, '2.11'],
        [22621, '2.7'],
        [22000, '2.6'],
        [20348, '2.5'],
        [19041, '2.3'],
        [17763, '2.1'],
      ] as const
    ).find(([first]) => build >= first) ?? [];
  return version;
}

function systemFor({ kind, guestOs }: Fixture, id: string): SystemDocument {
  if (guestOs === 'Linux') return linuxContainerDocument(id);
  return (kind === 'process' ? containerDocument() : { ...machineWithGuest() }) as SystemDocument;
}

function machineWithGuest(): object {
  const { VirtualMachine, ...rest } = machineDocument();
  return { ...rest, VirtualMachine: { ...VirtualMachine, GuestConnection: {} } };
}

/** Sends the document as a program would; rejects with what the host says. */
async function send(fixture: Fixture, id: string, host: Host): Promise<void> {
  const text = JSON.stringify(fixture.document);
  const options = { host, validate: 'off' } as const;
  const document = fixture.kind === 'create' ? text : systemFor(fixture, id);
  const system = await ComputeSystem.create(id, document, options);
  try {
    await system.start();
    if (fixture.kind === 'modify') await system.modify(text, { validate: 'off' });
    if (fixture.kind === 'query') await system.properties(text);
    if (fixture.kind === 'shutdown') await system.shutdown({ options: text });
    if (fixture.kind === 'process') await (await system.createProcess(text)).close();
    if (fixture.kind === 'save') {
      await system.pause();
      await system.save({ options: text });
    }
  } finally {
    await system.stop({ graceMs: 0 });
    await system.close();
  }
}

describe('Documents of real hosts', () => {
  const bench = useSimulator(foreignDocuments);

  for (const [file, fixture] of fixtures.filter(([, { kind }]) => kind !== 'oci')) {
    const { host: verdict, about, build } = fixture;
    if (isRefused(fixture)) {
      it(`${file}: the validator names ${about ?? 'a member'}, as the host ${verdict}`, () => {
        for (const issues of [issuesOf(fixture), issuesOf(fixture, undefined)]) {
          assert.ok(
            issues.some(({ path }) => about === undefined || path.split(/[.[\]]/).includes(about)),
            JSON.stringify(issues),
          );
        }
      });
    } else {
      it(`${file}: the validator reports no error, for the build of the host or any other`, () => {
        for (const issues of [issuesOf(fixture), issuesOf(fixture, undefined)]) {
          assert.deepEqual(
            issues.filter(({ severity }) => severity === 'error'),
            [],
          );
        }
      });
    }
    if (!called.includes(fixture.kind)) continue;
    const code = /0x[0-9A-F]{8}/.exec(verdict)?.[0];
    if (isRefused(fixture) && !onlyWarned.includes(file)) {
      it(`${file}: the simulated host refuses it${code === undefined ? '' : ` with ${code}`}`, async () => {
        if (build !== undefined) await bench.simulator.configure({ schemaVersion: spokenBy(build) });
        await assert.rejects(send(fixture, fixture.id ?? bench.id(), bench.simulator.host), (error: HcsError) => {
          assert.ok(error instanceof HcsError, String(error));
          if (code !== undefined) assert.equal(error.status, Number(code), error.message);
          return true;
        });
      });
    } else {
      it(`${file}: the simulated host accepts it`, async () => {
        await send(fixture, fixture.id ?? bench.id(), bench.simulator.host);
        if (build === undefined) return;
        await bench.simulator.configure({ schemaVersion: spokenBy(build) });
        await send(fixture, fixture.id ?? bench.id(), bench.simulator.host);
      });
    }
  }

  for (const [file, { document }] of fixtures.filter(([, { kind }]) => kind === 'oci')) {
    it(`${file}: fromOciSpec() makes a valid document of it`, async () => {
      const scratchPath = '\\\\?\\Volume{99999991-8888-4777-8666-555555555555}\\';
      const parentLayers = [{ Id: '11111111-2222-5333-8444-000000000001', Path: 'C:\\ctrd\\1' }];
      const made = documents.fromOciSpec(document, { id: 'web', schema: 2, parentLayers, scratchPath });
      const errors = validateDocument(made.document).filter(({ severity }) => severity === 'error');
      assert.deepEqual(errors, []);
      const system = await ComputeSystem.create('web', made.document, { host: bench.simulator.host });
      await system.start();
      await system.terminate();
      await system.close();
    });
  }
});
