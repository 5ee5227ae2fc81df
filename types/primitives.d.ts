/**
 * What the values of documents are made of. JSON has one kind of number; the host has these.
 *
 * @module
 */

/** From 0 to 255. */
export type Uint8 = number;

/** From 0 to 65,535. */
export type Uint16 = number;

/** From 0 to 4,294,967,295. */
export type Uint32 = number;

/** From -2,147,483,648 to 2,147,483,647. */
export type Int32 = number;

/** From 0 to 2^64-1: a number while it is exact, which is up to 2^53-1, and a bigint beyond. Either is written as it is. */
export type Uint64 = number | bigint;

/** From -2^63 to 2^63-1: a number while it is exact, a bigint beyond. */
export type Int64 = number | bigint;

/** `12345678-9abc-def0-1234-56789abcdef0`, without braces. */
export type Guid = string;

/** `00-15-5D-01-02-03`. */
export type MacAddress = string;

/** A time as ISO 8601 has it, such as `2026-03-09T10:00:00.0000000Z`. */
export type DateTime = string;

/** Bytes in base64. */
export type Base64 = string;

/** Bytes in a form that the sources do not name. Pass on what the host gave. */
export type Binary = string;
