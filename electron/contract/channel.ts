/** One entry of the channel map: how its argument is checked, what it answers. */
import type * as v from 'valibot';

export interface Channel<Schema extends v.GenericSchema = v.GenericSchema, Answer = unknown> {
  readonly argument: Schema;
  /** Carries the type only. */
  readonly answer?: Answer;
}

export function channel<Answer>() {
  return <Schema extends v.GenericSchema>(argument: Schema): Channel<Schema, Answer> => ({ argument });
}
