/** Errors in a person's language, from the typed value; a code without its sentence fails the type check. */
import type { AppError, ErrorCode } from '../errors.ts';
import type { SessionState } from '../session.ts';
import type { Locale } from '../settings.ts';
import { sweepErrorsEn, sweepErrorsKo } from './sweep-error.ts';
import { importFaultText } from './import-fault.ts';
import { limitRemedy, systemRemedy } from './system.ts';

export interface ErrorText {
  /** What was wrong, and where. */
  what: string;
  /** What would be right, or what to do next. */
  remedy: string;
}

type Sentences = Record<ErrorCode, (error: AppError) => [what: string, remedy: string]>;

const where = (error: AppError): string => error.where ?? '?';
const value = (error: AppError): string => error.value ?? '?';
const allowed = (error: AppError): string => error.allowed ?? '?';
const errno = (error: AppError): string => (error.errno === undefined ? '' : ` (${error.errno})`);

const remedyEn = (error: AppError): string => systemRemedy(error.errno, 'en') ?? error.remedy;
/** The system's and the helper's own words are English; where there is no translation, none of them is shown. */
const remedyKo = (error: AppError): string =>
  systemRemedy(error.errno, 'ko') ??
  '잠시 뒤 다시 시도하고, 되풀이되면 설정을 바꾸거나 “ipc-scope doctor”로 이 시스템을 점검하세요.';

/** How a session's states are called within a sentence. */
const STATES: Readonly<Record<SessionState, Record<Locale, string>>> = {
  starting: { en: 'starting', ko: '시작 중' },
  running: { en: 'running', ko: '실행 중' },
  paused: { en: 'paused', ko: '일시 정지 중' },
  stopping: { en: 'stopping', ko: '멈추는 중' },
  finished: { en: 'over', ko: '끝난 상태' },
  failed: { en: 'over', ko: '끝난 상태' },
};

/** The states that a comma-separated list names, in words. */
function states(list: string | undefined, locale: Locale): string[] {
  return (list ?? '').split(', ').map((name) => (isState(name) ? STATES[name][locale] : name));
}

function isState(name: string): name is SessionState {
  return Object.hasOwn(STATES, name);
}

/** A line of a dialogue that cannot be said: for what is in it, or because nobody may speak now. */
function sayEn(e: AppError): [string, string] {
  if (e.allowed === undefined) return [`Nothing can be said now: ${e.message}.`, e.remedy];
  return [`This cannot be said: ${e.message} (${value(e)}).`, `Use ${e.allowed}.`];
}

function sayKo(e: AppError): [string, string] {
  if (e.allowed === undefined) {
    return ['지금은 말할 수 없습니다.', '대화가 진행 중이고 말할 횟수가 남아 있을 때 할 수 있습니다.'];
  }
  const most = /^1\.\.(\d+) /.exec(e.allowed)?.[1];
  return most === undefined
    ? ['누가 말하는지 알 수 없습니다.', `쓸 수 있는 형식: ${e.allowed}`]
    : [
        '이 줄은 보낼 수 없습니다.',
        `제어 문자가 없는 UTF-8 글을 1바이트에서 ${most}바이트까지 쓸 수 있습니다.`,
      ];
}

