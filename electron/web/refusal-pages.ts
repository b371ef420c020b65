/** What a browser is shown when it may not in: plain words in both languages, no script, no style. */

export type Refusal = 'unauthorized' | 'wrong_host' | 'wrong_origin' | 'method' | 'not_found';

interface Words {
  status: number;
  title: string;
  en: string;
  ko: string;
}

const WORDS: Readonly<Record<Refusal, Words>> = {
  unauthorized: {
    status: 401,
    title: 'IPC Scope',
    en: 'This address needs the token from the terminal. Open the complete address that IPC Scope printed when it started; it ends in ?token=… .',
    ko: '이 주소를 열려면 터미널에 출력된 토큰이 필요합니다. IPC Scope가 시작할 때 출력한 전체 주소(?token=… 로 끝남)를 여세요.',
  },
  wrong_host: {
    status: 421,
    title: 'IPC Scope',
    en: 'IPC Scope answers only under 127.0.0.1 or localhost with its own port. Open the address that it printed when it started.',
    ko: 'IPC Scope는 127.0.0.1 또는 localhost와 자신의 포트로만 응답합니다. 시작할 때 출력한 주소를 여세요.',
  },
  wrong_origin: {
    status: 403,
    title: 'IPC Scope',
    en: 'Another web page tried to talk to IPC Scope. That is not allowed.',
    ko: '다른 웹 페이지가 IPC Scope에 접근하려고 했습니다. 허용되지 않습니다.',
  },
  method: {
    status: 405,
    title: 'IPC Scope',
    en: 'Only GET is answered here.',
    ko: '여기서는 GET 요청에만 응답합니다.',
  },
  not_found: {
    status: 404,
    title: 'IPC Scope',
    en: 'There is nothing at this address.',
    ko: '이 주소에는 아무것도 없습니다.',
  },
};

export function refusalPage(refusal: Refusal): { status: number; body: string } {
  const { status, title, en, ko } = WORDS[refusal];
  return {
    status,
    body: `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title} · ${status}</title>
<h1>${title}</h1>
<p>${en}</p>
<p lang="ko">${ko}</p>
</html>
`,
  };
}
