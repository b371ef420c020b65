import type { start as English } from './en-start.ts';

export const start: typeof English = {
  title: '시작',
  emptyText: '통신 방식을 고르세요.',
};
