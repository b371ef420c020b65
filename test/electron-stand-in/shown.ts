/** Chromium does not navigate to app://, so app://HOST/ is shown as https://HOST.app.test/; nothing of it leaves Node. */
const SUFFIX = '.app.test';

export function toShown(url: string): string {
  return url.replace(
    /^(blob:)?app:\/\/([^/]+)/,
    (_all, blob: string | undefined, host: string) => `${blob ?? ''}https://${host}${SUFFIX}`,
  );
}

export function toApp(url: string): string {
  return url.replace(
    /^(blob:)?https:\/\/([^/:]+)\.app\.test(?=\/|$)/,
    (_all, blob: string | undefined, host: string) => `${blob ?? ''}app://${host}`,
  );
}
