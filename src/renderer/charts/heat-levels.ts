/** Heat above this is called unusual. */
export const UNUSUAL = 0.5;

/** Where the five colours of heat begin. */
const LEVELS = [0.06, 0.25, 0.5, 0.78] as const;

/** The colour of a heat: 0 (calm) to 4; NaN is calm. */
export function heatLevel(heat: number): 0 | 1 | 2 | 3 | 4 {
  if (!(heat >= LEVELS[0])) return 0;
  if (heat < LEVELS[1]) return 1;
  if (heat < LEVELS[2]) return 2;
  return heat < LEVELS[3] ? 3 : 4;
}
