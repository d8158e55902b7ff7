/** What each question about dead letters is kept under: one key per shape, or one page reads what another one kept. */

export const NEWEST = ["deadletters", "newest"] as const;
export const REFUSALS = ["deadletters", "refusals"] as const;
export const pagesOf = (reason: string | undefined) => ["deadletters", "pages", reason ?? ""] as const;
