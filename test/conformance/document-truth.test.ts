import assert from 'node:assert/strict';

import { issueOf } from '#dist/documents/issue.js';
import { printJson } from '#dist/documents/json.js';
import type { ObjectType } from '#dist/documents/schema.js';
import { second } from '#dist/documents/schema.js';
import type { Issue, SystemDocument } from 'hostcompute';
import { ComputeSystem, HcsError, validateDocument } from 'hostcompute';
import fc from 'fast-check';

import { ruleCases, soundDocuments } from '../documents/rule-cases.js';
import type { Place } from '../support/arbitrary-documents.js';
import { placesIn, replaced, valueOf, wrongFor } from '../support/arbitrary-documents.js';
import { containerDocument, hostedDocument } from '../support/documents.js';
import type { Bench } from '../support/host.js';
import { useSimulator } from '../support/host.js';
import { machineDocument, utilityVmDocument } from '../support/machines.js';

// The validator refuses these, and no source says that a host does: the simulated one takes them.
const takenByTheHost: readonly string[] = [
  'host-name: a host name with a dot',
  'host-name: one of 64 letters',
  'layers: the same in schema 1',
  'layers: the writable layer among them',
  'scratch-path: a folder',
  'scratch-path: a last backslash in schema 1',
  'hyper-v-runtime: Hyper-V without an image',
  'hyper-v-runtime: Hyper-V with a volume',
  'hyper-v-runtime: an image without Hyper-V',
  'linux-runtime: Linux without a VM',
  'linux-runtime: Linux with nothing to boot',
  'one-processor-limit: the same in schema 1',
  'machine-memory: a change to an odd number',
  'one-processor-group: a partition and a group',
  'numa: nodes with overcommit',
  'numa: more than 64',
  'numa: the same node twice',
  'numa: any node for some',
  'numa: a node without memory',
  'numa: memory that does not add up',
  'numa: processors that do not',
  'numa: another count of nodes',
  'scsi: two controllers of a Windows utility VM',
  'attachment-type: an extensible disk without its type',
  'persistent-memory: more than it says',
  'persistent-memory: half a page of a device',
  'persistent-memory: a device larger than all',
  'boot-entry: a controller that is not there',
  'boot-entry: a LUN with nothing',
  'boot-entry: no share to boot from',
  'com-port: a file',
  'shares: two of one name',
  'shares: single files of an open share',
  'shares: the same of Plan 9',
  'mapped-directory: a relative source',
  'mapped-directory: a relative target',
  'mapped-directory: one target twice',
  'mapped-pipe: a path that is no pipe',
  'mapped-pipe: a name that is a path',
  'network: a namespace that is no GUID',
  'device: a class without its GUID',
  'device: a class with a location',
  'device: a device without its location',
  'schema1-devices: devices with Hyper-V',
  'credentials: the transport of a VM',
  'credentials: the transport of a process',
  'credentials: a state made by hand',
  'credentials: text that is no JSON',
  'registry-value: no data',
  'registry-value: data of another type',
  'registry-value: no name',
  'registry-value: a custom type for another',
  'socket-table: a descriptor that is none',
  'socket-table: one of a service',
];

// What the tables alone tell.
const structural = new Set(['value', 'unknown-member', 'newer-member']);
const spoken = { schemaVersion: '2.5' } as const;

/** What the host finds wrong with the document, or nothing. */
async function hostRefuses(bench: Bench, document: object): Promise<string | undefined> {
  const options = { host: bench.simulator.host, validate: 'off' } as const;
  const members = document as Readonly<Record<string, unknown>>;
  try {
    if ('ResourcePath' in members || 'GuestRequest' in members || 'ResourceType' in members) {
      const system = await ComputeSystem.open('vm', options);
      await system.modify(printJson(document)!, options).finally(() => system.close());
    } else {
      const id = typeof members.Name === 'string' && members.Name !== '' ? members.Name : bench.id();
      const system = await ComputeSystem.create(id, document as SystemDocument, options);
      await system.terminate().finally(() => system.close());
    }
    return undefined;
  } catch (error) {
    assert.ok(error instanceof HcsError, String(error));
    assert.ok(error.code === 'HCS_E_INVALID_JSON' || error.code.includes('NOT_FOUND'), error.message);
    return error.code === 'HCS_E_INVALID_JSON' ? error.message : undefined;
  }
}

const isForTheHost = (document: object): boolean =>
  ['Container', 'VirtualMachine', 'HostedSystem', 'SystemType', 'ResourcePath', 'GuestRequest', 'ResourceType'].some(
    (name) => name in document,
  );

