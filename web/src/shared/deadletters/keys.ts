/** What each question about dead letters is kept under: one key per shape, or one page reads what another one kept. */

/** Below which all of them lie. */
export const LETTERS = ["deadletters"] as const;
export const NEWEST = ["deadletters", "newest"] as const;
export const REFUSALS = ["deadletters", "refusals"] as const;
export const pagesOf = (filter: object) => ["deadletters", "pages", filter] as const;
export const oneOf = (id: string) => ["deadletters", "one", id] as const;
