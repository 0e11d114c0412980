import type { HttpRequest } from '@azure/functions';
import { InputError } from '../shared/errors';

/** What a request holds as JSON; an empty object where it holds nothing. @throws InputError where it is none */
export async function jsonBody(request: HttpRequest): Promise<unknown> {
  const text = await request.text();
  try {
    return text.trim() === '' ? {} : JSON.parse(text);
  } catch {
    // What the parser says quotes the body; where it is wrong the sender sees by themselves.
    throw new InputError({ body: 'expected a JSON object' });
  }
}
