/**
 * Why a call is not made, on its way from where that is found to the answer.
 *
 * @module
 */

/** The statuses that the broker itself answers with. */
export const statuses = {
  accessDenied: 0x80070005,
  systemNotFound: 0x8037010e,
  invalidJson: 0x8037010d,
  quota: 0x80070718,
  handle: 0x80070006,
  pathNotFound: 0x80070003,
} as const;

/** Thrown inside a decision: the call is refused with this status and message. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;

  constructor(message: string, status: number = statuses.accessDenied) {
    super(message);
    this.status = status;
  }
}
