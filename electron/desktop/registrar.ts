/** The one place where calls of a page arrive: sender, then schema, then handler, then a tagged result. */
import type { IpcMain } from 'electron';
import { CALL_CHANNEL } from '#contract/bridge';
import type { Handlers } from '#contract/channels';
import { toAppError, type AppError, type Result } from '#contract/errors';
import { dispatch } from '#engine/dispatch';
import { isTrustedSender, type SenderFrame } from './rules.ts';

const NOT_ALLOWED: AppError = {
  code: 'not_allowed',
  message: 'a call came from a frame that is not the page of IPC Scope',
  remedy: 'Only the main frame of the app itself may call.',
};

/** Answers a call; never throws, so that no stack and no unforeseen object crosses to the page. */
export async function answerCall(
  frame: SenderFrame | null,
  handlers: Promise<Handlers>,
  name: unknown,
  argument: unknown,
): Promise<Result<unknown>> {
  if (!isTrustedSender(frame)) return { ok: false, error: NOT_ALLOWED };
  try {
    return await dispatch(await handlers, String(name), argument);
  } catch (thrown) {
    return { ok: false, error: toAppError(thrown) };
  }
}

export function registerCalls(ipcMain: IpcMain, handlers: Promise<Handlers>): void {
  ipcMain.handle(CALL_CHANNEL, (event, name: unknown, argument: unknown) =>
    answerCall(event.senderFrame, handlers, name, argument),
  );
}
