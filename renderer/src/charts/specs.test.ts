import { expect, it } from 'vitest';
import { chartSpecs } from './specs.ts';

const many = (role: 'producer' | 'consumer', count: number) =>
  Array.from({ length: count }, (_, index) => ({ role, index, pid: 1 }));

const drawn = (producers: number, consumers: number): string[] =>
  (
    chartSpecs({ processes: [...many('producer', producers), ...many('consumer', consumers)] }).find(
      ({ id }) => id === 'blocked',
    )?.series ?? []
  ).map(({ process }) => `${process?.role ?? ''} ${process?.index ?? ''}`);

it('of many processes both roles are drawn, five in all', () => {
  expect(drawn(1, 1)).toEqual(['producer 0', 'consumer 0']);
  expect(drawn(12, 1)).toEqual(['producer 0', 'producer 1', 'producer 2', 'producer 3', 'consumer 0']);
  expect(drawn(1, 9)).toEqual(['producer 0', 'consumer 0', 'consumer 1', 'consumer 2', 'consumer 3']);
  expect(drawn(8, 8)).toEqual(['producer 0', 'producer 1', 'producer 2', 'consumer 0', 'consumer 1']);
});
