/** What to do about an error of the system, by its errno: the few that a person meets here. */
import type { Locale } from '../settings.ts';

type Words = Readonly<Record<Locale, string>>;

const FILES: Words = {
  en: 'Raise the limit of open files (ulimit -n), or close other programs.',
  ko: '열 수 있는 파일 수의 한도를 올리거나(ulimit -n) 다른 프로그램을 끝내세요.',
};
const PERMISSION: Words = {
  en: 'Run as a user who may do this, or loosen the sandbox or the permissions that forbid it.',
  ko: '권한이 있는 사용자로 실행하거나, 이를 막는 샌드박스나 접근 권한을 풀어 주세요.',
};
const MEMORY: Words = {
  en: 'Free some memory, or choose a smaller capacity or message size.',
  ko: '메모리를 비우거나, 용량이나 메시지 크기를 줄이세요.',
};
const ROOM: Words = {
  en: 'Free some room (shared memory lies in /dev/shm), or choose a smaller capacity or message size.',
  ko: '공간을 비우거나(공유 메모리는 /dev/shm에 있습니다) 용량이나 메시지 크기를 줄이세요.',
};
const PLACE: Words = {
  en: 'See whether the file or folder is there; make the folder where it is not, and try again.',
  ko: '그 파일이나 폴더가 있는지 확인하고, 폴더가 없으면 만든 뒤 다시 시도하세요.',
};
const LOOPBACK: Words = {
  en: 'The network interface is missing or down; an administrator brings loopback up by “ip link set lo up”.',
  ko: '네트워크 인터페이스가 없거나 꺼져 있습니다. 관리자에게 루프백을 켜 달라고 하세요: ip link set lo up',
};

const REMEDIES: Readonly<Record<string, Words>> = {
  EMFILE: FILES,
  ENFILE: FILES,
  EACCES: PERMISSION,
  EPERM: PERMISSION,
  EROFS: PERMISSION,
  ENOMEM: MEMORY,
  ENOBUFS: MEMORY,
  ENOSPC: ROOM,
  EDQUOT: ROOM,
  ENOENT: PLACE,
  ENOTDIR: PLACE,
  ENODEV: LOOPBACK,
  ENETDOWN: LOOPBACK,
  ENETUNREACH: LOOPBACK,
  EFBIG: {
    en: 'Choose a smaller capacity or message size, or raise the limit of file sizes (ulimit -f).',
    ko: '용량이나 메시지 크기를 줄이거나, 파일 크기의 한도를 올리세요(ulimit -f).',
  },
  EADDRNOTAVAIL: {
    en: 'See whether the loopback interface is up (ip link set lo up), and whether ports are left (net.ipv4.ip_local_port_range).',
    ko: '루프백 인터페이스가 켜져 있는지(ip link set lo up), 남은 포트가 있는지(net.ipv4.ip_local_port_range) 확인하세요.',
  },
  EEXIST: {
    en: 'Something else has this name: remove it if nobody needs it, and try again.',
    ko: '같은 이름이 이미 있습니다. 필요 없는 것이면 지우고 다시 시도하세요.',
  },
  EBUSY: {
    en: 'It is in use, or holds more than the new value allows: try again while it is emptier, or choose more.',
    ko: '사용 중이거나 새 값보다 많은 데이터가 들어 있습니다. 더 비었을 때 다시 하거나 더 큰 값을 고르세요.',
  },
  EADDRINUSE: {
    en: 'Another program uses this address: end it, or choose another port.',
    ko: '다른 프로그램이 이 주소를 쓰고 있습니다. 그 프로그램을 끝내거나 다른 포트를 고르세요.',
  },
  EAGAIN: {
    en: 'Raise the limit of processes (ulimit -u), or end other programs; then try again.',
    ko: '프로세스 수의 한도를 올리거나(ulimit -u) 다른 프로그램을 끝낸 뒤 다시 시도하세요.',
  },
  EINVAL: {
    en: 'This system does not take one of the values: choose a smaller size or capacity.',
    ko: '이 시스템이 받지 않는 값이 있습니다. 크기나 용량을 줄여 보세요.',
  },
  ENOSYS: {
    en: 'Choose another variant or mechanism, or run it on a newer kernel.',
    ko: '다른 변형이나 통신 방식을 고르거나, 더 새로운 커널에서 실행하세요.',
  },
};

/** Undefined for an errno that has no remedy of its own. */
export function systemRemedy(errno: string | undefined, locale: Locale): string | undefined {
  return errno !== undefined && Object.hasOwn(REMEDIES, errno) ? REMEDIES[errno]?.[locale] : undefined;
}

/** Of bash, whose units are bytes, blocks of 1,024 bytes, and files. */
const ULIMITS: Readonly<Record<string, string>> = {
  RLIMIT_MSGQUEUE: 'ulimit -q N',
  RLIMIT_FSIZE: 'ulimit -f N',
  RLIMIT_NOFILE: 'ulimit -n N',
  RLIMIT_SIGPENDING: 'ulimit -i N',
};

/** The command that raises a limit by its name: a file of /proc/sys, or one of the limits of a process. */
function raisingCommand(limit: string): string | undefined {
  const sysctls = '/proc/sys/';
  if (limit.startsWith(sysctls)) return `sysctl -w ${limit.slice(sysctls.length).replaceAll('/', '.')}=N`;
  return Object.hasOwn(ULIMITS, limit) ? ULIMITS[limit] : undefined;
}

/** What to do about a limit that an error names; undefined where it names none that can be raised. */
export function limitRemedy(
  limit: string | undefined,
  allowed: string | undefined,
  locale: Locale,
): string | undefined {
  const command = limit === undefined ? undefined : raisingCommand(limit);
  if (command === undefined) return undefined;
  if (locale === 'ko') {
    const own =
      allowed === undefined ? '쓰지 않는 것을 지우거나' : `허용 범위(${allowed}) 안의 값을 고르거나`;
    return `${own}, 관리자에게 한도를 올려 달라고 하세요: ${command}`;
  }
  const own = allowed === undefined ? 'Remove what nobody uses' : `Stay within ${allowed}`;
  return `${own}, or let an administrator raise the limit: ${command}`;
}
