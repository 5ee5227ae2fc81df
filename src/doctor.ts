/**
 * Whether a machine can do what it is wanted for, and why not: on this machine, or from the recording of another.
 *
 * @packageDocumentation
 */
export type { Answer, Answers, Json } from './doctor/answer.js';
export type { CheckedImage, CheckResult, Evidence, Goal, Outcome } from './doctor/check.js';
export { goals } from './doctor/check.js';
export type { ComparedHost, ComparedImage, ComparedIndex, ComparedPlatform } from './doctor/compared.js';
export type { Compatibility, CompatibilityOptions, FittingEntry } from './doctor/compatibility.js';
export { compatibility } from './doctor/compatibility.js';
export { doctor } from './doctor/doctor.js';
export type { Builds, KnownPair } from './doctor/known-pairs.js';
export { knownPairs } from './doctor/known-pairs.js';
export type { DoctorOptions, ExaminedMachine, RecordMachineOptions } from './doctor/options.js';
export { recordMachine } from './doctor/record.js';
export type { DoctorRecording, RecordedAnswers } from './doctor/recording.js';
export { replay } from './doctor/recording.js';
export { withoutNames } from './doctor/redact-answers.js';
export type { DoctorHost, DoctorReport, DoctorSummary } from './doctor/report.js';
export type { CompatibilityWarning, Rule, Verdict } from './doctor/version-rules.js';
