import assert from 'node:assert/strict';

import { pathText } from '#dist/documents/issue.js';
import { printJson } from '#dist/documents/json.js';
import type { ObjectType } from '#dist/documents/schema.js';
import { second } from '#dist/documents/hcs-schemas.js';
import type { Issue, SystemDocument } from 'hostcompute';
import { ComputeSystem, HcsError } from 'hostcompute';
import { validateDocument } from 'hostcompute/documents';
import fc from 'fast-check';

import { ruleCases, soundDocuments } from '../documents/rule-cases.js';
import type { Place } from '../support/arbitrary-documents.js';
import { placesIn, replaced, valueOf, wrongFor } from '../support/arbitrary-documents.js';
import { containerDocument, hostedDocument } from '../support/documents.js';
import type { Bench } from '../support/host.js';
import { foreignDocuments, useSimulator } from '../support/host.js';
import { machineDocument, utilityVmDocument } from '../support/machines.js';

// The validator refuses these by what is documented, and what a host says to them is not known: the simulated one takes them.
const takenByTheHost: readonly string[] = ['scratch-path: a last backslash in schema 1', 'registry-value: no data'];

// What the tables alone tell.
const structural = new Set(['value', 'unknown-member', 'newer-member']);

// What a host that is newer than the tables may have.
const names: readonly string[] = ['unknown-member', 'unknown-value', 'newer-member'];
const spoken = { schemaVersion: '2.5' } as const;

const missing: readonly string[] = ['HCS_E_SYSTEM_NOT_FOUND', 'ERROR_FILE_NOT_FOUND', 'HCS_E_INVALID_STATE'];
const refusals: readonly string[] = ['HCS_E_INVALID_JSON', 'E_INVALIDARG', 'ERROR_NOT_FOUND', 'HCS_E_UNEXPECTED_EXIT'];

/** What the host finds wrong with the document, or nothing. */
async function hostRefuses(bench: Bench, document: object): Promise<string | undefined> {
  const { host } = bench.simulator;
  const members = document as Readonly<Record<string, unknown>>;
  try {
    if ('ResourcePath' in members || 'GuestRequest' in members || 'ResourceType' in members) {
      const system = await ComputeSystem.open('vm', { host });
      await system.modify(printJson(document)!, { validate: 'off' }).finally(() => system.close());
    } else {
      const id = typeof members.Name === 'string' && members.Name !== '' ? members.Name : bench.id();
      const system = await ComputeSystem.create(id, document as SystemDocument, { host, validate: 'off' });
      await system.start().finally(async () => {
        await system.terminate().finally(() => system.close());
      });
    }
    return undefined;
  } catch (error) {
    assert.ok(error instanceof HcsError, String(error));
    // Of what the document names, a system or a saved state, or a machine waits for a migration: the document has been taken by then.
    if (missing.includes(error.code)) return undefined;
    assert.ok(refusals.includes(error.code), error.message);
    return error.message;
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
  const bench = useSimulator(foreignDocuments);

  // What hosts the containers, and is changed.
  async function withMachine(run: () => Promise<void>): Promise<void> {
    await using vm = await ComputeSystem.create('vm', hosting, { host: bench.simulator.host });
    await vm.start();
    await run();
    await vm.terminate();
  }

  it('refuse the same documents, except for facts that only the validator knows', async () => {
    const taken: string[] = [];
    await withMachine(async () => {
      for (const { rule, what, document, options = {}, severity } of ruleCases) {
        if (['known', 'osBuild', 'schemaVersion'].some((fact) => fact in options) || !isForTheHost(document)) continue;
        const refused = await hostRefuses(bench, document);
        if (severity === 'warning') assert.equal(refused, undefined, `${rule}: ${what}`);
        else if (refused === undefined) taken.push(`${rule}: ${what}`);
      }
    });
    assert.deepEqual(taken, takenByTheHost);
  });

  it('refuse unknown names when the host is strict', async () => {
    await withMachine(async () => {
      await bench.simulator.configure({ strict: true });
      for (const { rule, what, document, options = {} } of ruleCases) {
        if (!names.includes(rule) || Object.keys(options).length > 0 || !isForTheHost(document)) continue;
        assert.ok((await hostRefuses(bench, document)) !== undefined, `${rule}: ${what}`);
      }
    });
  });

  it('accept the same documents', async () => {
    await withMachine(async () => {
      for (const [what, document] of soundDocuments)
        if (isForTheHost(document)) assert.equal(await hostRefuses(bench, document), undefined, what);
    });
  });

  it('agree on documents with any single member of the schema changed', async () => {
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

  it('locate a wrong value at the same path', async () => {
    const places = bases.flatMap((base) =>
      placesIn(second.object('ComputeSystem'), base).map((place) => ({ base, place })),
    );
    const mutations = places.flatMap(({ base, place }) => {
      const wrong = place.steps.length > 0 ? wrongFor(place) : undefined;
      return wrong === undefined ? [] : [wrong.map((value) => ({ base, place, value }))];
    });
    await bench.simulator.configure({ strict: true });
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
  return pathText(steps);
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
