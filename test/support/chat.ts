/** The key of a message of one moment. @param at an ISO instant in UTC */
export function messageKeyAt(tenant: string, user: string, room: string, at: string, id: string): string {
  const iso = new Date(at).toISOString();
  const folder = iso.slice(0, 10).replaceAll('-', '/');
  return `${tenant}/chat/${user}/${room}/messages/${folder}/${iso.slice(11).replaceAll(':', '-')}-${id}.json`;
}

/** A plain message body. */
export function messageBody(id: string, at: string, content = `text of ${id}`): object {
  return { message_id: id, timestamp: at, role: 'user', content };
}
