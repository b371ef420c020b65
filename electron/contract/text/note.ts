/** Notes of a session in a person's language. */
import type { Note, Role } from '../frames.ts';
import type { Locale } from '../settings.ts';
import { formatBytes, formatCount } from './format.ts';

type Sentences = Record<Note['code'], (note: Note, locale: Locale) => string>;

const ROLES: Record<Locale, Record<Role, string>> = {
  en: { producer: 'producer', consumer: 'consumer' },
  ko: { producer: '생산자', consumer: '소비자' },
};

/** `producer 0 (pid 4711)` in the person's language. */
function process(note: Note, locale: Locale): string {
  const { role, index, pid } = note.params;
  const name = role === 'producer' || role === 'consumer' ? ROLES[locale][role] : String(role ?? '?');
  return `${name} ${index ?? 0} (pid ${pid ?? '?'})`;
}

const how = (note: Note): string => {
  const { signal, exit } = note.params;
  return signal === undefined ? `exit ${exit ?? '?'}` : String(signal);
};

const FAULTS: Record<Locale, Readonly<Record<string, (message: string, due: string) => string>>> = {
  en: {
    lost: (message) => `message ${message} did not come`,
    corrupt: (message) => `message ${message} is damaged`,
    torn: (message) => `message ${message} was read while it was being written`,
    duplicated: (message, due) => `message ${message} came again where ${due} was due`,
    reordered: (message, due) => `message ${message} came late, when ${due} was due`,
  },
  ko: {
    lost: (message) => `메시지 ${message}번이 오지 않았습니다`,
    corrupt: (message) => `메시지 ${message}번이 손상되었습니다`,
    torn: (message) => `메시지 ${message}번을 쓰는 도중에 읽었습니다`,
    duplicated: (message, due) => `${due}번이 올 차례에 메시지 ${message}번이 다시 왔습니다`,
    reordered: (message, due) => `${due}번이 올 차례에 메시지 ${message}번이 뒤늦게 왔습니다`,
  },
};

/** What is verified from now on. */
const VERIFIES: Readonly<Record<Locale, Readonly<Record<string, string>>>> = {
  en: {
    none: 'nothing is checked from here on',
    sequence: 'from here on the number of every message',
    full: 'from here on the number and the contents of every message',
  },
  ko: {
    none: '이제부터 검사하지 않습니다',
    sequence: '이제부터 모든 메시지의 순서 번호를 검사합니다',
    full: '이제부터 모든 메시지의 순서 번호와 내용을 검사합니다',
  },
};

/** `message 17 is damaged`, in the person's language. */
function fault(note: Note, locale: Locale): string {
  const { kind, sequence, expected, missing } = note.params;
  const words = FAULTS[locale][String(kind)] ?? FAULTS[locale]['corrupt'];
  const count = (value: unknown): string => formatCount(Number(value ?? 0), locale);
  const last = Number(sequence) + Number(missing ?? 1) - 1;
  const several = last > Number(sequence) ? ` – ${count(last)}` : '';
  return words?.(count(sequence) + several, count(expected)) ?? '';
}

/** Which of several producers sent the message at fault; nothing where there is one. */
const sender = (note: Note, before: string): string =>
  note.params['sender'] === undefined ? '' : `${before}${note.params['sender']}`;

/** The new value of an option, which the note carries under the option's name. */
const number = (note: Note, option: string): number => Number(note.params[option] ?? NaN);

