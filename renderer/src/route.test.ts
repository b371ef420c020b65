import { expect, it } from 'vitest';
import { formatRoute, parseRoute, type Route } from './route.ts';

it.each<[string, Route]>([
  ['#/live', { view: 'live' }],
  ['#/runs', { view: 'runs' }],
  ['#/settings', { view: 'settings' }],
  ['#/runs/20261121-041500-pipe-7f3a', { view: 'run', id: '20261121-041500-pipe-7f3a' }],
])('%s is an address', (hash, route) => {
  expect(parseRoute(hash)).toEqual(route);
  expect(formatRoute(route)).toBe(hash);
});

it.each(['', '#', '#/nowhere', '#/runs/../../etc', '#/runs/<b>'])('%s leads to the live view', (hash) => {
  expect(parseRoute(hash)).toEqual({ view: 'live' });
});
