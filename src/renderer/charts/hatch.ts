/** Draws 6 px hatching into a rectangle of the canvas (device pixels). */
export function hatchRect(
  context: CanvasRenderingContext2D,
  rect: { readonly left: number; readonly top: number; readonly width: number; readonly height: number },
  color: string,
  ratio: number,
): void {
  const { left, top, width, height } = rect;
  if (width <= 0) return;
  const gap = 6 * ratio;
  context.save();
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
  context.strokeStyle = color;
  context.lineWidth = ratio;
  context.beginPath();
  // Lines start on a grid of the canvas, not of the rectangle, so that they stand still while the rectangle grows.
  for (let x = Math.floor((left - height) / gap) * gap; x < left + width; x += gap) {
    context.moveTo(x, top + height);
    context.lineTo(x + height, top);
  }
  context.stroke();
  context.restore();
}
