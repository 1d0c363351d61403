/** Rules on what a release publishes and what the gate demands of it: names that exist, and demands that do not contradict each other. */
import { quoteText } from '../config-problem';
import { suggestNearest } from '../nearest';
import { type ConfigRule, listNames, listRepeats, problemAt } from './rule';

export const modelNamesAreUnique: ConfigRule = ({ models }) =>
  listRepeats('a model name', (models ?? []).map((model, index) => ({ path: ['models', index, 'name'], name: model?.name })));

export const parentsAreTables: ConfigRule = ({ models, tables }) => {
  const names = (tables ?? []).flatMap((table) => table?.name ?? []);
  return (models ?? []).flatMap((model, index) => {
    const parent = model?.parent;
    if (parent === undefined || tables === undefined || names.includes(parent)) return [];
    return [problemAt(['models', index, 'parent'], `the name of a table${suggestNearest(parent, names)}`, quoteText(parent))];
  });
};

export const listedColumnsAreUnique: ConfigRule = ({ models, data_quality }) => [
  ...listRepeats('a column', listNames(['data_quality', 'required_columns'], data_quality?.required_columns)),
  ...(models ?? []).flatMap((model, index) => [
    ...listRepeats('a key column', listNames(['models', index, 'key'], model?.key)),
    ...listRepeats('a column', listNames(['models', index, 'required_columns'], model?.required_columns)),
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

export const modelRules: readonly ConfigRule[] = [modelNamesAreUnique, parentsAreTables, listedColumnsAreUnique, orderingsAreTerms, requiredColumnsAllowNoNulls];
