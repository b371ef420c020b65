/** Words of the view Compare. */
export const compare = {
  title: 'Compare',
  emptyText: 'Choose two to six runs.',
};
