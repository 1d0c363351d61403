/** The config's schema in JSON Schema, so that editors complete keys, show what they mean and mark what is wrong. */
import { z } from 'zod';
import { DatasetConfigSchema } from '../config-schema';

/** A JSON Schema node, as far as the reference reads it. */
export interface SchemaNode {
  type?: string;
  description?: string;
  default?: unknown;
  enum?: readonly unknown[];
  const?: unknown;
  format?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  minLength?: number;
  maxLength?: number;
  properties?: Record<string, SchemaNode>;
  required?: readonly string[];
  items?: SchemaNode;
  additionalProperties?: SchemaNode | boolean;
  propertyNames?: SchemaNode;
}

/** JSON Schema (draft 7, which every editor knows) of a config as it is written: defaults may be left out. */
export function buildJsonSchema(): SchemaNode {
  const schema = z.toJSONSchema(DatasetConfigSchema, { io: 'input', target: 'draft-07', override: ({ jsonSchema }) => dropUnsafeBound(jsonSchema) });
  return {
    ...(schema as SchemaNode),
    ...{
      title: 'Dataset configuration',
      description: 'domains/<id>/config/dataset.json: what a dataset is, where it comes from, and what it must satisfy.',
      oneOf: [{ required: ['source_url'] }, { required: ['sources'] }],
      dependencies: { source_headers: ['source_url'] },
    },
  };
}

/** A whole number's technical bound of 2^53 says nothing about a key. */
function dropUnsafeBound(node: { maximum?: number | undefined }): void {
  if (node.maximum === Number.MAX_SAFE_INTEGER) delete node.maximum;
}
