/** What a picture of a chart says besides the chart. */
export interface ImageText {
  readonly title: string;
  readonly note: string;
  /** The legend, with the colours of the lines. */
  readonly legend: readonly { readonly text: string; readonly color: string }[];
}

const MARGIN = 16;
const LINE = 18;
const MOST_LEGEND = 12;

/** The chart as a PNG with its queries, range and legend, in the colours of the theme. */
export async function imageOfChart(canvas: HTMLCanvasElement, text: ImageText): Promise<Blob> {
  const ratio = window.devicePixelRatio;
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  const resolve = (color: string): string => token(/var\((--[\w-]+)\)/.exec(color)?.[1] ?? '--text-2') || color;
  const titleLines = text.title.split('\n');
  const legend = text.legend.slice(0, MOST_LEGEND);
  const head = MARGIN + LINE * (titleLines.length + 1);
  const image = document.createElement('canvas');
  image.width = canvas.width + 2 * MARGIN * ratio;
  image.height = canvas.height + (head + MARGIN * 2 + legend.length * LINE) * ratio;
  const context = image.getContext('2d');
  if (context === null) throw new Error('no canvas to draw the picture on');
  context.fillStyle = token('--ash-1');
  context.fillRect(0, 0, image.width, image.height);
  context.drawImage(canvas, MARGIN * ratio, head * ratio);
  context.scale(ratio, ratio);
  context.textBaseline = 'top';
  context.fillStyle = token('--text-1');
  context.font = `12px ${token('--font-num')}`;
  for (const [i, line] of titleLines.entries()) context.fillText(line, MARGIN, MARGIN + i * LINE);
  context.fillStyle = token('--text-3');
  context.fillText(text.note, MARGIN, MARGIN + titleLines.length * LINE);
  const top = head + canvas.height / ratio + MARGIN;
  for (const [i, entry] of legend.entries()) {
    context.fillStyle = resolve(entry.color);
    context.fillRect(MARGIN, top + i * LINE + 6, 12, 3);
    context.fillStyle = token('--text-2');
    context.fillText(entry.text, MARGIN + 20, top + i * LINE);
  }
  return new Promise((done, failed) => {
    image.toBlob((blob) => (blob === null ? failed(new Error('the picture is too large')) : done(blob)), 'image/png');
  });
}

/** Hands a file to the person. */
export function download(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken hold of it by the next turn.
  window.setTimeout(() => URL.revokeObjectURL(url), 0);
}
