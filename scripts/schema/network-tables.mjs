// Writes what the validator of networks reads at run time: src/network/documents/tables.ts.

import { banner, typeTable } from './tables.mjs';

export function networkTableFile(hcn, hns, { features, schemaBuilds }) {
  const text = `${banner}
/** One line per type, as in src/documents/tables.ts; \`names\`, \`numbers\` and \`flags\` have their numbers, \`union\` its types. */
export const hcn: Readonly<Record<string, string>> = ${typeTable(hcn)};

export const hns: Readonly<Record<string, string>> = ${typeTable(hns)};

/** A type that has a member whose type follows from the value of another. */
export interface Settled {
  readonly by: string;
  readonly member: string;
  readonly types: Readonly<Record<string, string>>;
}

export const settled: Readonly<Record<string, Settled>> = ${JSON.stringify(settledTable(hcn))};

/** The schema that a build of Windows has. */
export const schemaBuilds: readonly (readonly [schema: string, build: number])[] = ${JSON.stringify(
    schemaBuilds.map(({ schema, build }) => [schema, build]),
  )};

/** What some versions of HNS have: from a version, to the end of a major one where that is given; and the values that need it. */
export interface Feature {
  readonly versions: readonly (readonly [from: string, major?: string])[];
  readonly uses?: readonly string[];
}

/** The name of a feature of HNS. */
export type FeatureName = ${features.map(({ feature }) => `'${feature}'`).join(' | ')};

export const features: Readonly<Record<FeatureName, Feature>> = ${JSON.stringify(
    Object.fromEntries(features.map(({ feature, versions, uses }) => [feature, { versions, uses }])),
  )};
`;
  return { path: 'src/network/documents/tables.ts', text };
}

function settledTable({ types }) {
  const rows = [...types.values()].flatMap(({ name, fields }) => {
    const member = fields.find(({ by }) => by);
    return member === undefined ? [] : [[name, { by: member.by, member: member.name, types: known(member.settings) }]];
  });
  return Object.fromEntries(rows);
}

function known(settings) {
  return Object.fromEntries(Object.entries(settings).filter(([, type]) => type !== 'any'));
}
