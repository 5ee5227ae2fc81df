/**
 * What the addon asks of Windows. The answers are JSON.
 *
 * @module
 */

export interface NativeInspector {
  /** Whether a thread asks it; `onAnswer(id, json)` comes when it is back, which may be never. Throws for what is no question. */
  ask(id: number, question: string): boolean;
  /** Whether the answers that are to come keep the event loop alive. */
  hold(alive: boolean): void;
}

export type MakeNativeInspector = new (onAnswer: (id: number, json: string) => void) => NativeInspector;
