import { expect, it } from 'vitest';
import { VIEWS } from '#contract/stream';
import { formatRoute, parseRoute, routeOf, type Route } from './route.ts';

it.each<[string, Route]>([
  ...VIEWS.map((view): [string, Route] => [`#/${view}`, routeOf(view)]),
  ['#/runs/20261121-041500-pipe-7f3a', { view: 'run', id: '20261121-041500-pipe-7f3a' }],
  ['#/sweep/20261121-041500-sweep-7f3a', { view: 'sweep', id: '20261121-041500-sweep-7f3a' }],
  ['#/compare/one,two', { view: 'compare', ids: ['one', 'two'] }],
])('%s is an address', (hash, route) => {
  expect(parseRoute(hash)).toEqual(route);
  expect(formatRoute(route)).toBe(hash);
});

it.each([
  '',
  '#',
  '#/nowhere',
  '#/runs/../../etc',
  '#/runs/<b>',
  '#/live/more',
  '#/sweep/a/b',
  '#/sweep/<b>',
])('%s leads to the view to start from', (hash) => {
  expect(parseRoute(hash)).toEqual({ view: 'start' });
});

it.each(['#/compare/<b>,two', '#/compare/a,b,c,d,e,f,g'])('%s compares nothing yet', (hash) => {
  expect(parseRoute(hash)).toEqual({ view: 'compare', ids: [] });
});
