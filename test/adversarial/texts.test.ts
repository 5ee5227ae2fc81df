import assert from 'node:assert/strict';

import { KnownSecrets } from '#dist/recorder/known-secrets.js';
import { Redactor } from '#dist/recorder/redaction.js';
import { HcsError } from 'hostcompute';

import type { TextFunction } from './functions.js';
import { textFunctions } from './functions.js';
import { texts } from './inputs.js';

type Use = (call: (...given: unknown[]) => unknown, text: string) => unknown;

/** How those are called that need more than a text. */
const uses: Readonly<Record<string, Use>> = {
  'trailing.withoutTrailing': (call, text) => call(text, text.slice(0, 2)),
  'process/process-exit.exitOf': (call, text) => call(text, 0, {}),
  'process/process-parameters.checkedSide': (call, text) => call(text, 'rows'),
  'documents/document-text.checkedText': (call, text) => call(text, 'document'),
  'documents/builders/option-checks.checkedOptions': (call, text) => call({ [text]: text }, () => undefined),
  'documents/builders/option-checks.without': (call, text) => call({ [text]: text }, text),
  'documents/builders/names-and-paths.joined': (call, text) => call(text, text),
  'documents/lists.listOf': (call, text) => call('List', `names 2.0 ${text}`),
  'host/operation.recordError': (call, text) => call(text, {}, text),
  'network/answers.readList': (call, text) => call(text, { operation: 'x', subject: {}, what: 'list' }),
  'documents/nearest.nearest': (call, text) => call(text, ['Memory', 'a'.repeat(40)]),
  'documents/supports.supports': (call, text) => call(text, { osBuild: 20348 }),
  'documents/variables.isUnixPath': (call, text) => call('path', text),
  'process/environment.readEnvironment': (call, text) => call({ a: text, [text]: text }, 'options.env'),
  'network/documents/ports.parsePorts': (call, text) => call(text, 'options.ports[0]'),
  'network/documents/schema.nameOf': (call, text) => call('NetworkMode', text),
  'network/documents/supports.supportsNetwork': (call, text) => call(text, { hnsVersion: '15.4' }),
  'known-options.readOptions': (call, text) => call({ [text]: text }, ['timeoutMs', 'signal']),
  'layers/export/tar-header.writeHeader': (call, text) =>
    call(new Uint8Array(1 << 24), 0, {
      ...{ name: text, type: '0', mode: 0, size: 0, linkName: text },
      ...{ times: { write: 0n }, records: { [text]: text } },
    }),
  'layers/export/tar-header.writeWhiteout': (call, text) => call(new Uint8Array(1 << 24), 0, text),
  'layers/formats/pax-keys.decodePax': (call, text) => call(takes.records(text), 0n),
  'layers/formats/registry-hive.checkHive': (call, text) => call(Buffer.from(text), text.length),
  'layers/formats/times-table.encodeTimesLine': (call, text) =>
    call(text, { creation: 0n, access: 0n, write: 0n, change: 0n }),
  'layers/import/archive/archive-kind.checkDecompressed': (call, text) => call(Buffer.from(text), 'gzip', 'tar'),
  'layers/import/entry-path.isWithin': (call, text) => call(text, text),
  'backend/koffi/given-values.textOf': (call, text) => call(text, 'path'),
  'storage/disk-options.checkDiskPath': (call, text) => call(text, 'path'),
  'layers/layer-names.checkFolder': (call, text) => call(text, 'folder'),
  'layers/layer-names.layerPath': (call, text) => call('/layers', text),
  'layers/layer-names.parentPath': (call, text) => call('/layers', text, 'parents[0]'),
  'layers/layer-names.parentPaths': (call, text) => call('/layers', [text]),
  'nesting.endOfString': (call, text) => call(text, 0),
  'reap/reap-systems.sameName': (call, text) => call(text, text),
  'recorder/secret-forms.withoutSecretForms': (call, text) => call(text, () => '*'),
  'simulator/faults/limits.limitedTo': (call, text) => call(text, { function: 'vmcompute.HNSCall', status: 5 }),
  'storage/parent-errors.withParent': (call, text) => {
    throw call(new HcsError(text, { code: 'E_FAIL', status: 0x80004005, operation: 'CreateVirtualDisk' }), text, text);
  },
  'storage/folders.booleanOf': (call, text) => call(text, 'options.isWritableLayer'),
  'storage/setup-base-layer.checkSize': (call, text) => call(text, 'options.sizeGB'),
  'storage/storage-call.checkPlace': (call, text) => call(text, 'volume'),
  'utility-vm/guest.checkMountable': (call, text) => call(text, { isLinux: true, isConnected: false }),
  'utility-vm/devices/pipe.checkPipe': (call, text) => call(text, { isLinux: false, isConnected: true }),
  'system/schema-version.withVersion': (call, text) =>
    call(JSON.stringify({ SchemaVersion: null, Owner: text }), { Major: 2, Minor: 1 }),
};

