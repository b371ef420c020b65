/** Why a file cannot be imported, in both languages. */
import type { Locale } from '../settings.ts';

type Sentences = readonly [what: string, remedy: string];

const OWN = {
  en: 'Choose a recording that IPC Scope exported (.ipcscope).',
  ko: 'IPC Scope에서 내보낸 실행 기록 파일(.ipcscope)을 고르세요.',
} as const;

const FAULTS = {
  kind: {
    en: ['The file is not a recording of IPC Scope.', OWN.en],
    ko: ['IPC Scope의 실행 기록 파일이 아닙니다.', OWN.ko],
  },
  json_export: {
    en: [
      'The file is a run exported as JSON, which holds its samples but not its frames.',
      'Export the run as a recording (.ipcscope) and import that.',
    ],
    ko: [
      'JSON으로 내보낸 파일에는 표본만 있고 원래의 기록이 들어 있지 않습니다.',
      '그 실행을 기록 파일(.ipcscope)로 다시 내보낸 뒤 가져오세요.',
    ],
  },
  cut: {
    en: ['The file ends before the recording does.', 'Copy or download it again, to its end.'],
    ko: ['파일이 중간에서 끊겼습니다.', '끝까지 다시 복사하거나 내려받으세요.'],
  },
  corrupt: {
    en: ['The file is damaged: it cannot be unpacked.', 'Copy or download it again.'],
    ko: ['파일이 손상되어 압축을 풀 수 없습니다.', '다시 복사하거나 내려받으세요.'],
  },
  header: {
    en: [
      'The beginning of the recording is not what it should be.',
      'Export the run again, and import that.',
    ],
    ko: ['기록의 첫머리가 올바르지 않습니다.', '그 실행을 다시 내보낸 뒤 가져오세요.'],
  },
  empty: {
    en: ['There is no session in the file.', OWN.en],
    ko: ['파일에 세션이 들어 있지 않습니다.', OWN.ko],
  },
  bomb: {
    en: ['The file unpacks to far more than any recording does.', OWN.en],
    ko: ['압축을 풀면 실행 기록이라고 볼 수 없을 만큼 커지는 파일입니다.', OWN.ko],
  },
  unreadable: {
    en: ['The file cannot be read.', 'Choose a file, not a folder, that you may read.'],
    ko: ['파일을 읽을 수 없습니다.', '폴더가 아닌, 읽을 권한이 있는 파일을 고르세요.'],
  },
  lost: {
    en: ['What had been taken in of the file is gone.', 'Import it again.'],
    ko: ['가져오던 내용이 사라졌습니다.', '다시 가져오세요.'],
  },
} as const satisfies Record<string, Record<Locale, Sentences>>;

export type ImportFault = keyof typeof FAULTS;

/** The two sentences of an `import_refused`, whose `where` names the fault. */
export function importFaultText(fault: string | undefined, locale: Locale): [string, string] {
  const known = fault !== undefined && Object.hasOwn(FAULTS, fault) ? (fault as ImportFault) : 'kind';
  const [what, remedy] = FAULTS[known][locale];
  return [what, remedy];
}
