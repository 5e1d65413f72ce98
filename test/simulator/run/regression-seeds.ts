/**
 * Seeds of schedules that found something once, with what it was: each run tries them first. They find the same
 * again only as long as what is drawn from a seed stays the same, so that none is taken out.
 */
export const regressionSeeds: ReadonlyArray<{ seed: number, found: string }> = [
  { seed: 39, found: 'a relay set a timer again when it was stopped while it swept' },
  { seed: 41_209, found: 'a checker demanded the last tick of a message whose sender was gone' },
  { seed: 701_465, found: 'a watcher took an envelope that a flipped bit had spoilt for the one that was left' },
  { seed: 700_492, found: 'people answered the copies of each other\'s messages for as long as a relay replayed them' },
  { seed: 28_403_172, found: 'the end of the world came while a dial over a slow way was still under way' },
  { seed: 777_228_549, found: 'a one-time invite that was added twice began a second session, which nobody could open' },
  { seed: 829_714_480, found: 'an invite was given up for good after one relay with a damaged disk, before the other relays had it' },
  { seed: 429_828, found: 'a watcher blamed a client for what a relay had given out once, on a stream that broke, and then deleted' }
]
