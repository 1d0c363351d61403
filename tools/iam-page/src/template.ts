/** A CloudFormation template as a person reads it: references by the names of what they mean. */

export interface Resource {
  Type: string;
  Properties?: Record<string, unknown>;
}

export interface Template {
  Description?: string;
  Parameters?: Record<string, { Type: string; Default?: string }>;
  Resources: Record<string, Resource>;
}

/** One stack: its name, and its template as it is committed. */
export interface StackTemplate {
  name: string;
  template: Template;
}

type Intrinsic = Record<string, unknown>;

/** Logical ids end in eight digits of a hash, which say nothing. */
export function describeLogicalId(id: string): string {
  return id.replace(/[0-9A-F]{8}$/, '').replace(/(Resource)$/, '');
}

/** Text with `<lake-bucket>` for a parameter of the base stack, `<Name>` or `<Name.Arn>` for a resource, and `<region>` for a pseudo parameter. */
export function flatten(value: unknown, template: Template): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const [[name, argument] = ['', undefined]] = Object.entries(value as Intrinsic);
  switch (name) {
    case 'Ref':
      return flattenReference(String(argument), template);
    case 'Fn::GetAtt':
      return flattenAttribute(argument as string[], template);
    case 'Fn::Join': {
      const [separator, parts] = argument as [string, unknown[]];
      return parts.map((part) => flatten(part, template)).join(separator);
    }
    case 'Fn::Sub':
      return String(argument).replace(/\$\{([^}]+)\}/g, (_match, reference: string) => flattenReference(reference, template));
    default:
      return JSON.stringify(value);
  }
}

function flattenReference(name: string, template: Template): string {
  if (name === 'AWS::Partition') return 'aws';
  if (name.startsWith('AWS::')) return `<${name.slice('AWS::'.length).toLowerCase()}>`;
  const parameter = template.Parameters?.[name]?.Default;
  if (parameter?.startsWith('/inlet/')) return `<${parameter.slice('/inlet/'.length)}>`;
  return flattenAttribute([name], template);
}

/** A function or a state machine by the name that it was given, anything else by its logical id. */
function flattenAttribute([id = '', attribute]: readonly string[], template: Template): string {
  const { Type: type, Properties: properties = {} } = template.Resources[id] ?? { Type: '' };
  const given = { 'AWS::Lambda::Function': properties['FunctionName'], 'AWS::StepFunctions::StateMachine': properties['StateMachineName'] }[type];
  const shown = typeof given === 'string' ? given : describeLogicalId(id);
  return attribute === undefined || attribute === 'Arn' ? `<${shown}>` : `<${shown}.${attribute}>`;
}
