/**
 * Scripts that complete the command in shells. All of them do the same: words in the place that has been typed, options after a dash, and
 * file names where there is neither.
 *
 * @module
 */
import type { Candidates } from './candidates.js';

const command = 'hostcompute';

export const scripts = { powershell, bash, zsh, fish } as const;

function powershell({ places, values }: Candidates): string {
  const list = (words: readonly string[]): string => `@(${words.map((word) => `'${word}'`).join(', ')})`;
  const table = (rows: readonly (readonly [string, readonly string[]])[]): string =>
    rows.map(([key, words]) => `    '${key}' = ${list(words)}\n`).join('');
  return `# Completes ${command} in PowerShell. For every session, add this line to $PROFILE:
#   ${command} completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName ${command} -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @{
${table(places.map(({ path, words }) => [path, words]))}  }
  $options = @{
${table(places.map(({ path, options }) => [path, options]))}  }
  $values = @{
${table([...values])}  }
  $path = ''
  $before = ''
  foreach ($element in $commandAst.CommandElements | Select-Object -Skip 1) {
    if ($element.Extent.EndOffset -ge $cursorPosition) { break }
    $before = $element.Extent.Text
    $next = "$path $before".TrimStart()
    if ($words.ContainsKey($next)) { $path = $next }
  }
  if ($values.ContainsKey($before)) { $candidates = $values[$before] }
  elseif ($wordToComplete.StartsWith('-')) { $candidates = $options[$path] }
  else { $candidates = $words[$path] }
  $candidates | Where-Object { $_.StartsWith($wordToComplete) } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`;
}

function bash({ places, values }: Candidates): string {
  const cases = (rows: readonly (readonly [string, readonly string[]])[], indent: string): string =>
    rows.map(([key, words]) => `${indent}'${key}') candidates='${words.join(' ')}' ;;\n`).join('');
  const paths = places.flatMap(({ path }) => (path === '' ? [] : [`'${path}'`])).join(' | ');
  return `# Completes ${command} in bash. For every session, add this line to ~/.bashrc:
#   source <(${command} completion bash)
_${command}() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[$((COMP_CWORD - 1))]} path= word candidates=
  for word in "\${COMP_WORDS[@]:1:$((COMP_CWORD - 1))}"; do
    case "\${path:+$path }$word" in
      ${paths}) path="\${path:+$path }$word" ;;
    esac
  done
  case "$before" in
${cases([...values], '    ')}    *)
      case "$current" in
        -*)
          case "$path" in
${cases(
  places.map(({ path, options }) => [path, options]),
  '            ',
)}          esac
          ;;
        *)
          case "$path" in
${cases(
  places.map(({ path, words }) => [path, words]),
  '            ',
)}          esac
          ;;
      esac
      ;;
  esac
  COMPREPLY=($(compgen -W "$candidates" -- "$current"))
}
complete -o default -F _${command} ${command}
`;
}

// zsh runs the functions of bash.
function zsh(candidates: Candidates): string {
  const [, , ...lines] = bash(candidates).split('\n');
  return `# Completes ${command} in zsh. For every session, add this line to ~/.zshrc, behind compinit:
#   source <(${command} completion zsh)
autoload -U +X bashcompinit && bashcompinit
${lines.join('\n')}`;
}

function fish({ places, values }: Candidates): string {
  const cases = (rows: readonly (readonly [string, readonly string[]])[], indent: string): string =>
    rows
      .filter(([, words]) => words.length > 0)
      .map(([key, words]) => `${indent}case '${key}'\n${indent}    printf '%s\\n' ${words.join(' ')}\n`)
      .join('');
  const paths = places.flatMap(({ path }) => (path === '' ? [] : [`'${path}'`])).join(' ');
  return `# Completes ${command} in fish. For every session:
#   ${command} completion fish > ~/.config/fish/completions/${command}.fish
function __${command}
    set -l path ''
    set -l before ''
    for word in (commandline -opc)[2..-1]
        set before $word
        set -l next (string trim -- "$path $word")
        switch $next
            case ${paths}
                set path $next
        end
    end
    switch $before
${cases([...values], '        ')}        case '*'
            if string match -q -- '-*' (commandline -ct)
                switch $path
${cases(
  places.map(({ path, options }) => [path, options]),
  '                    ',
)}                end
            else
                switch $path
${cases(
  places.map(({ path, words }) => [path, words]),
  '                    ',
)}                end
            end
    end
end
complete -c ${command} -a '(__${command})'
`;
}
