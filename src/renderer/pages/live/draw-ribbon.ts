import { hatchRect, heatLevel, type ChartPalette } from '#renderer/charts/index.ts';
import type { GroupHeat, LiveHeat } from './live-heat.ts';

export const LANE_PITCH = 13;
const LANE = 11;

/** Paints the lanes: a cell a step in the colour of its heat, hatched where nothing was stored. */
export function drawRibbon(
  canvas: HTMLCanvasElement,
  heat: LiveHeat,
  groups: readonly GroupHeat[],
  width: number,
  { heat: colors, hatch }: ChartPalette,
): void {
  const ratio = window.devicePixelRatio;
  const height = groups.length * LANE_PITCH;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext('2d');
  if (context === null) return;
  const cell = (width * ratio) / Math.max(1, heat.count);
  const edge = (i: number) => Math.round(i * cell);
  for (const [lane, { steps }] of groups.entries()) {
    const top = Math.round(lane * LANE_PITCH * ratio);
    const tall = Math.round(LANE * ratio);
    for (let i = 0; i < heat.count; i++) {
      if (heat.watched[i] === 0) continue;
      context.fillStyle = colors[heatLevel(steps[i])];
      context.fillRect(edge(i), top, edge(i + 1) - edge(i), tall);
    }
  }
  for (const [from, to] of heat.gaps) {
    const rect = { left: edge(from), top: 0, width: edge(to) - edge(from), height: canvas.height };
    hatchRect(context, rect, hatch, ratio);
  }
}
