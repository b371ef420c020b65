/** Words of the view Start. */
export const start = {
  title: 'Start',
  emptyText: 'Choose a mechanism.',
};
