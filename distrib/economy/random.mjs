// A small seeded generator (mulberry32). Only + - * / and square roots are used in the model, no exp or log: those may
// differ in the last bit from one engine to the next, and results must not.
export class Random {
  constructor(seed) {
    this.state = (seed * 2654435761) >>> 0
  }

  /** In [0, 1). */
  next() {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let t = this.state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }

  between(low, high) {
    return low + (high - low) * this.next()
  }

  below(count) {
    return Math.floor(this.next() * count)
  }

  /** Nearly normal, mean 0 and deviation 1: the sum of twelve. It ends at 6 deviations, so it has no fat tails. */
  normal() {
    let sum = -6
    for (let i = 0; i < 12; i++) sum += this.next()
    return sum
  }
}
