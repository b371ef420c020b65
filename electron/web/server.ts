/** The app on localhost: the same page, the same calls and the same stream as the desktop, over one WebSocket. */
import { createServer, STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { fail } from '#contract/errors';
import type { Engine } from '#engine/engine';
import { answerPage, contentSecurityPolicy, pageHeaders } from '#engine/page-files';
import { bearerToken, Guard, newToken, setCookie } from './guard.ts';
import { Metrics } from './metrics.ts';
import { refusalPage, type Refusal } from './refusal-pages.ts';
import { serveSocket } from './socket.ts';

/** Loopback only, whatever the machine's other addresses. */
const HOST = '127.0.0.1';
const STREAM_PATH = '/stream';
/** No call needs more; ws closes the connection with 1009 when a message is longer. */
const MAX_MESSAGE_BYTES = 1024 * 1024;

export interface WebShellOptions {
  engine: Engine;
  /** Folder of the built page. */
  rendererFolder: string;
  /** 0 lets the system choose. */
  port: number;
  /** Whether GET /metrics is answered. */
  metrics: boolean;
}

export interface WebShell {
  /** The address with the token, to be printed. */
  url: string;
  close(): Promise<void>;
}

/** Serves the engine's sessions to browsers of this machine; the engine stays the caller's to close. */
export async function startWebShell(options: WebShellOptions): Promise<WebShell> {
  const { engine, rendererFolder } = options;
  const server = createServer();
  const port = await listen(server, options.port);
  const token = newToken();
  const guard = new Guard(token, port);
  // Firefox and older Safari do not count ws: under 'self'.
  const policy = contentSecurityPolicy([`ws://127.0.0.1:${port}`, `ws://localhost:${port}`]);
  const metrics = options.metrics ? new Metrics() : undefined;
  const unsubscribe = metrics && engine.onEvent((event) => metrics.observe(event));
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    clientTracking: true,
  });
  sockets.on('connection', (socket: WebSocket) => serveSocket(socket, engine));

  server.on('request', (request, response) => {
    answer(request, response).catch((thrown: unknown) => {
      report(thrown);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });

  // Node hands an upgraded socket over and forgets it: closeAllConnections() does not reach it.
  const upgraded = new Set<Duplex>();
  server.on('upgrade', (request, socket, head) => {
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket));
    const refusal = refuseUpgrade(request);
    if (refusal !== undefined) return rejectUpgrade(socket, refusal);
    sockets.handleUpgrade(request, socket, head, (accepted) => sockets.emit('connection', accepted, request));
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { host, origin, cookie, authorization } = request.headers;
    if (!guard.hostAllowed(host)) return refuse(response, 'wrong_host');
    const reading = request.method === 'GET' || request.method === 'HEAD';
    if (!reading) return refuse(response, guard.originAllowed(origin, host) ? 'method' : 'wrong_origin');

    const { path, query } = splitTarget(request.url ?? '/');
    const offered = query.get('token');
    if (path === '/' && offered !== null) {
      if (!guard.tokenAllowed(offered)) return refuse(response, 'unauthorized');
      response.writeHead(303, {
        ...pageHeaders(policy),
        // Without the token, so that it stays out of the history's newest entry and of screenshots.
        Location: '/',
        'Set-Cookie': setCookie(port, token),
      });
      response.end();
      return;
    }
    if (path === '/metrics' && metrics !== undefined) {
      if (!guard.tokenAllowed(bearerToken(authorization)) && !guard.cookieAllowed(cookie)) {
        response.setHeader('WWW-Authenticate', 'Bearer');
        return refuse(response, 'unauthorized');
      }
      response.writeHead(200, { ...pageHeaders(policy), 'Content-Type': metrics.contentType });
      response.end(await metrics.text());
      return;
    }
    if (!guard.cookieAllowed(cookie)) return refuse(response, 'unauthorized');
    const page = await answerPage(rendererFolder, path, policy);
    if (page.status === 404) return refuse(response, 'not_found');
    response.writeHead(page.status, { ...page.headers, 'Content-Length': page.body.byteLength });
    response.end(request.method === 'HEAD' ? undefined : page.body);
  }

  function refuse(response: ServerResponse, refusal: Refusal): void {
    const { status, body } = refusalPage(refusal);
    response.writeHead(status, { ...pageHeaders(policy), 'Content-Type': 'text/html; charset=utf-8' });
    response.end(body);
  }

  function refuseUpgrade(request: IncomingMessage): Refusal | undefined {
    const { host, origin, cookie } = request.headers;
    if (!guard.hostAllowed(host)) return 'wrong_host';
    if (!guard.originAllowed(origin, host)) return 'wrong_origin';
    if (!guard.cookieAllowed(cookie)) return 'unauthorized';
    return splitTarget(request.url ?? '').path === STREAM_PATH ? undefined : 'not_found';
  }

  return {
    url: `http://${HOST}:${port}/?token=${token}`,
    close: async () => {
      unsubscribe?.();
      const closed = [new Promise<void>((resolve) => server.close(() => resolve()))];
      for (const socket of sockets.clients) {
        closed.push(new Promise((resolve) => socket.once('close', () => resolve())));
        socket.close(1001, 'IPC Scope ends');
      }
      server.closeIdleConnections();
      // Who has not said good-bye by then is cut off.
      const cut = setTimeout(() => {
        for (const socket of upgraded) socket.destroy();
        server.closeAllConnections();
      }, 500);
      await Promise.all(closed);
      clearTimeout(cut);
    },
  };
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: HOST, port }, () => {
      server.removeListener('error', reject);
      server.on('error', report);
      resolve((server.address() as AddressInfo).port);
    });
  }).catch((thrown: NodeJS.ErrnoException) => {
    const detail = {
      where: 'port',
      value: String(port),
      ...(thrown.code === undefined ? {} : { errno: thrown.code }),
    };
    if (thrown.code === 'EADDRINUSE') {
      return fail(
        'port_taken',
        `Another program listens on port ${port} of ${HOST}.`,
        'End that program, choose another port, or use port 0 to take any free one.',
        detail,
      );
    }
    if (thrown.code === 'EACCES') {
      return fail('no_permission', `Port ${port} is not open to this user.`, 'Choose a port above 1023.', {
        ...detail,
        allowed: '0, 1024..65535',
      });
    }
    throw thrown;
  });
}

/** Not through URL: `//host/path` would change the host. */
function splitTarget(target: string): { path: string; query: URLSearchParams } {
  const at = target.indexOf('?');
  return at < 0
    ? { path: target, query: new URLSearchParams() }
    : { path: target.slice(0, at), query: new URLSearchParams(target.slice(at + 1)) };
}

function rejectUpgrade(socket: Duplex, refusal: Refusal): void {
  const { status } = refusalPage(refusal);
  socket.on('error', () => undefined);
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
    // Who asks need not close its half; ours would stay open with it.
    () => socket.destroy(),
  );
}

function report(thrown: unknown): void {
  const why = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  process.stderr.write(`web shell: ${why}\n`);
}