const en: Sentences = {
  unknown_command: (e) => [`There is no command “${value(e)}”.`, `Use one of: ${allowed(e)}.`],
  unknown_mechanism: (e) => [
    `There is no mechanism “${value(e)}” on this system.`,
    `Use one of: ${allowed(e)}.`,
  ],
  unknown_flag: (e) => [`There is no option “${where(e)}” here.`, `The options are: ${allowed(e)}.`],
  missing_value: (e) => [`“${where(e)}” has no value.`, `Give it one of: ${allowed(e)}.`],
  not_a_number: (e) => [`“${where(e)}” needs a whole number, not “${value(e)}”.`, `Use ${allowed(e)}.`],
  out_of_range: (e) => [`${value(e)} is out of range for “${where(e)}”.`, `Use ${allowed(e)}.`],
  not_a_choice: (e) => [`“${where(e)}” cannot be “${value(e)}”.`, `Use one of: ${allowed(e)}.`],
  not_supported: (e) => [`This combination is not possible: ${e.message}`, e.remedy],
  bad_command: (e) =>
    e.where === 'say'
      ? sayEn(e)
      : [`The running session does not know the command “${value(e)}”.`, `It takes: ${allowed(e)}.`],
  system_refused: (e) => [`The system refused ${where(e)}${errno(e)}.`, remedyEn(e)],
  limit_reached: (e) => [
    `A limit of the system was reached in ${where(e)}${errno(e)}.`,
    limitRemedy(e.where, e.allowed, 'en') ?? remedyEn(e),
  ],
  no_permission: (e) =>
    e.where === 'port'
      ? [`Port ${value(e)} is not open to this user${errno(e)}.`, 'Choose a port above 1023.']
      : [`The system does not allow ${where(e)}${errno(e)}.`, remedyEn(e)],
  peer_failed: (e) => [
    e.where === undefined
      ? 'One of the two processes could not start.'
      : `One of the two processes failed in ${e.where}${errno(e)}.`,
    remedyEn(e),
  ],
  timed_out: () => [
    'The processes of the session did not get ready in time.',
    'End other programs that keep the CPUs busy, or ask for fewer processes; then start it again.',
  ],
  internal: (e) => [
    `Something went wrong inside IPC Scope: ${e.message}`,
    'Try again; if it happens again, please report it with this message.',
  ],
  helper_missing: (e) => [
    `The measuring helper was not found at ${where(e)}.`,
    'Build it with “node build/setup.mjs”, or install IPC Scope again.',
  ],
  helper_not_executable: (e) => [
    `The measuring helper at ${where(e)} may not be executed${errno(e)}.`,
    'Give it the execute permission (chmod +x), or build it again with “node build/setup.mjs”.',
  ],
  helper_protocol: (e) => [
    `The measuring helper speaks protocol ${value(e)}, this app speaks ${allowed(e)}.`,
    'App and helper are of different versions: build the helper again with “node build/setup.mjs”.',
  ],
  helper_silent: () => [
    'The measuring helper did not answer in time and was ended.',
    'Start the session again; “ipc-scope doctor” tells whether the helper works at all.',
  ],
  helper_bad_frame: (e) => [
    `The measuring helper printed a line that is not part of its protocol: ${value(e)}`,
    'The line was left out. If there are many, build the helper again with “node build/setup.mjs”.',
  ],
  helper_crashed: (e) => [
    `The measuring helper ended without a summary: ${e.message}`,
    'What was measured until then is kept. Start the session again.',
  ],
  session_busy: () => [
    'A session is running already; two at once would spoil each other’s figures.',
    'Stop the running session first.',
  ],
  session_unknown: (e) => [
    `There is no running session ${value(e)}.`,
    'It has ended; find its recording among the runs.',
  ],
  recording_missing: (e) => [
    `There is no run ${value(e)}.`,
    'It may have been deleted. The list of runs shows those there are.',
  ],
  recording_truncated: () => [
    'The recording ends before its session did.',
    'Everything up to there is shown; nothing needs to be done.',
  ],
  recording_damaged: (e) => [
    `The recording is damaged at ${where(e)}.`,
    'What can be read is shown; the rest cannot be recovered. Delete the run if it is of no use.',
  ],
  recording_newer: (e) => [
    `The run was recorded in format ${value(e)}; this version reads up to ${allowed(e)}.`,
    'Open it with a newer version of IPC Scope.',
  ],
  recording_incomplete: (e) => [
    `Frames of the recording are missing: ${value(e)}.`,
    'The rest is shown. To see all of it, export the run again where it was recorded.',
  ],
  recording_write_failed: (e) => [
    `The run cannot be recorded${errno(e)}: ${e.message}`,
    'The session goes on without a recording. Make the data folder (Settings shows it) writable for this user, then start again.',
  ],
  disk_full: (e) => [
    `The disk is full${errno(e)}.`,
    'Free some space or delete old runs. The session itself goes on.',
  ],
  settings_damaged: (e) => [
    'The settings could not be read and were set aside.',
    `Defaults are used: choose yours again under Settings. The old file is kept as ${where(e)}.`,
  ],
  run_in_use: () => [
    'This run is still being recorded, so it cannot be deleted.',
    'Stop its session first, or wait until it ends.',
  ],
  cancelled: () => ['It was cancelled.', 'Nothing was changed; start it again if you want it.'],
  import_refused: (e) => importFaultText(e.where, 'en'),
  import_too_large: (e) => [
    `The file holds more than can be imported here (${allowed(e)}).`,
    'Make room on the disk, or import a shorter recording.',
  ],
  too_many_marks: (e) =>
    e.value === undefined
      ? [
          `This run has ${allowed(e)} marks already, which is the most it may have.`,
          'Take away one that is not needed.',
        ]
      : [
          `This run has more marks than can be shown (${value(e)}).`,
          e.allowed === '0'
            ? 'None of them is shown; the file of marks is left as it is.'
            : `The first ${allowed(e)} are shown; the file of marks is left as it is.`,
        ],
  wrong_state: (e) => {
    if (e.value === 'closing') return ['IPC Scope is being closed.', 'Start it again to run a session.'];
    if (e.allowed === undefined) return ['The session was stopped before it began.', 'Start it again.'];
    return [
      `This cannot be done while the session is ${states(e.value, 'en').join()}.`,
      `It can be done while the session is ${states(e.allowed, 'en').join(' or ')}.`,
    ];
  },
  bad_request: () => [
    'The program did not understand what it was asked, so nothing was changed.',
    'Page and program may be of different versions: load the page again, or start IPC Scope again.',
  ],
  not_allowed: () => [
    'This was asked by something else than IPC Scope’s own page, and was refused.',
    'Use the window of IPC Scope itself.',
  ],
  connection_lost: () => [
    'The connection to IPC Scope was lost.',
    'It is tried again by itself. If the program was ended, start it again and open the address it prints.',
  ],
  page_not_built: () => ['The page is not built.', 'Run “node build/setup.mjs” first.'],
  port_taken: (e) => [
    `Port ${value(e)} is in use by another program.`,
    'Choose another one with --port, or leave --port out to get a free one.',
  ],
  already_running: (e) => {
    if (e.where !== undefined) {
      return [
        `IPC Scope is running already, at ${e.where}.`,
        'Open the address that it printed, or end it first: two at once would spoil each other’s figures.',
      ];
    }
    if (e.value !== undefined) {
      return [
        `IPC Scope is running already (process ${e.value}).`,
        'Use that one, or end it first: two at once would spoil each other’s figures.',
      ];
    }
    return ['IPC Scope is running already.', 'Its window was brought to the front.'];
  },
  data_folder_unusable: (e) => [
    `The data folder ${where(e)} cannot be used${errno(e)}.`,
    'Check its permissions and the room on its disk, or name another folder in IPC_SCOPE_DATA.',
  ],
  usage: (e) => [e.message, e.remedy],
  ...sweepErrorsEn,
};

