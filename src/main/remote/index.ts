export { Receiver, type WriteOutcome } from './receiver.ts';
export { unpackSnappy, SnappyError } from './snappy.ts';
export { readWriteRequest, type WriteRequest, type WriteVersion } from './write-request.ts';
