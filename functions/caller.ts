import type { HttpRequest } from '@azure/functions';

const LONGEST_NAME = 200;

/**
 * The name of the user who is signed in, undefined where nobody is. App Service sets the header where its authentication ("Easy Auth") is
 * switched on, and then lets no caller set it. Source: learn.microsoft.com/azure/app-service/configure-authentication-user-identities
 */
export function signedInUser({ headers }: Pick<HttpRequest, 'headers'>): string | undefined {
  const name =
    headers
      .get('x-ms-client-principal-name')
      ?.replace(/\p{Cc}/gu, '')
      .trim() ?? '';
  return name === '' ? undefined : name.slice(0, LONGEST_NAME).toWellFormed();
}
