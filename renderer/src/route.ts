/** Addresses of views: #/live, #/runs, #/runs/ID, #/settings. */
export type Route = { view: 'live' } | { view: 'runs' } | { view: 'run'; id: string } | { view: 'settings' };

const RUN = /^runs\/([a-z0-9_-]{1,80})$/;

/** The view that an address names; anything else is the live view. */
export function parseRoute(hash: string): Route {
  const path = hash.replace(/^#\/?/, '');
  if (path === 'runs' || path === 'settings') return { view: path };
  const id = RUN.exec(path)?.[1];
  return id === undefined ? { view: 'live' } : { view: 'run', id };
}

export function formatRoute(route: Route): string {
  return route.view === 'run' ? `#/runs/${route.id}` : `#/${route.view}`;
}
