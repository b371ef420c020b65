import type { sweep as English } from './en-sweep.ts';

export const sweep: typeof English = {
  title: '일괄 측정',
  emptyText: '측정할 것을 고르세요.',
};
