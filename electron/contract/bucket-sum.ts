/** The sum of many sparse histograms, dense while it grows: adding one costs no more than its own length. */
import { bucketIndex, HIGHEST_NS, type SparseBuckets } from './histogram.ts';

export class BucketSum {
  readonly #counts = new Float64Array(bucketIndex(HIGHEST_NS) + 1);

  /** An index beyond the histogram counts in its last bucket. */
  add(buckets: SparseBuckets): void {
    for (let i = 0; i + 1 < buckets.length; i += 2) {
      const index = Math.min(buckets[i] ?? 0, this.#counts.length - 1);
      this.#counts[index] = (this.#counts[index] ?? 0) + (buckets[i + 1] ?? 0);
    }
  }

  toSparse(): number[] {
    const sparse: number[] = [];
    this.#counts.forEach((count, index) => {
      if (count > 0) sparse.push(index, count);
    });
    return sparse;
  }
}
