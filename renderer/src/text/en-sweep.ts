/** Words of the view Sweep. */
export const sweep = {
  title: 'Sweep',
  emptyText: 'Choose what to run.',
};
