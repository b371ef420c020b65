/** Number schemas shared by the frames. */
import * as v from 'valibot';

/** A count or a time in ns: a whole number from 0 to 2^53 - 1 (104 days in ns). */
export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** A small index: CPU, process, slot. */
export const uint = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff_ffff));
