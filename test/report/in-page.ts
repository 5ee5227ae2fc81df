// Functions that run in the page: each is passed to it as text, so it uses nothing from outside of itself.

/** Texts whose colour is nearer to what is behind them than `least`, as a ratio of contrast (WCAG). */
export function faintTexts(least: number): string[] {
  const channels = (colour: string): number[] => (/[\d.]+/g.exec(colour) ? colour.match(/[\d.]+/g)!.map(Number) : []);
  const luminance = (colour: string): number => {
    const [red, green, blue] = channels(colour)
      .slice(0, 3)
      .map((channel) => {
        const share = channel / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  };
  const behind = (element: Element | null): string => {
    if (element === null) return 'rgb(255, 255, 255)';
    const colour = getComputedStyle(element).backgroundColor;
    return channels(colour)[3] === 0 ? behind(element.parentElement) : colour;
  };
  const contrast = (one: string, other: string): number => {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light! + 0.05) / (dark! + 0.05);
  };
  const texts = [...document.querySelectorAll('body *')].filter(
    (element) =>
      element.getClientRects().length > 0 &&
      [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent!.trim() !== ''),
  );
  if (texts.length < 100) throw new Error(`only ${texts.length} texts are shown`);
  return texts.flatMap((element) => {
    const { color, fill } = getComputedStyle(element);
    const colour = element instanceof SVGElement ? fill : color;
    const found = contrast(colour, behind(element));
    return found >= least ? [] : [`${found.toFixed(2)}: ${element.textContent} (${colour})`];
  });
}

export interface Shown {
  readonly caption: string;
  /** The texts of the drawing. */
  readonly texts: readonly string[];
  /** Marks for what was measured, with a size. */
  readonly marks: number;
  /** Texts that are not wholly inside of the drawing. */
  readonly cut: readonly string[];
}

/** The charts that can be seen. */
export function shownCharts(): Shown[] {
  return [...document.querySelectorAll('figure')].map((figure) => {
    const drawings = [...figure.querySelectorAll('svg')].filter((svg) => svg.getClientRects().length > 0);
    if (drawings.length !== 1) throw new Error(`${drawings.length} drawings of a figure are shown`);
    const [svg] = drawings;
    const frame = svg!.getBoundingClientRect();
    const texts = [...svg!.querySelectorAll('text')].filter((text) => text.textContent !== '');
    const within = ({ left, right, top, bottom }: DOMRect): boolean =>
      left >= frame.left - 1 && right <= frame.right + 1 && top >= frame.top - 1 && bottom <= frame.bottom + 1;
    const marks = [...svg!.querySelectorAll('.role-mark path, .role-mark line')].filter((mark) => {
      const { width, height } = mark.getBoundingClientRect();
      return width + height > 0;
    });
    return {
      caption: figure.querySelector('figcaption')!.textContent,
      texts: texts.map((text) => text.textContent),
      marks: marks.length,
      cut: texts.filter((text) => !within(text.getBoundingClientRect())).map((text) => text.textContent),
    };
  });
}
