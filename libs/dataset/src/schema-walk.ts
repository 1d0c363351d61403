/** Walks the config's schema beside a value, so that rules, suggestions and the reference need no second description of it. */
import { z } from 'zod';
import type { ConfigPath } from './config-problem';

/** The parts of a value that its schema accepts, defaults applied. List entries keep their place, and are undefined where they are wrong. */
export type Draft<T> = T extends readonly (infer Entry)[] ? (Draft<Entry> | undefined)[] : T extends object ? { [Key in keyof T]?: Draft<T[Key]> } : T;

/** The schema inside `optional`, `default` and `prefault`. */
export function unwrapSchema(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) return unwrapSchema(schema.def.innerType);
  return schema;
}

/** Keeps what is valid and drops what is not, at every level. */
export function keepValid<Schema extends z.ZodType>(schema: Schema, value: unknown): Draft<z.output<Schema>> | undefined {
  return keepValidPart(schema, value) as Draft<z.output<Schema>> | undefined;
}

function keepValidPart(schema: z.core.$ZodType, value: unknown): unknown {
  if (value === undefined) return parsedOrNothing(schema, value);
  const inner = unwrapSchema(schema);
  if (inner instanceof z.ZodObject) {
    if (!isRecord(value)) return undefined;
    const shape: Record<string, z.core.$ZodType> = inner.shape;
    return Object.fromEntries(Object.entries(shape).map(([key, part]) => [key, keepValidPart(part, readOwn(value, key))]));
  }
  if (inner instanceof z.ZodArray) return Array.isArray(value) ? Array.from(value, (entry) => keepValidPart(inner.element, entry)) : undefined;
  if (inner instanceof z.ZodRecord) {
    if (!isRecord(value)) return undefined;
    const entries = Object.keys(value).map((key) => [key, parsedOrNothing(inner.valueType, readOwn(value, key))] as const);
    return Object.fromEntries(entries.filter(([, part]) => part !== undefined));
  }
  return parsedOrNothing(schema, value);
}

function parsedOrNothing(schema: z.core.$ZodType, value: unknown): unknown {
  const parsed = z.safeParse(schema, value);
  return parsed.success ? parsed.data : undefined;
}

/** The keys that the schema knows at a path; none where the path leads to no object. */
export function listKnownKeys(schema: z.core.$ZodType, path: ConfigPath): string[] {
  let current = unwrapSchema(schema);
  for (const step of path) {
    if (current instanceof z.ZodArray) current = unwrapSchema(current.element);
    else if (current instanceof z.ZodRecord) current = unwrapSchema(current.valueType);
    else if (current instanceof z.ZodObject && Object.hasOwn(current.shape, step)) current = unwrapSchema((current.shape as Record<string, z.core.$ZodType>)[step] as z.core.$ZodType);
    else return [];
  }
  return current instanceof z.ZodObject ? Object.keys(current.shape) : [];
}

/** The value at a path, by own properties only. */
export function readPath(value: unknown, path: ConfigPath): unknown {
  return path.reduce<unknown>((current, step) => (typeof current === 'object' && current !== null ? readOwn(current, step) : undefined), value);
}

function readOwn(value: object, key: string | number): unknown {
  return Object.hasOwn(value, key) ? (value as Record<string | number, unknown>)[key] : undefined;
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
