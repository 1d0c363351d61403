/** Takes resources of named types out of a CloudFormation template, and nothing else: what still needs one of them is an error, not a repair. */

export interface Template {
  Resources: Record<string, { Type: string; DependsOn?: string | string[]; [key: string]: unknown }>;
  Outputs?: Record<string, unknown>;
  [key: string]: unknown;
}

export interface Removal {
  template: Template;
  /** `<type> <logical id>`, in order. */
  removed: string[];
}

/** Throws RangeError, naming the place, when a resource that stays refers to one that goes. Orderings (DependsOn) and outputs of what goes go with it. */
export function removeResources(template: Template, types: readonly string[]): Removal {
  const gone = new Set(Object.entries(template.Resources).flatMap(([id, { Type }]) => (types.includes(Type) ? [id] : [])));
  const kept = Object.entries(template.Resources).filter(([id]) => !gone.has(id));
  const resources = Object.fromEntries(kept.map(([id, resource]) => [id, withoutOrdering(resource, gone)]));
  const outputs = Object.entries(template.Outputs ?? {}).filter(([, output]) => findReference(output, gone) === undefined);
  for (const [id, resource] of Object.entries(resources)) {
    const reference = findReference(resource, gone);
    if (reference !== undefined) throw new RangeError(`${id} (${resource.Type}) needs ${reference}, which is removed`);
  }
  return {
    template: { ...template, Resources: resources, ...(template.Outputs && { Outputs: Object.fromEntries(outputs) }) },
    removed: [...gone].map((id) => `${template.Resources[id]?.Type ?? ''} ${id}`).sort(),
  };
}

function withoutOrdering(resource: Template['Resources'][string], gone: ReadonlySet<string>): Template['Resources'][string] {
  const { DependsOn: ordering, ...rest } = resource;
  if (ordering === undefined) return resource;
  const before = [ordering].flat();
  const kept = before.filter((id) => !gone.has(id));
  if (kept.length === before.length) return resource;
  return kept.length > 0 ? { ...rest, Type: resource.Type, DependsOn: kept } : { ...rest, Type: resource.Type };
}

/** The first of the removed ids that a part of a template refers to, by Ref, Fn::GetAtt or Fn::Sub. */
function findReference(part: unknown, gone: ReadonlySet<string>): string | undefined {
  if (Array.isArray(part)) return firstOf(part, gone);
  if (typeof part !== 'object' || part === null) return undefined;
  const { Ref: ref, 'Fn::GetAtt': attribute, 'Fn::Sub': text } = part as Record<string, unknown>;
  const named = [ref, Array.isArray(attribute) ? attribute[0] : String(attribute).split('.')[0], ...listSubstitutions(text)];
  return named.find((id): id is string => typeof id === 'string' && gone.has(id)) ?? firstOf(Object.values(part), gone);
}

function firstOf(parts: readonly unknown[], gone: ReadonlySet<string>): string | undefined {
  for (const part of parts) {
    const found = findReference(part, gone);
    if (found !== undefined) return found;
  }
  return undefined;
}

function listSubstitutions(sub: unknown): string[] {
  const text = Array.isArray(sub) ? sub[0] : sub;
  return typeof text === 'string' ? [...text.matchAll(/\$\{([A-Za-z0-9]+)/g)].map(([, id]) => id ?? '') : [];
}
