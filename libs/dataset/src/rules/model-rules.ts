/** Rules on what a release publishes and what the gate demands of it: names that exist, and demands that do not contradict each other. */
import { type ConfigPath, quoteText } from '../config-problem';
import { suggestNearest } from '../nearest';
import { type ConfigRule, listNames, listRepeats, problemAt } from './rule';

export const modelNamesAreUnique: ConfigRule = ({ models }) =>
  listRepeats('a model name', (models ?? []).map((model, index) => ({ path: ['models', index, 'name'], name: model?.name })));

export const parentsAreTables: ConfigRule = ({ models, tables }) => {
  const names = (tables ?? []).flatMap((table) => table?.name ?? []);
  const checkName = (path: ConfigPath, name: string | undefined) =>
    name === undefined || tables === undefined || names.includes(name) ? [] : [problemAt(path, `the name of a table${suggestNearest(name, names)}`, quoteText(name))];
  return (models ?? []).flatMap((model, index) => [
    ...checkName(['models', index, 'parent'], model?.parent),
    ...checkName(['models', index, 'splits', 'table'], model?.splits?.table),
  ]);
};

/** One-to-one and one-to-many are proved in different ways. */
export const modelsHaveOneParent: ConfigRule = ({ models }) =>
  (models ?? []).flatMap((model, index) =>
    model?.parent !== undefined && model.splits !== undefined ? [problemAt(['models', index, 'splits'], 'either parent or splits', 'both')] : [],
  );

/** The condition becomes part of a statement; it must not end that statement or hide the rest of it. */
export const emptyRowsAreToldByACondition: ConfigRule = ({ models }) =>
  (models ?? []).flatMap((model, index) => {
    const condition = model?.splits?.empty;
    const isTerm = condition === undefined || (!/;|--|\/\*/.test(condition) && condition.trim() !== '');
    return isTerm ? [] : [problemAt(['models', index, 'splits', 'empty'], 'one SQL condition, such as "clean(pharm_classes) is null"', quoteText(condition))];
  });

export const listedColumnsAreUnique: ConfigRule = ({ models, data_quality }) => [
  ...listRepeats('a column', listNames(['data_quality', 'required_columns'], data_quality?.required_columns)),
  ...(models ?? []).flatMap((model, index) => [
    ...listRepeats('a key column', listNames(['models', index, 'key'], model?.key)),
    ...listRepeats('a column', listNames(['models', index, 'required_columns'], model?.required_columns)),
    ...listRepeats('a column', listNames(['models', index, 'pii'], model?.pii)),
  ]),
];

/** An ordering term becomes part of a statement; it must not end that statement or hide the rest of it. */
export const orderingsAreTerms: ConfigRule = ({ models }) =>
  (models ?? []).flatMap((model, index) =>
    listNames(['models', index, 'order_by'], model?.order_by).flatMap(({ path, name }) =>
      name !== undefined && (/;|--|\/\*/.test(name) || name.trim() === '') ? [problemAt(path, 'one SQL ordering term, such as "start_date desc nulls last"', quoteText(name))] : [],
    ),
  );

export const requiredColumnsAllowNoNulls: ConfigRule = ({ models, data_quality }) =>
  (models ?? []).flatMap((model, index) => {
    const required = new Set([...(data_quality?.required_columns ?? []), ...(model?.required_columns ?? []), ...(model?.key ?? [])]);
    return Object.entries(model?.null_thresholds ?? {}).flatMap(([column, threshold]) =>
      required.has(column) && threshold !== undefined && threshold > 0
        ? [problemAt(['models', index, 'null_thresholds', column], '0 or no threshold, since the column is a key or required', String(threshold))]
        : [],
    );
  });

const OWN_METHOD_OF = { text: 'redact', keep_first: 'partial', keep_last: 'partial' } as const;

export const maskSettingsFitTheirMethod: ConfigRule = (config) =>
  listMasks(config).flatMap(({ path, mask }) =>
    (Object.keys(OWN_METHOD_OF) as (keyof typeof OWN_METHOD_OF)[]).flatMap((setting) =>
      mask[setting] !== undefined && mask.method !== undefined && mask.method !== OWN_METHOD_OF[setting]
        ? [problemAt([...path, setting], `no such setting with the method ${quoteText(mask.method)}`, String(mask[setting]).slice(0, 60))]
        : [],
    ),
  );

/** Equal texts for different values would make one key of two. */
export const keysAreMaskedByHash: ConfigRule = (config) =>
  listMasks(config).flatMap(({ path, mask, isKey }) =>
    isKey && mask.method !== undefined && mask.method !== 'hash' ? [problemAt([...path, 'method'], '"hash", since the column is part of the key', quoteText(mask.method))] : [],
  );

function listMasks({ models }: Parameters<ConfigRule>[0]) {
  return (models ?? []).flatMap((model, index) =>
    Object.entries(model?.masks ?? {}).flatMap(([column, mask]) => (mask === undefined ? [] : [{ path: ['models', index, 'masks', column], mask, isKey: model?.key?.includes(column) ?? false }])),
  );
}

export const modelRules: readonly ConfigRule[] = [
  modelNamesAreUnique,
  parentsAreTables,
  modelsHaveOneParent,
  emptyRowsAreToldByACondition,
  listedColumnsAreUnique,
  orderingsAreTerms,
  requiredColumnsAllowNoNulls,
  maskSettingsFitTheirMethod,
  keysAreMaskedByHash,
];
