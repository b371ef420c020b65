/** A call of the channel map from the terminal: the same border, the answer or an exception. */
import type { Answer, Argument, ChannelName } from '#contract/channels';
import { AppException } from '#contract/errors';
import { dispatch } from '#engine/dispatch';
import type { Engine } from '#engine/engine';

export async function ask<Name extends ChannelName>(
  engine: Engine,
  name: Name,
  ...argument: undefined extends Argument<Name> ? [] : [Argument<Name>]
): Promise<Answer<Name>> {
  const result = await dispatch(engine.handlers, name, argument[0]);
  if (!result.ok) throw new AppException(result.error);
  // What a handler answers is checked by its type against the channel map.
  return result.value as Answer<Name>;
}
