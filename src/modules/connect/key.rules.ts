const dayMs = 86_400_000

/** A key signs for three months; its public half stays published for a month after, longer than anything it signed. */
export const rotationDue = (madeAt: Date, now: Date): boolean => now.getTime() - madeAt.getTime() > 90 * dayMs
export const publishedUntil = (endedAt: Date): Date => new Date(endedAt.getTime() + 30 * dayMs)