const ko: Sentences = {
  unknown_command: (e) => [`“${value(e)}”라는 명령은 없습니다.`, `다음 중 하나를 쓰세요: ${allowed(e)}`],
  unknown_mechanism: (e) => [
    `이 시스템에는 “${value(e)}”라는 통신 방식이 없습니다.`,
    `다음 중 하나를 쓰세요: ${allowed(e)}`,
  ],
  unknown_flag: (e) => [`여기에는 “${where(e)}” 옵션이 없습니다.`, `쓸 수 있는 옵션: ${allowed(e)}`],
  missing_value: (e) => [`“${where(e)}”에 값이 없습니다.`, `다음 중 하나를 적으세요: ${allowed(e)}`],
  not_a_number: (e) => [
    `“${where(e)}”에는 정수를 적어야 합니다. “${value(e)}”은(는) 정수가 아닙니다.`,
    `허용 범위: ${allowed(e)}`,
  ],
  out_of_range: (e) => [
    `“${where(e)}”의 값 ${value(e)}이(가) 범위를 벗어났습니다.`,
    `허용 범위: ${allowed(e)}`,
  ],
  not_a_choice: (e) => [
    `“${where(e)}”에는 “${value(e)}”을(를) 쓸 수 없습니다.`,
    `다음 중 하나를 쓰세요: ${allowed(e)}`,
  ],
  not_supported: (e) => {
    if (e.errno !== undefined)
      return [`이 시스템은 ${where(e)}을(를) 지원하지 않습니다${errno(e)}.`, remedyKo(e)];
    const change =
      e.allowed === undefined ? '옵션의 조합을 바꾸어 다시 시작하세요.' : `쓸 수 있는 값: ${e.allowed}`;
    return e.where === undefined || e.value === undefined
      ? ['이 조합은 실행할 수 없습니다.', change]
      : [`여기서는 “${e.where}”에 “${e.value}”을(를) 쓸 수 없습니다.`, change];
  },
  bad_command: (e) =>
    e.where === 'say'
      ? sayKo(e)
      : [`실행 중인 세션이 “${value(e)}” 명령을 알지 못합니다.`, `쓸 수 있는 명령: ${allowed(e)}`],
  system_refused: (e) => [`운영체제가 요청을 거부했습니다: ${where(e)}${errno(e)}`, remedyKo(e)],
  limit_reached: (e) => [
    `운영체제의 한도에 닿았습니다: ${where(e)}${errno(e)}`,
    limitRemedy(e.where, e.allowed, 'ko') ?? remedyKo(e),
  ],
  no_permission: (e) =>
    e.where === 'port'
      ? [`이 사용자는 포트 ${value(e)}을(를) 쓸 수 없습니다${errno(e)}.`, '1024 이상의 포트를 고르세요.']
      : [`운영체제가 허용하지 않습니다: ${where(e)}${errno(e)}`, remedyKo(e)],
  peer_failed: (e) => [
    e.where === undefined
      ? '두 프로세스 중 하나가 시작하지 못했습니다.'
      : `두 프로세스 중 하나가 실패했습니다: ${e.where}${errno(e)}`,
    remedyKo(e),
  ],
  timed_out: () => [
    '세션의 프로세스가 제시간에 준비되지 않았습니다.',
    'CPU를 많이 쓰는 다른 프로그램을 끝내거나 프로세스 수를 줄인 뒤 다시 시작하세요.',
  ],
  internal: (e) => [
    `IPC Scope 내부에서 문제가 생겼습니다: ${e.message}`,
    '다시 시도해 보고, 되풀이되면 이 문장과 함께 알려 주세요.',
  ],
  helper_missing: (e) => [
    `측정 도우미 프로그램을 ${where(e)}에서 찾지 못했습니다.`,
    '“node build/setup.mjs”로 빌드하거나 IPC Scope를 다시 설치하세요.',
  ],
  helper_not_executable: (e) => [
    `${where(e)}의 측정 도우미 프로그램을 실행할 권한이 없습니다${errno(e)}.`,
    '실행 권한을 주거나(chmod +x) “node build/setup.mjs”로 다시 빌드하세요.',
  ],
  helper_protocol: (e) => [
    `측정 도우미의 프로토콜은 ${value(e)}이고, 이 앱의 프로토콜은 ${allowed(e)}입니다.`,
    '앱과 도우미의 버전이 다릅니다. “node build/setup.mjs”로 도우미를 다시 빌드하세요.',
  ],
  helper_silent: () => [
    '측정 도우미가 제시간에 응답하지 않아 종료했습니다.',
    '세션을 다시 시작하세요. 도우미가 동작하는지는 “ipc-scope doctor”로 확인할 수 있습니다.',
  ],
  helper_bad_frame: (e) => [
    `측정 도우미가 프로토콜에 맞지 않는 줄을 출력했습니다: ${value(e)}`,
    '그 줄은 건너뛰었습니다. 자주 나타나면 “node build/setup.mjs”로 도우미를 다시 빌드하세요.',
  ],
  helper_crashed: (e) => [
    `측정 도우미가 요약을 남기지 못하고 끝났습니다: ${e.message}`,
    '그때까지 측정한 값은 남아 있습니다. 세션을 다시 시작하세요.',
  ],
  session_busy: () => [
    '이미 실행 중인 세션이 있습니다. 동시에 실행하면 서로의 측정값을 망칩니다.',
    '먼저 실행 중인 세션을 멈추세요.',
  ],
  session_unknown: (e) => [
    `실행 중인 세션 ${value(e)}이(가) 없습니다.`,
    '이미 끝났습니다. 실행 기록에서 찾아보세요.',
  ],
  recording_missing: (e) => [
    `실행 기록 ${value(e)}이(가) 없습니다.`,
    '삭제되었을 수 있습니다. 남아 있는 기록은 목록에서 볼 수 있습니다.',
  ],
  recording_truncated: () => [
    '세션이 끝나기 전에 기록이 끊겼습니다.',
    '그 앞까지는 모두 보여 드립니다. 따로 할 일은 없습니다.',
  ],
  recording_damaged: (e) => [
    `기록이 ${where(e)}에서 손상되었습니다.`,
    '읽을 수 있는 부분만 보여 드립니다. 필요 없으면 이 기록을 삭제하세요.',
  ],
  recording_newer: (e) => [
    `이 기록의 형식은 ${value(e)}이고, 이 버전은 ${allowed(e)}까지 읽을 수 있습니다.`,
    '더 새로운 IPC Scope로 여세요.',
  ],
  recording_incomplete: (e) => [
    `기록에서 프레임 ${value(e)}개가 빠져 있습니다.`,
    '나머지는 모두 보여 드립니다. 전체를 보려면 기록한 곳에서 다시 내보내세요.',
  ],
  recording_write_failed: (e) => [
    `실행을 기록할 수 없습니다${errno(e)}.`,
    '세션은 기록 없이 계속됩니다. 기록 폴더(설정 화면에 나옵니다)에 쓸 수 있도록 권한을 고친 뒤 다시 시작하세요.',
  ],
  disk_full: (e) => [
    `디스크가 가득 찼습니다${errno(e)}.`,
    '공간을 비우거나 오래된 실행 기록을 삭제하세요. 세션은 계속됩니다.',
  ],
  settings_damaged: (e) => [
    '설정 파일을 읽을 수 없어 따로 옮겨 두었습니다.',
    `기본 설정을 사용하니 설정 화면에서 다시 고르세요. 이전 파일: ${where(e)}`,
  ],
  run_in_use: () => [
    '아직 기록 중인 실행이라 삭제할 수 없습니다.',
    '먼저 그 세션을 멈추거나, 끝날 때까지 기다리세요.',
  ],
  cancelled: () => ['취소했습니다.', '바뀐 것은 없습니다. 필요하면 다시 시작하세요.'],
  import_refused: (e) => importFaultText(e.where, 'ko'),
  import_too_large: (e) => [
    `파일의 내용이 여기에서 가져올 수 있는 크기(${allowed(e)})를 넘습니다.`,
    '디스크 공간을 비우거나 더 짧은 기록을 가져오세요.',
  ],
  too_many_marks: (e) =>
    e.value === undefined
      ? [
          `이 기록에는 이미 표시가 ${allowed(e)}개 있어 더 추가할 수 없습니다.`,
          '필요 없는 표시를 지운 뒤 다시 시도하세요.',
        ]
      : [
          `이 기록에는 표시가 너무 많아 모두 보여 줄 수 없습니다(${value(e)}).`,
          e.allowed === '0'
            ? '표시는 보여 주지 않습니다. 표시 파일은 그대로 둡니다.'
            : `앞에서부터 ${allowed(e)}개까지 보여 줍니다. 표시 파일은 그대로 둡니다.`,
        ],
  wrong_state: (e) => {
    if (e.value === 'closing') return ['IPC Scope가 끝나는 중입니다.', '다시 시작한 뒤 세션을 실행하세요.'];
    if (e.allowed === undefined) return ['세션이 시작되기 전에 멈추었습니다.', '세션을 다시 시작하세요.'];
    return [
      `세션이 ${states(e.value, 'ko').join()}일 때는 할 수 없는 일입니다.`,
      `할 수 있는 때: ${states(e.allowed, 'ko').join(', ')}`,
    ];
  },
  bad_request: () => [
    '프로그램이 요청을 이해하지 못해 아무것도 바꾸지 않았습니다.',
    '화면과 프로그램의 버전이 다를 수 있습니다. 화면을 다시 불러오거나 IPC Scope를 다시 시작하세요.',
  ],
  not_allowed: () => [
    'IPC Scope의 화면이 아닌 곳에서 온 요청이라 거부했습니다.',
    'IPC Scope의 창에서 직접 실행하세요.',
  ],
  connection_lost: () => [
    'IPC Scope와의 연결이 끊어졌습니다.',
    '자동으로 다시 연결합니다. 프로그램을 끝냈다면 다시 시작하고 출력된 주소를 여세요.',
  ],
  page_not_built: () => ['페이지가 빌드되어 있지 않습니다.', '먼저 “node build/setup.mjs”를 실행하세요.'],
  port_taken: (e) => [
    `포트 ${value(e)}은(는) 다른 프로그램이 쓰고 있습니다.`,
    '--port로 다른 포트를 고르거나, --port를 빼서 빈 포트를 쓰게 하세요.',
  ],
  already_running: (e) => {
    if (e.where !== undefined) {
      return [
        `IPC Scope가 이미 ${e.where}에서 실행 중입니다.`,
        '그때 출력된 주소를 열거나 먼저 끝내세요. 동시에 실행하면 서로의 측정값을 망칩니다.',
      ];
    }
    if (e.value !== undefined) {
      return [
        `IPC Scope가 이미 실행 중입니다(프로세스 ${e.value}).`,
        '그것을 쓰거나 먼저 끝내세요. 동시에 실행하면 서로의 측정값을 망칩니다.',
      ];
    }
    return ['IPC Scope가 이미 실행 중입니다.', '열려 있는 창을 앞으로 가져왔습니다.'];
  },
  data_folder_unusable: (e) => [
    `데이터 폴더 ${where(e)}을(를) 쓸 수 없습니다${errno(e)}.`,
    '폴더의 권한과 디스크 공간을 확인하거나, IPC_SCOPE_DATA에 다른 폴더를 지정하세요.',
  ],
  usage: (e) => [e.message, e.remedy],
  ...sweepErrorsKo,
};

const languages: Record<Locale, Sentences> = { en, ko };

/** The error as two sentences: what was wrong, and what would be right. */
export function errorText(error: AppError, locale: Locale): ErrorText {
  const [what, remedy] = languages[locale][error.code](error);
  return { what, remedy };
}
