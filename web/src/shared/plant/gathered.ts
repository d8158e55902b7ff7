/** Single questions that come close together become few requests: a page of lines asks for each value by itself. */

interface Question<T> {
  resolve: (answer: T) => void;
  reject: (error: unknown) => void;
}

export class Gathered<T> {
  private readonly waiting = new Map<string, Question<T>[]>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `load` answers at most `atOnce` keys, each of them; it is called `waitMs` after the first question. */
  constructor(
    private readonly atOnce: number,
    private readonly waitMs: number,
    private readonly load: (keys: string[]) => Promise<ReadonlyMap<string, T>>,
  ) {}

  ask(key: string): Promise<T> {
    return new Promise((resolve, reject) => {
      this.waiting.set(key, [...(this.waiting.get(key) ?? []), { resolve, reject }]);
      this.timer ??= setTimeout(() => this.send(), this.waitMs);
    });
  }

  private send(): void {
    this.timer = undefined;
    const asked = [...this.waiting];
    this.waiting.clear();
    for (let i = 0; i < asked.length; i += this.atOnce) void this.answer(asked.slice(i, i + this.atOnce));
  }

  private async answer(asked: readonly (readonly [string, Question<T>[]])[]): Promise<void> {
    try {
      const found = await this.load(asked.map(([key]) => key));
      for (const [key, questions] of asked) {
        const answer = found.get(key);
        for (const { resolve, reject } of questions) {
          if (answer === undefined) reject(new Error(`Nothing was answered for ${key}`));
          else resolve(answer);
        }
      }
    } catch (error) {
      for (const [, questions] of asked) questions.forEach(({ reject }) => reject(error));
    }
  }
}
