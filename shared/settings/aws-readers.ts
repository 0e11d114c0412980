import { Expected, type Reader, reader } from './readers';

/** `ap-northeast-1`, `us-gov-west-1` and the like; new ones come without a new release. */
export const awsRegion: Reader<string> = reader((text) =>
  /^[a-z]{2,}(-[a-z]+)+-\d{1,2}$/.test(text) ? text : new Expected('expected a region such as ap-northeast-1'),
);

/** Source: DynamoDB developer guide, "Supported data types and naming rules". */
export const dynamoName: Reader<string> = reader((text) =>
  /^[A-Za-z0-9_.-]{3,255}$/.test(text)
    ? text
    : new Expected('expected 3 to 255 letters (A to Z), digits, "_", "-" and "."'),
);

/** A name or an ARN. Source: Secrets Manager API reference, CreateSecret. */
export const awsSecretName: Reader<string> = reader((text) =>
  /^(arn:[a-z-]+:secretsmanager:[A-Za-z0-9_+=,.@!:/-]+|[A-Za-z0-9/_+=.@!-]{1,512})$/.test(text)
    ? text
    : new Expected('expected the name or the ARN of a secret'),
);