// One member of a sound document, at any depth, made from the schema.
const hosting = utilityVmDocument() as SystemDocument;
const bases = [containerDocument(), utilityVmDocument(), machineDocument(), hostedDocument('vm')];
const changed = fc.constantFrom(...bases).chain((base) => {
  const inside = placesIn(second.object('ComputeSystem'), base).filter(
    ({ type }) => type.kind === 'object' && type.fields.size > 0,
  );
  return fc.constantFrom(...inside).chain(({ steps, type, value }) =>
    fc.constantFrom(...(type as ObjectType).fields.values()).chain((field) => {
      const made = field.oneOf === undefined ? valueOf(field.type, field.limits, 3) : fc.constant(undefined);
      return made.map((member) => replaced(base, steps, { ...(value as object), [field.name]: member }) as object);
    }),
  );
});

describe('The simulated host and the validator', () => {
  const bench = useSimulator();

  // What hosts the containers, and is changed.
  async function withMachine(run: () => Promise<void>): Promise<void> {
    await using vm = await ComputeSystem.create('vm', hosting, { host: bench.simulator.host });
    await vm.start();
    await run();
    await vm.terminate();
  }

  it('refuse the same documents, but for what only the validator can tell', async () => {
    const taken: string[] = [];
    await withMachine(async () => {
      for (const { rule, what, document, options = {}, severity } of ruleCases) {
        if (['known', 'osBuild', 'schemaVersion'].some((fact) => fact in options) || !isForTheHost(document)) continue;
        const refused = await hostRefuses(bench, document);
        const wanted = severity !== 'warning' || rule === 'unknown-member';
        if (wanted && refused === undefined) taken.push(`${rule}: ${what}`);
        if (!wanted) assert.equal(refused, undefined, `${rule}: ${what}`);
      }
    });
    assert.deepEqual(taken, takenByTheHost);
  });

  it('accept the same documents', async () => {
    await withMachine(async () => {
      for (const [what, document] of soundDocuments)
        if (isForTheHost(document)) assert.equal(await hostRefuses(bench, document), undefined, what);
    });
  });

  it('agree on documents with any one member of the schema', async () => {
    await withMachine(() =>
      fc.assert(
        fc.asyncProperty(changed, async (document) => {
          const issues = validateDocument(document, spoken);
          const refused = await hostRefuses(bench, document);
          if (refused === undefined) {
            const missed = issues.filter(({ rule, severity }) => structural.has(rule) && severity === 'error');
            assert.deepEqual(missed, []);
          } else assertNames(issues, refused);
        }),
        { numRuns: 400 },
      ),
    );
  });

  it('find one wrong value at the same place', async () => {
    const places = bases.flatMap((base) =>
      placesIn(second.object('ComputeSystem'), base).map((place) => ({ base, place })),
    );
    const mutations = places.flatMap(({ base, place }) => {
      const wrong = place.steps.length > 0 ? wrongFor(place) : undefined;
      return wrong === undefined ? [] : [wrong.map((value) => ({ base, place, value }))];
    });
    await withMachine(() =>
      fc.assert(
        fc.asyncProperty(fc.oneof(...mutations), async ({ base, place, value }) => {
          const document = replaced(base, place.steps, value) as SystemDocument & object;
          const issues = validateDocument(document, spoken);
          const path = pathOf(place);
          assert.ok(
            issues.some((issue) => issue.path === path),
            JSON.stringify(issues),
          );
          const refused = await hostRefuses(bench, document);
          assert.ok(refused?.includes(`${hostPath(place)} `), refused);
        }),
        { numRuns: 400 },
      ),
    );
  });
});

function pathOf({ steps }: Place): string {
  return issueOf('value', '', steps).path;
}

/** As the host writes it: keys of a map like any name. */
function hostPath({ steps }: Place): string {
  return steps.reduce<string>((path, step) => path + (typeof step === 'number' ? `[${step}]` : `.${step}`), '$');
}

/** The place that the host names is one that the validator has an issue with, or one around or inside it. */
function assertNames(issues: readonly Issue[], refused: string): void {
  const place = /\$\.?(\S*) /.exec(refused)?.[1] ?? '';
  assert.ok(
    issues.some(({ path }) => isInside(place, beforeKey(path)) || isInside(path, place)),
    `${refused}\n${JSON.stringify(issues)}`,
  );
}

// The host writes keys of a map as names, whatever is in them.
function beforeKey(path: string): string {
  const key = path.indexOf('["');
  return key < 0 ? path : path.slice(0, key);
}

function isInside(path: string, outer: string): boolean {
  return outer === '' || path === outer || path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`);
}
