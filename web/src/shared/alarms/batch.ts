/** What comes in bursts, handed on in batches: the newest of each key, a few times a second at most. */

export class Batch<T> {
  private readonly waiting = new Map<string, T>();
  private due: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly everyMs: number, private readonly tell: (items: T[]) => void) {}

  put(key: string, item: T): void {
    // Deleted first, so that the order is that of the newest news.
    this.waiting.delete(key);
    this.waiting.set(key, item);
    this.due ??= setTimeout(() => this.flush(), this.everyMs);
  }

  private flush(): void {
    this.due = undefined;
    const items = [...this.waiting.values()];
    this.waiting.clear();
    this.tell(items);
  }
}
