/** The reference page of the config: one table for each object of the schema, in the schema's order. */
import { buildJsonSchema, type SchemaNode } from './json-schema';

interface Section {
  /** `tables[].columns[]`; empty for the config itself. */
  path: string;
  node: SchemaNode;
}

const INTRODUCTION = `# Dataset configuration

<!-- Generated from libs/dataset/src/config-schema.ts by \`npx nx docs dataset\`. -->

A dataset is described by \`domains/<id>/config/dataset.json\`. The file is read strictly: an unknown key, a value of the wrong
type and keys that contradict each other are errors, and all of them are reported at once. Give the file
\`"$schema": "../../../docs/reference/dataset.schema.json"\` and an editor completes its keys.

Exactly one of \`source_url\` and \`sources\` is written. No secret belongs here: a URL that needs a key is given with \`--source\` at run time.
`;

/** The page, ending in a newline. */
export function renderReference(): string {
  const sections = listSections({ path: '', node: buildJsonSchema() });
  return [INTRODUCTION, ...sections.map(renderSection)].join('\n');
}

/** A node with keys of its own, and those within it. */
export function listSections(section: Section): Section[] {
  const inner = Object.entries(section.node.properties ?? {}).flatMap(([key, node]) => {
    const path = section.path === '' ? key : `${section.path}.${key}`;
    if (node.items?.properties) return listSections({ path: `${path}[]`, node: node.items });
    if (typeof node.additionalProperties === 'object' && node.additionalProperties.properties) return listSections({ path: `${path}.*`, node: node.additionalProperties });
    return node.properties ? listSections({ path, node }) : [];
  });
  return [section, ...inner];
}

function renderSection({ path, node }: Section): string {
  const heading = path === '' ? '## The file' : `## \`${path}\``;
  const rows = Object.entries(node.properties ?? {}).map(([key, part]) => {
    const required = node.required?.includes(key) ?? false;
    return `| \`${key}\` | ${describeType(part)} | ${required ? '**required**' : describeDefault(part)} | ${escapeCell(part.description ?? '')} |`;
  });
  return [heading, '', '| key | type | default | description |', '|---|---|---|---|', ...rows, ''].join('\n');
}

function describeType(node: SchemaNode): string {
  if (node.enum) return node.enum.map((value) => code(value)).join(', ');
  if (node.items) return `list of ${node.items.properties ? 'objects' : describePlural(node.items)}${node.minItems ? `, at least ${node.minItems}` : ''}`;
  if (typeof node.additionalProperties === 'object') return `object of ${describePlural(node.additionalProperties)}`;
  if (node.type === 'string') return describeText(node);
  if (node.type === 'integer' || node.type === 'number') return `${node.type === 'integer' ? 'whole number' : 'number'}${describeRange(node)}`;
  return node.type === 'boolean' ? 'true or false' : (node.type ?? '');
}

function describeText({ format, maxLength, pattern }: SchemaNode): string {
  if (format === 'uri') return 'URL';
  if (maxLength === 1) return 'one character';
  return pattern === undefined ? 'text' : `text like \`${escapeCell(pattern)}\``;
}

function describePlural(node: SchemaNode): string {
  if (node.properties) return 'objects';
  return node.type === 'string' ? 'texts' : `numbers${describeRange(node)}`;
}

function describeRange({ minimum, maximum }: SchemaNode): string {
  if (minimum !== undefined && maximum !== undefined) return ` ${minimum} to ${maximum}`;
  if (minimum !== undefined) return ` from ${minimum}`;
  return maximum !== undefined ? ` to ${maximum}` : '';
}

/** An object whose keys all have defaults says so in its own section. */
function describeDefault(node: SchemaNode): string {
  if (node.default === undefined) return '–';
  return node.properties ? 'see below' : code(node.default);
}

function code(value: unknown): string {
  return `\`${escapeCell(JSON.stringify(value))}\``;
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|');
}
