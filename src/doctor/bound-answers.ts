// Answers within limits: each question once, few at a time, and none for ever, whoever answers.
import { HcsAbortError } from '../errors/errors.js';
import { messageOf } from '../errors/received.js';
import { addAbortListener, removeAbortListener } from '../host/waits/abort-signals.js';
import { longestTimeoutMs } from '../host/waits/deadlines.js';
import type { Answer, Answers } from './answer.js';
import { isAnswer, lacking } from './answer.js';

export interface Limits {
  /** Milliseconds from now on; what is not answered then is `hung`. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** Of the errors; default `doctor`. */
  readonly operation?: string;
}

/** As many questions are asked at once; one that takes long is counted no more, as it may hang. */
const most = 8;
const longMs = 100;

/** Answers that never reject but for the signal, with an {@link HcsAbortError}. */
export class BoundAnswers implements Answers {
  readonly #source: Answers;
  readonly #begun = performance.now();
  readonly #known = new Map<string, Promise<Answer>>();
  readonly #stop = new AbortController();
  readonly #aborted = new AbortController();
  readonly #over: Promise<'late'>;
  readonly #end: () => void;
  readonly #waiting: (() => void)[] = [];
  #asked = 0;

  constructor(source: Answers, { timeoutMs, signal, operation = 'doctor' }: Limits) {
    this.#source = source;
    const { promise, resolve, reject } = withResolvers<'late'>();
    promise.catch(() => undefined); // nobody may ask any more
    this.#over = promise;
    const late = (): void => {
      resolve('late');
      this.#stop.abort();
    };
    const listener = {
      abort: (): void => {
        const elapsedMs = Math.round(performance.now() - this.#begun);
        const error = new HcsAbortError({ operation, elapsedMs, cause: signal?.reason });
        reject(error);
        this.#aborted.abort(error);
        this.#stop.abort(error);
      },
    };
    const timer = timeoutMs <= longestTimeoutMs ? setTimeout(late, timeoutMs) : undefined;
    if (signal?.aborted === true) listener.abort();
    else if (signal !== undefined) addAbortListener(signal, listener);
    this.#end = () => {
      clearTimeout(timer);
      if (signal !== undefined) removeAbortListener(signal, listener);
      late();
    };
  }

  /** Fires with the signal of the caller; its reason is the error. */
  get signal(): AbortSignal {
    return this.#aborted.signal;
  }

  ask(question: string): Promise<Answer> {
    const known = this.#known.get(question);
    if (known !== undefined) return known;
    const answer = this.#ask(question);
    answer.catch(() => undefined); // whoever asked has it as well
    this.#known.set(question, answer);
    return answer;
  }

  /** No answer is waited for any more. */
  end(): void {
    this.#end();
  }

  async #ask(question: string): Promise<Answer> {
    const turn = this.#turn();
    const answer = await Promise.race([turn.then(() => this.#answer(question)), this.#over]);
    return answer === 'late' ? { hung: Math.round(performance.now() - this.#begun) } : answer;
  }

  async #turn(): Promise<void> {
    if (this.#asked < most) this.#asked++;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Whose turn is over gives it to the next. */
  #pass(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#asked--;
    else next();
  }

  async #answer(question: string): Promise<Answer> {
    let has = true;
    const pass = (): void => {
      if (has) this.#pass();
      has = false;
    };
    const timer = setTimeout(pass, longMs).unref();
    try {
      const answer: unknown = await this.#source.ask(question, this.#stop.signal);
      return isAnswer(answer) ? answer : lacking('ask() gave no answer');
    } catch (error) {
      return lacking(messageOf(error));
    } finally {
      clearTimeout(timer);
      pass();
    }
  }
}

function withResolvers<Value>(): {
  readonly promise: Promise<Value>;
  readonly resolve: (value: Value) => void;
  readonly reject: (reason: unknown) => void;
} {
  let [resolve, reject]: [(value: Value) => void, (reason: unknown) => void] = [() => undefined, () => undefined];
  const promise = new Promise<Value>((...settle) => ([resolve, reject] = settle));
  return { promise, resolve, reject };
}
