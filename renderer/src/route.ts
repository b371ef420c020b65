/** Addresses of views: #/live, #/runs, #/runs/ID, #/compare/ID,ID, … */
import { MOST_COMPARED } from '#contract/compare/comparison';
import { VIEWS, type View } from '#contract/stream';

export type Route =
  | { view: Exclude<View, 'compare' | 'sweep'> }
  /** One sweep; without a name the one that runs, or the newest. */
  | { view: 'sweep'; id?: string }
  | { view: 'run'; id: string }
  /** Runs to compare; none yet: they are chosen there. */
  | { view: 'compare'; ids: readonly string[] };

const RUN = /^[a-z0-9_-]{1,80}$/;

/** The view that an address names; anything else is the view to start from. */
export function parseRoute(hash: string): Route {
  const [path = '', rest, ...more] = hash.replace(/^#\/?/, '').split('/');
  const view = VIEWS.find((known) => known === path);
  if (view === 'compare' && more.length === 0) {
    const ids = rest?.split(',') ?? [];
    const fits = ids.every((id) => RUN.test(id)) && ids.length <= MOST_COMPARED;
    return { view, ids: fits ? [...new Set(ids)] : [] };
  }
  if (view === 'runs' && rest !== undefined && more.length === 0 && RUN.test(rest))
    return { view: 'run', id: rest };
  if (view === 'sweep' && rest !== undefined && more.length === 0 && RUN.test(rest))
    return { view, id: rest };
  return view === undefined || view === 'compare' || rest !== undefined ? { view: 'start' } : { view };
}

export function formatRoute(route: Route): string {
  switch (route.view) {
    case 'run':
      return `#/runs/${route.id}`;
    case 'compare':
      return route.ids.length > 0 ? `#/compare/${route.ids.join(',')}` : '#/compare';
    case 'sweep':
      return route.id === undefined ? '#/sweep' : `#/sweep/${route.id}`;
    default:
      return `#/${route.view}`;
  }
}

/** The address at which the rail, a key or the menu opens a view. */
export function routeOf(view: View): Route {
  return view === 'compare' ? { view, ids: [] } : { view };
}