/** Those that are not called here, and why. */
const others: Readonly<Record<string, string>> = {
  'doctor/read-answer.valueOf': 'the text of a question of ours',
  'doctor/read-answer.whyNot': 'the text of a question of ours',
  'doctor/error-answer.errorAnswer': 'the name of a call of ours',
  'backend/binaries.misfit': 'reads a file of this package',
  'backend/binaries.beginning': 'reads a file',
  'backend/koffi/given-values.refuse': 'throws what it is given',
  'backend/koffi/given-values.integer': 'takes numbers: see backend/koffi.test.ts',
  'backend/koffi/handle.unexpected': 'makes an uncaught exception of what it is given',
  'uncaught.reportUncaught': 'makes an uncaught exception of what it is given',
  'documents/builders/option-checks.exactlyOne': 'the names of options of ours',
  'documents/checks/container.checkCount': 'takes a checker: see documents.test.ts',
  'documents/checks/container.checkMemory': 'takes a checker: see documents.test.ts',
  'documents/checks/container.checkTarget': 'takes a checker: see documents.test.ts',
  'documents/checks/machine.checkFile': 'takes a checker: see documents.test.ts',
  'documents/checks/machine.checkMachineMemory': 'takes a checker: see documents.test.ts',
  'documents/builders/envelope.needBuild': 'the name of an option of ours',
  'host/inspection.inspected': 'the name of a class of ours',
  'host/operation-options.throwIfAborted': 'the name of an operation of ours',
  'host/record.record': 'opens a host',
  'host/trace.traceCall': 'the name of an operation of ours',
  'layers/extend-volume.extendVolume': 'opens a volume',
  'layers/export/entry-error.inEntry': 'the path of an entry that is there',
  'layers/export/entry-error.invalidEntry': 'the path of an entry that is there',
  'layers/export/is-there.isThere': 'looks for a file',
  'layers/export/tree-walk.walkTree': 'reads a folder',
  'layers/grant-vm-access.grantVmAccess': 'calls a host',
  ...Object.fromEntries(
    [
      ...['createEmptyGuestStateFile', 'createEmptyRuntimeStateFile', 'grantVmGroupAccess', 'processorCompatibility'],
      ...['revokeVmAccess', 'revokeVmGroupAccess'],
    ].map((name) => [`layers/vm-files.${name}`, 'calls a host']),
  ),
  'layers/import/forms/places.lookUp': 'looks for a file',
  'layers/import/import-failure.asFailure': 'the path of an entry that has been checked',
  'layers/import/pending-work.about': 'the name of an entry that has been checked',
  'layers/import/transport-head.headOf': 'the path of an entry that has been checked',
  'layers/layer-thread.startThread': 'starts a thread',
  'layers/table-text.tableText': 'reads a file',
  'layers/name-to-guid.nameToGuid': 'calls a host',
  ...Object.fromEntries(
    [
      ...['attachFilter', 'attachOverlay', 'detachFilter', 'detachOverlay'].map((name) => `attached-filter.${name}`),
      ...['importFolder', 'exportFolder', 'exportLegacyFolder', 'destroyLayer'].map((name) => `folders.${name}`),
      ...['initializeWritableLayer', 'initializeLegacyLayer'].map((name) => `writable-layers.${name}`),
      ...['base-layers.setupBaseOSVolume', 'layer-data.layerData', 'disks.setupBaseOSLayer', 'disks.setUpBaseOS'],
      ...['setup-base-layer.setupBaseLayer', 'create-scratch.createScratch'],
    ].map((name) => [`storage/${name}`, 'calls a host']),
  ),
  'simulator/fault-file.readFaultFile': 'reads a file: see stand-ins.test.ts',
  'storage/layer-data.validateStorage': 'the name of an argument of ours',
  'storage/storage-call.sessionFor': 'the name of an operation of ours',
  ...Object.fromEntries(
    [
      ...['checkAddress', 'checkPrefix', 'checkSubnetPrefix', 'checkPrefixOrAddress', 'checkMac'].map(
        (name) => `forms.${name}`,
      ),
      ...['checkVsid', 'checkAdapter', 'checkVlan', 'checkVsidNumber'].map((name) => `network.${name}`),
      ...['placesOf', 'checkGateway', 'checkRoutes'].map((name) => `subnets.${name}`),
      ...['mappings.checkInternalPort', 'settled.checkSettled'],
    ].map((name) => [`network/documents/checks/${name}`, 'takes a checker: see documents.test.ts']),
  ),
  'documents/document-text.objectOf': 'the name of an argument of ours',
  'documents/validation-error.actOnIssues': 'the name of an argument of ours',
  'network/answers.readProperties': 'the name of a type of ours: see networks.test.ts',
  'network/answers.toDocument': 'the name of a type of ours: see networks.test.ts',
  'network/documents/checks/settled.typeOfSettled': 'the name of a type of ours',
  'network/object-families.checkObjectId': 'the name of an argument of ours',
  'recorder/private-file.openPrivate': 'opens a file',
  'remote/held-path.holdPath': 'opens a folder of Windows',
  'recorder/reader.readRecording': 'reads a file: see documents.test.ts',
  'host/served-name.checkServedName': 'the name of an option of ours; what is given is shortened in the error',
  'host/socket-file.removeAtExit': 'removes a file',
  'host/socket-file.socketRemover': 'removes a file',
  'system/operation-resources.readResourceHandle': 'the name of an option of ours',
  'system/system-document.newSystemText': 'takes a session: see documents.test.ts',
  'system/system-options.checkLimit': 'the name of an option of ours',
};

