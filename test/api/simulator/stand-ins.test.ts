import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { useFaultFile } from '#dist/simulator/fault-file.js';
import { install, standIns, uninstall } from '#dist/simulator/stand-ins.js';
import { readPage } from '../../support/docs/markdown.js';
import { useSimulator } from '../../support/host.js';

describe('Stand-in DLLs', () => {
  let root: string;
  let from: string;
  let folder: string;
  before(() => {
    root = mkdtempSync(join(tmpdir(), 'hostcompute-'));
    from = join(root, 'from');
    mkdirSync(from);
    for (const state of ['hostcompute-simulator', 'hostcompute-remote'])
      for (const name of [state, ...standIns.map((dll) => `${state}-${dll}`)])
        writeFileSync(join(from, `${name}.dll`), name);
  });
  beforeEach(() => {
    folder = mkdtempSync(join(root, 'to-'));
  });
  after(() => rmSync(root, { recursive: true }));

  const wine = 'wine';
  const settings = (): { wine: string; from: string; folder: string; remote: boolean } => ({
    wine,
    from,
    folder,
    remote: false,
  });
  const content = (name: string): string => readFileSync(join(folder, name), 'utf8');

  it('are installed in a folder under the names of the DLLs of Windows', () => {
    const [said] = install(settings());
    assert.equal(content('computecore.dll'), 'hostcompute-simulator-computecore');
    assert.equal(content('hostcompute-simulator.dll'), 'hostcompute-simulator');
    assert.ok(
      Array.isArray(
        (JSON.parse(content('hostcompute-simulator.catalogue.json')) as Record<string, unknown>)['lost-exit'],
      ),
    );
    assert.ok(said?.startsWith(`Installed in ${folder}: hostcompute-simulator.dll, vmcompute.dll, `), said);
  });

  it('leave nothing behind, and restore what was there', () => {
    writeFileSync(join(folder, 'virtdisk.dll'), 'of Windows');
    const lines = install(settings());
    assert.ok(
      lines.includes('virtdisk.dll that was there is kept as virtdisk.dll.before-hostcompute'),
      lines.join('\n'),
    );
    install(settings());
    assert.equal(content('virtdisk.dll'), 'hostcompute-simulator-virtdisk');
    assert.deepEqual(uninstall(settings()).at(-1), 'Put back: virtdisk.dll');
    assert.deepEqual(readdirSync(folder), ['virtdisk.dll']);
    assert.equal(content('virtdisk.dll'), 'of Windows');
    assert.deepEqual(uninstall(settings()), [`Nothing of hostcompute is installed in ${folder}`]);
  });

  it('have the file of faults of the last installation', () => {
    const faults = join(root, 'faults.json');
    writeFileSync(faults, '{"faults":["lost-exit"]}');
    install({ ...settings(), faults });
    assert.equal(content('hostcompute-simulator.faults.json'), '{"faults":["lost-exit"]}');
    install(settings());
    assert.equal(existsSync(join(folder, 'hostcompute-simulator.faults.json')), false);
  });

  it('are those for a host of another process instead', () => {
    install(settings());
    install({ ...settings(), remote: true });
    assert.equal(content('vmcompute.dll'), 'hostcompute-remote-vmcompute');
    assert.equal(existsSync(join(folder, 'hostcompute-simulator.dll')), false);
    uninstall(settings());
    assert.deepEqual(readdirSync(folder), []);
  });

  it('need a folder that exists, or a Wine prefix', () => {
    const prefix = folder;
    assert.throws(() => install({ wine, from, remote: false }), /Pass either --prefix DIR or --folder DIR/);
    assert.throws(() => install({ ...settings(), prefix }), /Pass either --prefix DIR or --folder DIR/);
    assert.throws(() => install({ ...settings(), folder: join(root, 'none') }), {
      code: 'ERR_HC_ARGUMENT',
      message: /^"--folder" must be a folder that exists; received /,
    });
    assert.throws(() => install({ wine, from, remote: false, prefix }), {
      message: /^"--prefix" must be a Wine prefix, with drive_c and dosdevices; received .* Make one: WINEPREFIX=/,
    });
    assert.throws(() => install({ ...settings(), from: root }), /hostcompute-simulator\.dll does not exist/);
    assert.deepEqual(readdirSync(folder), []);
  });
});

describe('A file of faults', () => {
  const bench = useSimulator();
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'hostcompute-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const use = async (content: string): Promise<void> => {
    const file = join(folder, 'faults.json');
    writeFileSync(file, content);
    await useFaultFile(bench.simulator, file);
  };

  it('is used as the page of the stand-ins has it', async () => {
    const [block] = readPage('docs/stand-ins.md').blocks.filter(({ language }) => language === 'json');
    await use(block!.code);
    const { Rules: rules } = await bench.simulator.state();
    // Two, and the two of the name, which are about the functions of two libraries.
    assert.equal(rules, 6);
  });

  const refused: readonly (readonly [string, RegExp])[] = [
    ['{', /JSON/],
    ['[]', /"the file" must be a plain object/],
    ['{"fault":[]}', /"the file\.fault" must be a known option; .* Did you mean faults\?/],
    ['{"faults":{}}', /"faults" must be an array/],
    ['{"configure":3}', /"configure" must be an object/],
    ['{"configure":{"seeed":1}}', /"configure\.seeed" must be a known option; .* Did you mean seed\?/],
    ['{"configure":{"profile":{"start":-1}}}', /"configure\.profile\.start" must be milliseconds/],
    ['{"faults":["lost-exits"]}', /"faults\[0\]" must be a rule, or the name of a fault of the catalogue/],
    ['{"faults":["lost-exit","export-missing"]}', /"faults\[1\]" is about a function that is missing/],
    ['{"faults":["huge-texts"]}', /"faults\[0\]" has texts that are too large/],
    ['{"faults":["hns-restarts"]}', /"faults\[0\]" happens to what there is/],
    [
      '{"faults":[{"function":"HcsStartComputeSystem","stauts":1}]}',
      /"faults\[0\]\.stauts" must be a known option; .* Did you mean status\?/,
    ],
    [
      '{"faults":[{"function":"HcsStartComputeSystem","status":"no"}]}',
      /"faults\[0\]\.status" must be a number or a text/,
    ],
    ['{"faults":[{"function":"HcsStart"}]}', /"faults\[0\]\.function" must be a function of the host/],
  ];
  for (const [content, message] of refused) {
    it(`is refused with the place of what is wrong: ${content}`, async () => {
      await assert.rejects(use(content), (error: Error) => {
        assert.ok(error.message.startsWith(`${join(folder, 'faults.json')}: `), error.message);
        assert.match(error.message, message);
        return true;
      });
      await bench.simulator.clear();
    });
  }
});
