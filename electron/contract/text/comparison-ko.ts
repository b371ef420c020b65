/** Korean words of a comparison. Sides are letters that end in a vowel when they are read (A 에이, B 비 …): 는, 와, 가. */
import type { ComparisonTexts } from './comparison-en.ts';

const thing = (roundTrips: boolean): string => (roundTrips ? '왕복 처리율' : '메시지 처리율');

export const korean: ComparisonTexts = {
  figures: {
    messages_per_s: '초당 메시지 수',
    bytes_per_s: '초당 전송량',
    p50_ns: '지연 p50',
    p90_ns: '지연 p90',
    p99_ns: '지연 p99',
    p99_9_ns: '지연 p99.9',
    max_ns: '최대 지연',
    cpu_ns_per_message: '메시지당 CPU 시간',
    switches_per_message: '메시지당 문맥 교환',
    errors: '오류',
  },
  facts: {
    host: '컴퓨터',
    os: '운영체제',
    release: '커널',
    arch: '아키텍처',
    cpu_model: 'CPU 모델',
    cpus: 'CPU 수',
    clock: '시계',
  },
  cautions: {
    machines_differ: (_, detail) => ({
      cause: `서로 다른 컴퓨터나 시스템에서 측정했습니다(다른 점: ${detail}).`,
      effect: '수치의 차이가 통신 방식이 아니라 컴퓨터의 차이일 수 있습니다.',
      remedy: '모두 같은 컴퓨터에서 다시 측정하세요.',
    }),
    machine_unknown: (who) => ({
      cause: `${who}: 어느 컴퓨터에서 측정했는지 기록에 없습니다.`,
      effect: '같은 컴퓨터에서 측정한 것인지 확인할 수 없습니다.',
      remedy: '확실하지 않으면 다시 측정하세요.',
    }),
    cut_short: (who) => ({
      cause: `${who}: 끝까지 실행되지 못했습니다.`,
      effect: '세션의 일부만 측정한 수치이며, 중단된 과정의 영향도 들어 있습니다.',
      remedy: '끝까지 다시 측정하세요.',
    }),
    faults: (who) => ({
      cause: `${who}: 손실되거나 손상되거나 순서가 바뀐 메시지가 있습니다.`,
      effect: '메시지를 버리면 빨라 보입니다. 제대로 전달한 통신의 처리율이 아닙니다.',
      remedy: '처리율은 모든 메시지가 도착한 실행끼리 비교하세요.',
    }),
    disturbed: (who) => ({
      cause: `${who}: 실행하는 동안 설정을 바꾸었거나 프로세스를 멈추거나 강제 종료했습니다.`,
      effect: '바뀌기 전과 바뀐 뒤의 수치가 섞여 있습니다.',
      remedy: '설정마다 따로 실행해 측정하세요.',
    }),
    latency_kinds_differ: () => ({
      cause: '지연을 단방향으로 잰 실행과 왕복으로 잰 실행이 섞여 있습니다.',
      effect: '왕복 한 번에는 메시지 두 개와 깨우기 두 번이 들어 있으므로, 같은 것을 잰 지연이 아닙니다.',
      remedy: '지연은 같은 패턴으로 실행한 것끼리 비교하세요.',
    }),
    patterns_differ: () => ({
      cause: '통신 패턴이 서로 다릅니다.',
      effect: '핑퐁에서는 메시지마다 응답을 기다리므로, 처리율이 지연에 묶이고 왕복 횟수를 셉니다.',
      remedy: '처리율은 같은 패턴으로 실행한 것끼리 비교하세요.',
    }),
    sizes_differ: () => ({
      cause: '메시지 크기가 서로 다릅니다.',
      effect:
        '큰 메시지는 적게 보내도 더 많은 데이터를 나르므로, 초당 메시지 수와 초당 전송량의 순위가 반대일 수 있습니다.',
      remedy: '둘 다 살펴보거나, 크기가 같은 실행끼리 비교하세요.',
    }),
    verify_differs: () => ({
      cause: '메시지를 검증하는 범위가 서로 다릅니다.',
      effect: '내용을 검사하면 소비자의 시간이 더 들고, 메시지가 클수록 더 많이 듭니다.',
      remedy: '검증 설정을 같게 하고 측정하세요.',
    }),
    rate_limited: (who) => ({
      cause: `${who}: 정해 둔 전송률로 보냈습니다.`,
      effect: '처리율은 요청한 값일 뿐, 통신 방식의 능력을 나타내지 않습니다.',
      remedy: '지연을 비교하거나, 최대 속도로 측정하세요.',
    }),
    unstable: (who, detail) => ({
      cause: `${who}: 측정하는 동안 처리율이 구간에 따라 ${detail}배 넘게 달라졌습니다.`,
      effect: '수치 하나로 나타내기 어렵고, 다시 측정하면 다른 결과가 나올 수 있습니다.',
      remedy: '다른 프로그램을 끝내고 프로세스를 CPU에 배치한 뒤, 더 오래 또는 여러 번 측정하세요.',
    }),
    rounds_differ: (who, detail) => ({
      cause: `${who}: 가장 빠른 회차의 처리율이 가장 느린 회차의 ${detail}배가 넘습니다.`,
      effect: '회차마다 결과가 서로 맞지 않으므로, 중앙값도 우연일 수 있습니다.',
      remedy: '다른 프로그램을 끝내고, 프로세스를 CPU에 배치하거나 더 오래 여러 번 측정하세요.',
    }),
    noise: (who) => ({
      cause: `${who}: 비율의 구간에 1이 들어 있습니다.`,
      effect: '처리율로는 기준과 구별할 수 없습니다. 보이는 차이는 측정 잡음일 수 있습니다.',
      remedy: '더 오래 측정하거나, 둘을 번갈아 여러 번 측정하세요(ipc-scope compare).',
    }),
    no_spread: (who) => ({
      cause: `${who}: 측정 시간이 짧아 처리율이 얼마나 흔들리는지 알 수 없습니다.`,
      effect: '비율에 구간이 없으므로 우연한 차이일 수 있습니다.',
      remedy: '적어도 1초 이상 측정하세요.',
    }),
    warned: (who, detail) => ({
      cause: `${who}: 실행 자체에 주의할 점이 있었습니다.`,
      effect: detail,
      remedy: '수치를 그대로 믿기 전에 원인을 확인하세요.',
    }),
  },
  and: (words) => words.join(', '),
  side: (letter, name) => (name === '' ? letter : `${letter}(${name})`),
  times: ({ ratio, interval, fraction }) => {
    const told = fraction ? ratio : `${ratio}배`;
    return interval === '' ? `약 ${told}` : `${told}(${interval})`;
  },
  rate: (side, base, times, roundTrips, bytes) =>
    `${side}의 ${thing(roundTrips)}은 ${base}의 ${times}${bytes === '' ? '' : `, 초당 전송량은 ${bytes}`}이고`,
  best: (count, side, base, times, roundTrips) =>
    `실행 ${count}개 가운데 ${side}의 ${thing(roundTrips)}이 ${base}의 ${times}로 가장 높고`,
  bestIsBase: (count, base, next, times, roundTrips) =>
    `실행 ${count}개 가운데 ${base}의 ${thing(roundTrips)}이 가장 높고, 다음은 그 ${times}인 ${next}이고`,
  alike: (side, base, interval) => `${side}와 ${base}의 처리율은 차이가 있다고 할 수 없고(비율 ${interval})`,
  alikeBest: (count, side, base, interval) =>
    `실행 ${count}개 가운데 ${side}와 ${base}의 처리율이 가장 높으면서 서로 차이가 있다고 할 수 없고(비율 ${interval})`,
  latency: (times, base) => `p99 지연은 ${base}의 ${times}이며`,
  latencyAlike: (interval) => `p99 지연은 차이가 있다고 할 수 없으며(비율 ${interval})`,
  latencyOf: (side, times, base) => `${side}의 p99 지연은 ${base}의 ${times}이며`,
  lowest: (side, base, times) => `p99 지연은 ${side}가 ${base}의 ${times}로 가장 짧으며`,
  lowestIsBase: (base) => `p99 지연은 ${base}가 가장 짧으며`,
  differ: (settings, more) =>
    `서로 다른 설정은 ${settings.join(', ')}${more === 0 ? '' : ` 외 ${more}개`}입니다`,
  same: '설정은 모두 같습니다',
  sentence: (parts) => `${parts.join(', ')}.`,
  titles: {
    comparison: '비교',
    run: '실행',
    when: '측정 시각',
    id: 'ID',
    figure: '수치',
    setting: '설정',
    cautions: '해석할 때 주의할 점',
    baseline: '기준',
    differs: '다름',
    spread:
      '괄호 안은 비율의 95% 구간이며, 각 실행 안에서 수치가 변한 정도로 구했습니다. 다시 실행하면 이 구간을 벗어날 수 있습니다.',
    rounds: (rounds) =>
      `번갈아 ${rounds}번씩 측정한 중앙값입니다. 괄호 안은 비율이 회차마다 달라진 범위입니다.`,
  },
};
