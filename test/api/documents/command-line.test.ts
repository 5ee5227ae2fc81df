import assert from 'node:assert/strict';

import { HcsArgumentError, quoteCommandLine } from 'hostcompute';

/** How Microsoft's C runtime takes a command line apart. */
function split(line: string): string[] {
  const program = /^"([^"]*)"|^(\S*)/.exec(line)!;
  const found = [program[1] ?? program[2]!];
  let rest = line.slice(program[0].length);
  for (;;) {
    rest = rest.replace(/^[ \t]+/, '');
    if (rest === '') return found;
    let argument = '';
    let quoted = false;
    while (rest !== '' && (quoted || !/^[ \t]/.test(rest))) {
      const [, slashes, quote] = /^(\\*)("?)/.exec(rest)!;
      rest = rest.slice(slashes!.length + quote!.length);
      if (quote === '') {
        argument += slashes!;
        if (slashes === '') {
          argument += rest.charAt(0);
          rest = rest.slice(1);
        }
      } else {
        argument += '\\'.repeat(Math.floor(slashes!.length / 2));
        if (slashes!.length % 2 === 1) argument += '"';
        else if (quoted && rest.startsWith('"')) {
          argument += '"';
          rest = rest.slice(1);
        } else quoted = !quoted;
      }
    }
    found.push(argument);
  }
}

describe('quoteCommandLine()', () => {
  const examples: readonly [readonly string[], string][] = [
    [['cmd'], 'cmd'],
    [['a.exe', 'b', '-c=d'], 'a.exe b -c=d'],
    [['a', ''], 'a ""'],
    [['a', 'b c'], 'a "b c"'],
    [['a', 'b\tc'], 'a "b\tc"'],
    [['a', 'say "hi"'], 'a "say \\"hi\\""'],
    [['a', '"'], 'a "\\""'],
    [['a', 'C:\\dir\\'], 'a C:\\dir\\'],
    [['a', 'C:\\my dir\\'], 'a "C:\\my dir\\\\"'],
    [['a', 'x\\\\"y'], 'a "x\\\\\\\\\\"y"'],
    [['a', 'x\\y z'], 'a "x\\y z"'],
    [['C:\\Program Files\\t.exe', 'x'], '"C:\\Program Files\\t.exe" x'],
    [['C:\\Program Files\\', 'x'], '"C:\\Program Files\\" x'],
    [['a', '%PATH%', '&', 'ü漢😀'], 'a %PATH% & ü漢😀'],
  ];
  for (const [command, line] of examples) {
    it(`writes ${JSON.stringify(command)} as ${line}`, () => {
      assert.equal(quoteCommandLine(command), line);
    });
  }

  it('round-trips arbitrary arguments through the parsing rules of the C runtime', () => {
    const pieces = ['', ' ', '\t', '"', '\\', '\\\\', 'a', 'b c', '""', '\\"', "'", '^'];
    for (let seed = 0; seed < 5000; seed++) {
      let rest = seed * 7919 + 1;
      const next = (): string => {
        rest = (rest * 48271) % 0x7fffffff;
        return pieces[rest % pieces.length]!;
      };
      const command = ['C:\\a b\\', next() + next(), next() + next() + next(), next()];
      assert.deepEqual(split(quoteCommandLine(command)), command, JSON.stringify(command));
    }
  });

  const refused: readonly [string, unknown, string][] = [
    ['no program', [], 'command'],
    ['an empty program', ['', 'a'], 'command[0]'],
    ['a program with a quote', ['a"b'], 'command[0]'],
    ['an argument that is not a string', ['a', 1], 'command[1]'],
    ['an argument with a NUL', ['a', 'b\0'], 'command[1]'],
    ['a text', 'cmd /c ver', 'command'],
  ];
  for (const [what, command, field] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => quoteCommandLine(command as string[]),
        (error) => error instanceof HcsArgumentError && error.field === field && error.problem.startsWith('must '),
      );
    });
  }
});
