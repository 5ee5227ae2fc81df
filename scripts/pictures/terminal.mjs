// A terminal as SVG: lines with a style each, for light and dark pages.
const [fontSize, lineHeight, margin, bar] = [14, 20, 20, 34];
export const columns = 92;
const width = Math.ceil(columns * fontSize * 0.602) + 2 * margin;

/** A text as lines of the terminal. */
export function linesOf(text) {
  return text.trimEnd().split(/\r?\n/).flatMap(wrapped);
}

function wrapped(line) {
  if (line.length <= columns) return [line];
  const end = line.lastIndexOf(' ', columns);
  return [line.slice(0, end), ...wrapped(line.slice(end + 1))];
}

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** @param lines - each a style, `plain`, `dim`, `mark` or `bold`, and a text */
export function terminal(title, lines) {
  const height = bar + lines.length * lineHeight + margin;
  const texts = lines.map(([style, line], index) => {
    const y = bar + (index + 1) * lineHeight - 2;
    return `  <text class="${style}" x="${margin}" y="${y}" xml:space="preserve">${escaped(line)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
  <title>${title}</title>
  <style>
    svg { --back: #f6f8fa; --edge: #d0d7de; --plain: #1f2328; --dim: #59636e; --mark: #9a4a00; }
    @media (prefers-color-scheme: dark) {
      svg { --back: #151b23; --edge: #3d444d; --plain: #e6edf3; --dim: #9198a1; --mark: #f0b072; }
    }
    rect { fill: var(--back); stroke: var(--edge); }
    circle { fill: var(--edge); }
    text { fill: var(--plain); font: ${fontSize}px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; white-space: pre; }
    .dim { fill: var(--dim); }
    .mark { fill: var(--mark); font-weight: bold; }
    .bold { font-weight: bold; }
  </style>
  <rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" />
${[0, 1, 2].map((each) => `  <circle cx="${margin + each * 18}" cy="18" r="5" />`).join('\n')}
${texts.join('\n')}
</svg>
`;
}