const en: Sentences = {
  measuring: () => 'Warm-up is over; measuring starts.',
  paused: () => 'Paused.',
  resumed: () => 'Resumed.',
  rate_changed: (note, locale) =>
    number(note, 'rate_per_s') === 0
      ? 'Rate: full speed.'
      : `Rate: ${formatCount(number(note, 'rate_per_s'), locale)} messages a second.`,
  consumer_delay_changed: (note, locale) =>
    `Consumer delay: ${formatCount(number(note, 'consumer_delay_us'), locale)} µs a message.`,
  capacity_changed: (note, locale) => `Capacity: ${formatBytes(number(note, 'capacity_bytes'), locale)}.`,
  verify_changed: (note) => `Verification: ${VERIFIES.en[String(note.params['verify'])] ?? '?'}.`,
  process_killed: (note, locale) => `The ${process(note, locale)} was killed on request.`,
  process_ended: (note, locale) => `The ${process(note, locale)} ended: ${how(note)}.`,
  process_stopped: (note, locale) => `The ${process(note, locale)} was stopped from outside (SIGSTOP).`,
  process_continued: (note, locale) => `The ${process(note, locale)} goes on.`,
  supervisor_ended: (note) =>
    `The supervisor (pid ${note.params['pid'] ?? '?'}) ended: ${how(note)}. The summary is made of what it had told until then.`,
  broken_pipe: (note, locale) =>
    `The ${process(note, locale)} found the other end closed (${note.params['errno'] ?? 'EPIPE'}).`,
  owner_died: (note, locale) =>
    `The ${process(note, locale)} got the lock of a process that had died while it held it (EOWNERDEAD).`,
  drained: () => 'The producer stopped; the consumer took what was still in the channel.',
  leftover_removed: (note) =>
    `Something left behind by an earlier run was removed: ${note.params['name'] ?? '?'}.`,
  not_granted: (note) =>
    `The system did not grant ${note.params['feature'] ?? '?'} (${note.params['reason'] ?? '?'}); the session goes on without it.`,
  integrity_fault: (note, locale) =>
    `The ${process(note, locale)} found that ${fault(note, locale)}${sender(note, ', of producer ')}.`,
};

const ko: Sentences = {
  measuring: () => '예열이 끝나고 측정을 시작합니다.',
  paused: () => '일시 정지했습니다.',
  resumed: () => '다시 시작했습니다.',
  rate_changed: (note, locale) =>
    number(note, 'rate_per_s') === 0
      ? '전송률 제한: 최대 속도'
      : `전송률 제한: 초당 메시지 ${formatCount(number(note, 'rate_per_s'), locale)}개`,
  consumer_delay_changed: (note, locale) =>
    `소비자 지연: 메시지마다 ${formatCount(number(note, 'consumer_delay_us'), locale)} µs`,
  capacity_changed: (note, locale) => `버퍼 용량: ${formatBytes(number(note, 'capacity_bytes'), locale)}`,
  verify_changed: (note) => `검증: ${VERIFIES.ko[String(note.params['verify'])] ?? '?'}`,
  process_killed: (note, locale) => `요청에 따라 ${process(note, locale)} 프로세스를 종료했습니다.`,
  process_ended: (note, locale) => `${process(note, locale)} 프로세스가 끝났습니다: ${how(note)}`,
  process_stopped: (note, locale) =>
    `${process(note, locale)} 프로세스가 밖에서 온 신호로 멈추었습니다(SIGSTOP).`,
  process_continued: (note, locale) => `${process(note, locale)} 프로세스가 다시 움직입니다.`,
  supervisor_ended: (note) =>
    `감독 프로세스 (pid ${note.params['pid'] ?? '?'})가 끝났습니다: ${how(note)}. 요약은 그때까지 받은 값으로 만들었습니다.`,
  broken_pipe: (note, locale) =>
    `${process(note, locale)} 프로세스의 상대편이 닫혔습니다 (${note.params['errno'] ?? 'EPIPE'}).`,
  owner_died: (note, locale) =>
    `${process(note, locale)} 프로세스가, 잠금을 쥔 채 죽은 상대에게서 잠금을 넘겨받았습니다 (EOWNERDEAD).`,
  drained: () => '생산자가 멈추었고, 소비자가 채널에 남은 메시지를 모두 받았습니다.',
  leftover_removed: (note) => `이전 실행이 남긴 객체를 지웠습니다: ${note.params['name'] ?? '?'}`,
  not_granted: (note) =>
    `시스템이 ${note.params['feature'] ?? '?'} 요청을 받아들이지 않아 (${note.params['reason'] ?? '?'}) 이 기능 없이 계속합니다.`,
  integrity_fault: (note, locale) =>
    `${process(note, locale)} 프로세스가 오류를 찾았습니다: ${fault(note, locale)}${sender(note, ' · 생산자 ')}.`,
};

const languages: Record<Locale, Sentences> = { en, ko };

/** The note as one sentence. */
export function noteText(note: Note, locale: Locale): string {
  return languages[locale][note.code](note, locale);
}
