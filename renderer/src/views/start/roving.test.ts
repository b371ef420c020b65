import { describe, expect, it } from 'vitest';
import { nextCard } from './roving.ts';

// Three a row, and a second group of two below.
const places = [
  { left: 0, top: 0 },
  { left: 100, top: 0.4 },
  { left: 200, top: 0 },
  { left: 0, top: 50 },
  { left: 0, top: 120 },
  { left: 100, top: 120 },
];

describe('arrow keys among the cards', () => {
  it('lead along the row and on to the next', () => {
    expect(nextCard(places, 0, 'ArrowRight')).toBe(1);
    expect(nextCard(places, 2, 'ArrowRight')).toBe(3);
    expect(nextCard(places, 3, 'ArrowLeft')).toBe(2);
  });

  it('lead to the card below or above, or the nearest to it', () => {
    expect(nextCard(places, 0, 'ArrowDown')).toBe(3);
    expect(nextCard(places, 2, 'ArrowDown')).toBe(3);
    expect(nextCard(places, 3, 'ArrowDown')).toBe(4);
    expect(nextCard(places, 5, 'ArrowUp')).toBe(3);
    expect(nextCard(places, 3, 'ArrowUp')).toBe(0);
  });

  it('end where there is nothing further', () => {
    expect(nextCard(places, 0, 'ArrowUp')).toBeUndefined();
    expect(nextCard(places, 0, 'ArrowLeft')).toBeUndefined();
    expect(nextCard(places, 5, 'ArrowRight')).toBeUndefined();
    expect(nextCard(places, 5, 'ArrowDown')).toBeUndefined();
    expect(nextCard(places, 1, 'Home')).toBe(0);
    expect(nextCard(places, 1, 'End')).toBe(5);
    expect(nextCard(places, 1, 'x')).toBeUndefined();
  });
});
