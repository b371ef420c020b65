/** Words of the view Labs. */
export const labs = {
  title: 'Labs',
  emptyText: 'This version has no labs yet.',
};
