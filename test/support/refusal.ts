/** What a helper says that does not begin a session. */
import { expect } from 'vitest';
import type { FrameOf, RunningHelper } from './helper.ts';

/** The one error of a helper that the system refuses something, with which it leaves with exit code 3. */
export async function refusal(refused: RunningHelper): Promise<FrameOf<'error'>> {
  const { code } = await refused.ended;
  expect(refused.strangers).toEqual([]);
  const [error, ...others] = refused.of('error');
  if (error === undefined)
    throw new Error(`no error: ${JSON.stringify(refused.frames.slice(-2))} ${refused.stderr}`);
  expect(others).toEqual([]);
  expect(code).toBe(3);
  return error;
}
