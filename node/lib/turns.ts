// Work on the event loop in small portions.

/** Milliseconds of work after which the other callbacks of the event loop get their turn. */
const PORTION = 1;

/** Gives the other callbacks of the event loop their turn. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Watches how long a piece of code has been at work without a pause. */
export class Portion {
  #end = performance.now() + PORTION;

  /** Whether it is time for a pause. */
  get over(): boolean {
    return performance.now() >= this.#end;
  }

  /** Makes the pause. */
  async pause(): Promise<void> {
    await turn();
    this.begin();
  }

  /** Begins anew, after a wait of another kind. */
  begin(): void {
    this.#end = performance.now() + PORTION;
  }
}
