/**
 * Ctrl+P Ctrl+Q: leaves a container that goes on, as people know it from Docker.
 *
 * @module
 */
const ctrlP = 0x10;
const ctrlQ = 0x11;

/** What of the keys goes to the guest: a Ctrl+P is held back until it is known what follows. */
export function detachKeys(leave: () => void): (typed: Buffer) => Buffer {
  let isHeld = false;
  return (typed) => {
    const passed: number[] = [];
    for (const byte of typed) {
      if (isHeld && byte === ctrlQ) {
        leave();
        return Buffer.from(passed);
      }
      if (isHeld) passed.push(ctrlP);
      isHeld = byte === ctrlP;
      if (!isHeld) passed.push(byte);
    }
    return Buffer.from(passed);
  };
}
