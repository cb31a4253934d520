/**
 * Rounds half up (towards positive infinity) to a number of decimals, as people do on paper.
 * A decimal such as 1.005 is stored a hair below its half, so whatever lies within a few units of the
 * last binary place below a half counts as the half.
 */
export function roundHalfUp(figure: number, decimals = 2): number {
  if (!Number.isFinite(figure)) return figure;
  const power = 10 ** decimals;
  const scaled = figure * power;
  const slack = Math.max(1e-9, Math.abs(scaled) * Number.EPSILON * 4);
  const rounded = Math.floor(scaled + 0.5 + slack) / power;
  return rounded === 0 ? 0 : rounded;
}