const takes: Readonly<Record<TextFunction['takes'], (text: string) => unknown>> = {
  text: (text) => text,
  bytes: (text) => Buffer.from(text, 'latin1'),
  texts: (text) => ['a', text],
  records: (text) => ({ mtime: text, 'MSWINDOWS.rawsd': text, [`MSWINDOWS.xattr.${text}`]: text, [text]: text }),
};

async function callWithAll(use: (text: string) => unknown): Promise<void> {
  for (const [name, text] of texts) {
    try {
      await use(text);
    } catch (error) {
      assert.ok(error instanceof Error && !(error instanceof RangeError), `${name}: ${String(error).slice(0, 300)}`);
      const { message } = error;
      assert.ok(message.length <= 10_000, `${name}: a message of ${message.length}: ${message.slice(0, 300)}`);
    }
  }
}

describe('A megabyte of arbitrary text', () => {
  const functions = textFunctions();
  const names = functions.map(({ name }) => name);

  it('is tested with every function that takes text, or the exclusion is listed with its reason', () => {
    const unknown = [...Object.keys(uses), ...Object.keys(others)].filter((name) => !names.includes(name));
    assert.deepEqual(unknown, [], 'there are no such functions');
    const missing = functions.filter(({ name, needsMore }) => needsMore && !(name in uses) && !(name in others));
    assert.deepEqual(
      missing.map(({ name }) => name),
      [],
      'say how these are called, or why not',
    );
  });

  for (const taken of functions) {
    const { name, takes: kind } = taken;
    if (name in others) continue;
    it(`is processed in bounded time by ${name}()`, async () => {
      const call = await taken.load();
      const use = uses[name] ?? ((given: typeof call, text: string) => given(takes[kind](text)));
      await callWithAll((text) => use(call, text));
    });
  }

  it('is processed in bounded time by a Redactor', async () => {
    const redactor = new Redactor({});
    await callWithAll((text) => redactor.plain(text, 'id'));
    await callWithAll((text) =>
      redactor.document(JSON.stringify({ env: [text], Password: text, CommandLine: text }), 'a'),
    );
  });

  it('is searched for 100,000 secrets in bounded time', async () => {
    const secrets = new KnownSecrets();
    for (let i = 0; i < 100_000; i++) secrets.add(`secret-${i}`, '*');
    for (let i = 4; i < 1000; i++) secrets.add('a'.repeat(i), '*');
    assert.equal(secrets.redact('a secret-99999, and aaaaa'), 'a *, and *');
    await callWithAll((text) => secrets.redact(text));
  });
});
