/** Says which runs went to the trash because of the limits in the settings, and offers to take them back. */
import { formatBytes, formatCount } from '#contract/text/format';
import type { Host } from '../../host/host.ts';
import { language } from '../../text/language.svelte.ts';
import type { Toasts } from '../../toasts.svelte.ts';

export async function tellTidied(host: Host, toasts: Toasts, restored: () => void): Promise<void> {
  const answer = await host.call('runs.tidied');
  // Nothing is lost where it cannot be asked: whoever asks next is told.
  if (!answer.ok || answer.value.length === 0) return;
  const removed = answer.value;
  const { t, locale } = language;
  const bytes = removed.reduce((sum, { bytes_on_disk }) => sum + bytes_on_disk, 0);
  const restore = async (): Promise<void> => {
    for (const { id } of removed) {
      const back = await host.call('runs.restore', { id });
      if (back.ok) continue;
      toasts.complain(back.error);
      break;
    }
    restored();
  };
  toasts.show({
    text: t.recordings.removed(formatCount(removed.length, locale), formatBytes(bytes, locale)),
    tone: 'plain',
    stays: true,
    action: { label: t.actions.undo, run: () => void restore() },
  });
}
