/** Ends and steps of axes, chosen here and fixed, so that Chart.js has nothing to search for. */

/** Ends of axes between one and ten, each with the number of round parts it divides into. */
const RUNGS: readonly (readonly [end: number, parts: number])[] = [
  [1, 4],
  [1.5, 3],
  [2, 4],
  [2.5, 5],
  [3, 3],
  [4, 4],
  [5, 5],
  [6, 3],
  [8, 4],
  [10, 4],
];

/** The least round number that is not below the value. */
export function niceCeiling(value: number): number {
  if (!(value > 0)) return 1;
  const decade = 10 ** Math.floor(Math.log10(value));
  const rung = RUNGS.find(([end]) => end * decade >= value * 0.999999)?.[0] ?? 10;
  return rung * decade;
}

/** The upper end of a linear axis: grows at once, shrinks only when well under half of it is used. */
export function linearEnd(current: number, greatest: number, least = 0): number {
  const needed = Math.max(least, niceCeiling(greatest * 1.05));
  if (needed > current || !(greatest * 2.5 > current)) return needed;
  return current;
}

/** Whole decades around the values, at least two of them. */
export function logEnds(least: number, greatest: number): [number, number] {
  if (!(least > 0) || !(greatest > 0)) return [100, 1e6];
  // A line on the very bottom could not be told from the axis.
  const low = Math.floor(Math.log10(least / 1.2));
  const high = Math.max(low + 2, Math.ceil(Math.log10(greatest * 1.02)));
  return [10 ** low, 10 ** high];
}

/** Steps that divide an end from `niceCeiling` into readable parts. */
export function linearTicks(end: number, whole = false): number[] {
  const leading = end / 10 ** Math.floor(Math.log10(end) + 1e-9);
  const parts = RUNGS.find(([rung]) => Math.abs(leading - rung) < 1e-6)?.[1] ?? 4;
  const ticks = Array.from({ length: parts + 1 }, (_, i) => (end * i) / parts);
  return whole ? ticks.filter((tick) => Number.isInteger(tick)) : ticks;
}

/** At most `most` of the ticks, evenly spaced, both ends among them where that can be. */
export function thinTicks(ticks: readonly number[], most: number): number[] {
  if (ticks.length <= most) return [...ticks];
  const gaps = ticks.length - 1;
  const step = [2, 3, 4, 5, 6, 7, 8, 9].find((n) => gaps % n === 0 && gaps / n + 1 <= most);
  if (step !== undefined) return ticks.filter((_, i) => i % step === 0);
  const wide = Math.max(2, Math.ceil(gaps / Math.max(1, most - 1)));
  return ticks.filter((_, i) => i % wide === 0);
}

export function decades(low: number, high: number): number[] {
  const ticks: number[] = [];
  for (let tick = low; tick <= high * 1.001; tick *= 10) ticks.push(tick);
  return ticks;
}

/** Times at round steps within the span, about `wanted` of them. */
export function timeTicks(from: number, to: number, wanted: number): number[] {
  const span = to - from;
  if (!(span > 0)) return [from];
  const rough = span / Math.max(1, wanted);
  const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400];
  const step = steps.find((candidate) => candidate >= rough) ?? 28_800;
  const ticks: number[] = [];
  for (let tick = Math.ceil(from / step - 1e-9) * step + 0; tick <= to + 1e-9; tick += step) ticks.push(tick);
  return ticks;
}

/** `0.5 s`, `12 s`, `2:05`, `2:05.5`, `1:00:00`: the time since the start, on an axis. */
export function clockLabel(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds * 10) / 10} s`;
  const tenths = Math.round(seconds * 10);
  const whole = Math.floor(tenths / 10);
  const two = (n: number): string => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const part = tenths % 10 === 0 ? '' : `.${tenths % 10}`;
  return h > 0 ? `${h}:${two(m)}:${two(s)}${part}` : `${m}:${two(s)}${part}`;
}
