// What a report says of the machine itself, from the answers that its checks have.
import type { Answer, Answers, Json } from './answer.js';
import { platformName, windowsName } from './windows-names.js';
import { host, notSupported, registryValue, system, token } from './questions.js';
import type { DoctorRecording } from './recording.js';
import type { DoctorHost } from './report.js';
import type { Shape } from './shapes.js';
import { isHost, isRegistry, isSystem, isToken } from './shapes.js';

export const currentVersion = 'SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion';
export const bios = 'HARDWARE\\DESCRIPTION\\System\\BIOS';
export const revision = registryValue(currentVersion, 'UBR');
export const edition = registryValue(currentVersion, 'EditionID');
export const installation = registryValue(currentVersion, 'InstallationType');
export const manufacturer = registryValue(bios, 'SystemManufacturer');
export const product = registryValue(bios, 'SystemProductName');

const valueIn = <Value>(answer: Answer, isValue: Shape<Value>): Value | null => {
  const value: Json | undefined = 'value' in answer ? answer.value : undefined;
  return isValue(value) ? value : null;
};

/** Asked beside the checks, which ask most of it too. */
export async function describeHost(
  answers: Answers,
  signal: AbortSignal,
  recording: DoctorRecording | undefined,
): Promise<DoctorHost> {
  const ask = (question: string): Promise<Answer> => answers.ask(question, signal);
  const all = [system, revision, edition, manufacturer, product, token, host].map(ask);
  const [is, ubr, editionId, maker, model, whose, kind] = (await Promise.all(all)) as [Answer, ...Answer[]];
  const windows = valueIn(is, isSystem);
  const registry = (answer: Answer | undefined): Json => valueIn(answer!, isRegistry)?.value ?? null;
  const text = (answer: Answer | undefined): string | null => {
    const value = registry(answer);
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
  };
  const number = registry(ubr);
  const editionName = text(editionId);
  const machine = [text(maker), text(model)].filter((part) => part !== null).join(' ');
  return {
    system: windows === null ? unnamed(is) : windowsName(windows.build, windows.productType !== 1, editionName),
    build: windows?.build ?? null,
    revision: typeof number === 'number' ? number : null,
    edition: editionName,
    arch: windows?.architecture ?? null,
    elevated: valueIn(whose!, isToken)?.elevated ?? null,
    machine: machine === '' ? null : machine,
    simulated: valueIn(kind!, isHost)?.kind === 'simulated',
    recorded: recording?.made ?? null,
  };
}

function unnamed(answer: Answer): string {
  return 'error' in answer && answer.error === notSupported ? platformName(answer.call) : 'unknown';
}
