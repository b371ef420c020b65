import type { labs as English } from './en-labs.ts';

export const labs: typeof English = {
  title: '실습',
  emptyText: '이 버전에는 아직 실습이 없습니다.',
};
