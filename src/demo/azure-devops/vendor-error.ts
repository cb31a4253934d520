import type { HttpAnswer } from '../http/message.ts';

/** A refusal in the words of Azure DevOps; the site turns it into the vendor's envelope. */
export class VendorError extends Error {
  override name = 'VendorError';
  readonly status: number;
  readonly typeKey: string;
  readonly properties: Readonly<Record<string, unknown>> | null;

  constructor(status: number, typeKey: string, message: string, properties?: Readonly<Record<string, unknown>>) {
    super(message);
    this.status = status;
    this.typeKey = typeKey;
    this.properties = properties ?? null;
  }
}

const SERVER = 'Microsoft.TeamFoundation.WorkItemTracking.Server';

/** The vendor's error envelope, as recorded by Microsoft's own command-line client. */
export function errorAnswer(error: VendorError): HttpAnswer {
  return {
    status: error.status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    json: {
      $id: '1',
      ...(error.properties === null ? {} : { customProperties: error.properties }),
      innerException: null,
      message: error.message,
      typeName: `${SERVER}.${error.typeKey}, ${SERVER}`,
      typeKey: error.typeKey,
      errorCode: 0,
      eventId: 3200,
    },
  };
}

export function badRequest(message: string, typeKey = 'VssPropertyValidationException'): VendorError {
  return new VendorError(400, typeKey, message);
}

export function noSuchItem(id: number): VendorError {
  return new VendorError(
    404,
    'WorkItemUnauthorizedAccessException',
    `TF401232: Work item ${id} does not exist, or you do not have permissions to read it.`,
  );
}

export function noSuchField(name: string): VendorError {
  return new VendorError(
    400,
    'WorkItemTrackingFieldDefinitionNotFoundException',
    `TF51535: Cannot find field ${name}.`,
  );
}

export interface BrokenRule {
  readonly field: string;
  readonly fieldName: string;
  /** `Required, InvalidEmpty` */
  readonly flags: string;
}

/** TF401320, with the list of broken rules that the service hands over. */
export function brokenRules(rules: readonly BrokenRule[]): VendorError {
  const [first] = rules;
  const text = (rule: BrokenRule): string =>
    `TF401320: Rule Error for field ${rule.fieldName}. Error code: ${rule.flags}.`;
  const message = first === undefined ? 'TF401320: Rule Error.' : text(first);
  return new VendorError(400, 'RuleValidationException', message, {
    ErrorMessage: message,
    FieldStatusFlags: first?.flags ?? '',
    FieldReferenceName: first?.field ?? '',
    FieldStatusCode: 524289,
    RuleValidationErrors: rules.map(rule => ({
      fieldReferenceName: rule.field,
      fieldStatusFlags: rule.flags,
      errorMessage: text(rule),
      fieldStatusCode: 524289,
      ruleValidationErrors: null,
    })),
  });
}
