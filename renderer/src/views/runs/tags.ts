/** Tags as a person types them: separated by commas. */
import { LABEL_LIMITS } from '#contract/runs';

export const tagsText = (tags: readonly string[]): string => tags.join(', ');

export type Tags =
  { ok: true; tags: string[] } | { ok: false; tooMany: number } | { ok: false; tooLong: string };

/** Empty ones and repetitions are passed over. */
export function parseTags(text: string): Tags {
  const tags = [...new Set(text.split(',').map((tag) => tag.trim().replace(/\s+/g, ' ')))].filter(Boolean);
  const tooLong = tags.find((tag) => tag.length > LABEL_LIMITS.tag);
  if (tooLong !== undefined) return { ok: false, tooLong };
  return tags.length > LABEL_LIMITS.tags ? { ok: false, tooMany: tags.length } : { ok: true, tags };
}
