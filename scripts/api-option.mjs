/** Takes `--api NAME` out of the words of a command line. */
export function takeApi(words) {
  const at = words.indexOf('--api');
  if (at < 0) return { api: undefined, rest: words };
  const api = words[at + 1];
  if (api !== 'vmcompute' && api !== 'computecore') throw new Error('--api must be vmcompute or computecore');
  return { api, rest: [...words.slice(0, at), ...words.slice(at + 2)] };
}
