/** What docs/reference holds of the config: the one list that the generator writes and the spec compares. */
import { buildJsonSchema } from './json-schema';
import { renderReference } from './markdown';

export function listReferenceFiles(): { name: string; text: string }[] {
  return [
    { name: 'dataset.schema.json', text: `${JSON.stringify(buildJsonSchema(), null, 2)}\n` },
    { name: 'dataset-config.md', text: renderReference() },
  ];
}
