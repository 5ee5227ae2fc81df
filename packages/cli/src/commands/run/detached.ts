import { usageFailure } from '../../failure.js';

export function runDetached(): Promise<number> {
  throw usageFailure('-d is not there yet');
}
