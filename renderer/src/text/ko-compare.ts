import type { compare as English } from './en-compare.ts';

export const compare: typeof English = {
  title: '비교',
  emptyText: '실행 기록을 둘에서 여섯 개까지 고르세요.',
};
