/** Values of a column in words: the page's are those of the report. */
export { formatValue } from '#report/values';
