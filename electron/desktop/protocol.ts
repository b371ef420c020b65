/** app://ipc-scope: the built page out of its folder, and nothing else. */
import type { Protocol } from 'electron';
import { answerPage, contentSecurityPolicy, pageHeaders } from '#engine/page-files';
import { APP_SCHEME, isOwnPage } from './rules.ts';

/** Must be called before the app is ready. Standard and secure: an origin of its own, module scripts, workers. */
export function declareScheme(protocol: Protocol): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

export function servePages(protocol: Protocol, folder: string): void {
  const policy = contentSecurityPolicy();
  protocol.handle(APP_SCHEME, async (request) => {
    if (request.method !== 'GET' || !isOwnPage(request.url)) {
      return new Response(null, { status: 403, headers: pageHeaders(policy) });
    }
    const { status, headers, body } = await answerPage(folder, new URL(request.url).pathname, policy);
    return new Response(body, { status, headers });
  });
}
